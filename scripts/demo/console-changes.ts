import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import type { DemoPhoneSystem } from './phone-system.ts';
import type { ResourceShown } from './resources.ts';

/** A resource, and the object of the phone system that it is about. */
export type Bound = Pick<ResourceShown, 'kind' | 'name' | 'externalId'>;

/** What somebody does in the web console, behind the YAML. */
export interface ConsoleChange {
  readonly what: string;
  readonly kind: string;
  readonly name: string;
  /** Login of the person who does it. */
  readonly actor: string;
  /** Where the object is in the API. */
  readonly collection: string;
  /** The change as a JSON merge patch of the object as it is. */
  readonly merge: (body: JsonObject) => JsonObject;
  /** The value in question, for people. */
  readonly show: (body: JsonObject) => string;
}

/** A privilege of `accounting`, as examples/acme/administrators.yaml declares it. */
const taken = { section: 'Billing', privilege: 'UpdateCards' };

/** Three resources of examples/acme that get changed. */
export const consoleChanges: readonly ConsoleChange[] = [
  {
    what: 'caller ID',
    kind: 'Extension',
    name: 'warehouse',
    actor: 'sam.hollis@example.com',
    collection: 'extensions',
    merge: () => ({ externalCallerIdName: 'Bargain Basement' }),
    show: (body) => text(body.externalCallerIdName),
  },
  {
    what: 'job title',
    kind: 'UserProfile',
    name: 'tom-beckett',
    actor: 'eve.lindqvist@example.com',
    collection: 'users',
    merge: () => ({ directoryInfo: { jobTitle: 'Emperor' } }),
    show: (body) => (isJsonObject(body.directoryInfo) ? text(body.directoryInfo.jobTitle) : ''),
  },
  {
    what: 'privilege',
    kind: 'PrivilegeGrant',
    name: 'accounting',
    actor: 'owner@example.com',
    collection: 'administrators',
    merge: ({ scopes = [] }) => ({ scopes: mapSections(scopes, withoutTaken) }),
    show: ({ scopes = [] }) => sectionsOf(scopes).map(sectionText).join(', '),
  },
];

/** Makes the change. @throws Error when the resource has no object in the phone system */
export async function makeChange(
  change: ConsoleChange,
  phones: DemoPhoneSystem,
  resources: readonly Bound[],
): Promise<{ readonly before: string; readonly after: string }> {
  const id = externalIdOf(change, resources);
  const body = await phones.read(change.collection, id);
  await phones.change(change.actor, `/${change.collection}/${id}`, change.merge(body));
  return { before: change.show(body), after: change.show(await phones.read(change.collection, id)) };
}

/** The value as it is in the phone system now. */
export async function readValue(
  change: ConsoleChange,
  phones: DemoPhoneSystem,
  resources: readonly Bound[],
): Promise<string> {
  return change.show(await phones.read(change.collection, externalIdOf(change, resources)));
}

function externalIdOf({ kind, name }: ConsoleChange, resources: readonly Bound[]): string {
  const found = resources.find((resource) => resource.kind === kind && resource.name === name);
  if (found?.externalId === undefined) throw new Error(`${kind}/${name} has no status.externalId`);
  return found.externalId;
}

function mapSections(scopes: Json, map: (section: JsonObject) => JsonObject): Json {
  return rows(scopes).map((scope) => ({ ...scope, sections: rows(scope.sections).map(map) }));
}

function withoutTaken(section: JsonObject): JsonObject {
  if (section.name !== taken.section || !isJsonArray(section.privileges)) return section;
  return { ...section, privileges: section.privileges.filter((name) => name !== taken.privilege) };
}

function sectionsOf(scopes: Json): readonly JsonObject[] {
  return rows(scopes).flatMap((scope) => rows(scope.sections));
}

function sectionText({ name, privileges }: JsonObject): string {
  return `${text(name)}: ${isJsonArray(privileges) ? privileges.join(' + ') : ''}`;
}

function rows(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
