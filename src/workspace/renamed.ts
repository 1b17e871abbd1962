import { externalIdAnnotation } from '../resources/annotations.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';

type Resources = ReadonlyMap<string, AccountResource>;
/** What a resource is known again by; undefined: it is not. */
type Mark = (resource: AccountResource) => string | undefined;

/**
 * Which resources of the files are ones of the lock under another name. In a cluster another name is another resource,
 * and who goes is taken away first; files say both at once, and nothing of it is meant to be taken away. A resource is
 * known again by the object that it names (`dialops.dev/external-id`) or, where it names none, by what it declares: a
 * profile by its login, an extension by its number and whose it is. A grant is not: it gives what it says to whom it says,
 * whatever it is called.
 *
 * @param come what the files hold and the lock does not know, by key
 * @param gone what the lock knows and the files do not hold, by key
 * @returns the key in the lock by that in the files; where it is not clear which is which, none
 */
export function renamedAmong(come: Resources, gone: Resources): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const newKeys = new Map<string, string>();
  const pair = (before: Mark, now: Mark) => {
    const old = Map.groupBy(gone, ([key, resource]) => (newKeys.has(key) ? undefined : before(resource)));
    const young = Map.groupBy(come, ([key, resource]) => (renamed.has(key) ? undefined : now(resource)));
    for (const [mark, [[oldKey] = [undefined], ...otherOld]] of old) {
      const [[key] = [undefined], ...others] = (mark !== undefined && young.get(mark)) || [];
      if (oldKey === undefined || key === undefined || otherOld.length + others.length > 0) continue;
      renamed.set(key, oldKey);
      newKeys.set(oldKey, key);
    }
  };
  pair((resource) => objectOf(resource, resource.status?.externalId), objectNamed);
  pair(login, (resource) => (objectNamed(resource) === undefined ? login(resource) : undefined));
  const line = (resource: AccountResource) => lineOf(resource, (owner) => newKeys.get(owner) ?? owner);
  pair(line, (resource) => (objectNamed(resource) === undefined ? line(resource) : undefined));
  return renamed;
}

function objectNamed(resource: AccountResource): string | undefined {
  return objectOf(resource, resource.metadata.annotations?.[externalIdAnnotation]);
}

function objectOf(resource: AccountResource, id: string | undefined): string | undefined {
  if (id === undefined || resource.kind === 'PrivilegeGrant') return undefined;
  return `${resource.kind} ${referenceTo(resource).namespace} ${id}`;
}

function login(resource: AccountResource): string | undefined {
  if (resource.kind !== 'UserProfile') return undefined;
  const { email, userName = email } = resource.spec;
  return `${referenceTo(resource).namespace} ${userName.toLowerCase()}`;
}

/** @param nowOf the key that a profile has now */
function lineOf(resource: AccountResource, nowOf: (owner: string) => string): string | undefined {
  if (resource.kind !== 'Extension') return undefined;
  const { namespace } = referenceTo(resource);
  const { number, site, userProfileRef } = resource.spec;
  const owner =
    userProfileRef && nowOf(resourceKey({ kind: 'UserProfile', namespace, name: userProfileRef.name }));
  return JSON.stringify([namespace, number, owner ?? site ?? null]);
}
