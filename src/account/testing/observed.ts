import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { AccountView } from '../account-view.ts';
import {
  type Collection,
  type ObjectType,
  type ObservedAccount,
  type ObservedObject,
  objectTypes,
  type PrivilegeSection,
} from '../objects.ts';

export const siteRow = { id: 'site-1', name: 'Springfield HQ', pbxName: 'acme01' };
export const otherSiteRow = { id: 'site-2', name: 'Shelbyville', pbxName: 'acme01' };

/**
 * How much a list shows. `complete`: rows with every member; `sparse`: rows of users with their `basicInfo` ids
 * alone; `single`: as if each object had been read by itself.
 */
export type Rows = 'complete' | 'sparse' | 'single';

/** Bodies by type, or `unknown` for a collection that could not be read. What is not named is unsupported. */
export type Bodies = { readonly [type in ObjectType]?: readonly JsonObject[] | 'unknown' };

interface Extras {
  readonly rows?: Rows;
  readonly gone?: readonly string[];
  readonly privilegeTree?: readonly PrivilegeSection[];
  /** When everything was read, in milliseconds. */
  readonly readAt?: number;
}

/** An account that has the site of `siteRow` and these objects. */
export function observedAccount(bodies: Bodies, extras: Extras = {}): ObservedAccount {
  const known: Bodies = { site: [siteRow, otherSiteRow], ...bodies };
  const states = Object.fromEntries(
    objectTypes.map((type) => [type, collection(type, known[type], extras)] as const),
  );
  return {
    collections: { ...new AccountView().collections, ...states },
    gone: new Map(extras.gone?.map((key) => [key, 0])),
    ...(extras.privilegeTree ? { privilegeTree: extras.privilegeTree } : {}),
  };
}

function collection(type: ObjectType, bodies: Bodies[ObjectType], extras: Extras): Collection {
  if (bodies === undefined) return { state: 'unsupported', reason: `no ${type} in this test` };
  if (bodies === 'unknown') return { state: 'unknown', reason: `${type} could not be read` };
  const readAt = extras.readAt ?? 1;
  const objects = bodies.map((body) => observed(type, body, extras.rows ?? 'complete', readAt));
  return { state: 'read', objects: new Map(objects.map((object) => [object.id, object])), readAt };
}

/** One object as a list or a single read showed it. */
export function observed(type: ObjectType, body: JsonObject, rows: Rows, readAt = 1): ObservedObject {
  const shown = rows === 'sparse' && type === 'user' ? sparse(body) : body;
  return { type, id: idOf(body), body: shown, source: rows === 'single' ? 'single' : 'row', readAt };
}

function sparse(user: JsonObject): JsonObject {
  const basic = basicOf(user);
  return { basicInfo: { userId: basic.userId ?? null, userName: basic.userName ?? null } };
}

function basicOf(user: JsonObject): JsonObject {
  return isJsonObject(user.basicInfo) ? user.basicInfo : {};
}

function idOf(body: JsonObject): string {
  return String(basicOf(body).userId ?? body.id ?? body.phoneNumber ?? body.userId);
}

/** A user of `siteRow` with all that `profile(name)` declares. */
export function userBody(
  name: string,
  { basicInfo, ...parts }: { readonly [part: string]: JsonObject } = {},
): JsonObject {
  return {
    basicInfo: {
      userId: `id-${name}`,
      userName: `${name}@example.com`,
      firstName: 'Jane',
      lastName: 'Example',
      primaryEmail: `${name}@example.com`,
      site: { id: siteRow.id },
      ...basicInfo,
    },
    ...parts,
  };
}
