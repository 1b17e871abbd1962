import type { Json, JsonObject } from '../../foundation/json.ts';
import { AccountView } from '../account-view.ts';
import {
  type Collection,
  type ObjectType,
  type ObservedAccount,
  type ObservedObject,
  objectTypes,
  type PrivilegeSection,
} from '../objects.ts';

export interface Seen {
  readonly users?: readonly JsonObject[];
  readonly extensions?: readonly JsonObject[];
  readonly extensionSettings?: readonly JsonObject[];
  readonly profileSettings?: readonly JsonObject[];
  /** Numbers of the inventory with their status. */
  readonly phoneNumbers?: Readonly<Record<string, 'AVAILABLE' | 'ASSIGNED' | 'PRE_PORTING' | 'PORTING'>>;
  readonly administrators?: readonly JsonObject[];
  readonly portingOrders?: readonly JsonObject[];
  readonly invitations?: readonly JsonObject[];
  readonly licenses?: readonly JsonObject[];
  readonly userGroups?: readonly JsonObject[];
  readonly profilePolicies?: readonly JsonObject[];
  readonly privilegeTree?: readonly PrivilegeSection[];
  /** Collections that the endpoint does not have. */
  readonly unsupported?: readonly ObjectType[];
  /** Collections that could not be read. */
  readonly unknown?: readonly ObjectType[];
  /** `type/id` of objects that answered 404. */
  readonly gone?: readonly string[];
  /** `single` unless told otherwise: what is absent is then not set. */
  readonly source?: ObservedObject['source'];
}

const sites: readonly JsonObject[] = [
  { id: 'site-hq', name: 'HQ', pbxName: 'acme01' },
  { id: 'site-lab', name: 'Lab', pbxName: 'acme01' },
];

/** An account of two sites, HQ and Lab, that holds what is given and otherwise nothing. */
export function account(seen: Seen = {}): ObservedAccount {
  const read: Partial<Record<ObjectType, readonly (readonly [string, JsonObject])[]>> = {
    site: sites.map((body) => [String(body.id), body]),
    user: (seen.users ?? []).map((body) => [userId(body), body]),
    extension: withId(seen.extensions, 'id'),
    extensionSettings: withId(seen.extensionSettings, 'extensionId'),
    profileSettings: withId(seen.profileSettings, 'userId'),
    phoneNumber: Object.entries(seen.phoneNumbers ?? {}).map(([number, status]) => [
      number,
      { phoneNumber: number, status },
    ]),
    administrator: withId(seen.administrators, 'userId'),
    portingOrder: withId(seen.portingOrders, 'id'),
    invitation: withId(seen.invitations, 'id'),
    license: withId(seen.licenses, 'id'),
    userGroup: withId(seen.userGroups, 'id'),
    profilePolicy: withId(seen.profilePolicies, 'id'),
    ringGroup: [],
    address: [],
  };
  const collections: Record<ObjectType, Collection> = { ...new AccountView().collections };
  for (const type of objectTypes) {
    collections[type] = seen.unsupported?.includes(type)
      ? { state: 'unsupported', reason: 'the endpoint does not offer it' }
      : seen.unknown?.includes(type)
        ? { state: 'unknown', reason: 'the endpoint answers with 503' }
        : { state: 'read', readAt: 1, objects: objects(type, read[type] ?? [], seen.source ?? 'single') };
  }
  return {
    collections,
    gone: new Set(seen.gone),
    ...(seen.privilegeTree ? { privilegeTree: seen.privilegeTree } : {}),
  };
}

function objects(
  type: ObjectType,
  bodies: readonly (readonly [string, JsonObject])[],
  source: ObservedObject['source'],
): ReadonlyMap<string, ObservedObject> {
  return new Map(bodies.map(([id, body]) => [id, { type, id, body, source, readAt: 1 }]));
}

function withId(bodies: readonly JsonObject[] | undefined, member: string) {
  return (bodies ?? []).map((body) => [String(body[member]), body] as const);
}

function userId(body: JsonObject): string {
  const basic = body.basicInfo;
  return typeof basic === 'object' && basic !== null && 'userId' in basic ? String(basic.userId) : '';
}

interface Person {
  readonly basicInfo?: JsonObject;
  readonly directoryInfo?: JsonObject;
  readonly assignmentInfo?: JsonObject;
  readonly extensions?: readonly Json[];
  readonly licenses?: readonly Json[];
}

/** The user that `profile(name)` declares, with the id `user-<name>`. */
export function user(name: string, person: Person = {}): JsonObject {
  return {
    basicInfo: {
      userId: `user-${name}`,
      userName: `${name}@example.com`,
      firstName: 'Jane',
      lastName: 'Example',
      primaryEmail: `${name}@example.com`,
      site: { id: 'site-hq', name: 'HQ', pbxName: 'acme01' },
      status: 'ACTIVE',
      ...person.basicInfo,
    },
    directoryInfo: { ...person.directoryInfo },
    assignmentInfo: { ...person.assignmentInfo },
    serviceInfo: { licenses: person.licenses ?? [], extensions: person.extensions ?? [] },
  };
}

/** An extension inside its user, with the id `ext-<number>`. */
export function line(number: string, more: JsonObject = {}): JsonObject {
  return {
    id: `ext-${number}`,
    extensionNumber: number,
    extensionType: 'UC',
    phoneNumbers: [],
    devices: [],
    ...more,
  };
}

/** An extension of nobody, at the site HQ, with the id `ext-<number>`. */
export function sharedLine(number: string, more: JsonObject = {}): JsonObject {
  return { ...line(number), site: { id: 'site-hq', name: 'HQ' }, userId: null, ...more };
}

export function phone(number: string): JsonObject {
  return { phoneNumber: number };
}
