import { externalIdAnnotation } from '../resources/annotations.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';

/**
 * Which resources of the files are ones of the lock under another name: those that name the object, by
 * `dialops.dev/external-id`, of one that the files no longer hold. In a cluster a new name is a new resource, and who goes
 * is taken away first; files say both at once, and nothing of it is meant to be taken away.
 *
 * @param gone what the lock knows and the files do not hold, by key
 * @returns the key in the lock by that in the files; where it is not clear which is which, none
 */
export function renamedAmong(
  resources: readonly AccountResource[],
  locked: ReadonlyMap<string, AccountResource>,
  gone: ReadonlyMap<string, AccountResource>,
): ReadonlyMap<string, string> {
  const before = Map.groupBy(gone, ([, resource]) => objectOf(resource, resource.status?.externalId));
  const now = Map.groupBy(resources, (resource) =>
    objectOf(resource, resource.metadata.annotations?.[externalIdAnnotation]),
  );
  const renamed = new Map<string, string>();
  for (const [object, [old, ...otherOld]] of before) {
    const [resource, ...others] = object === undefined ? [] : (now.get(object) ?? []);
    if (!old || !resource || otherOld.length + others.length > 0) continue;
    const key = resourceKey(referenceTo(resource));
    if (!locked.has(key)) renamed.set(key, old[0]);
  }
  return renamed;
}

/** A grant is for a person, whom it names itself: whether another one is for the same tells nothing of what either gave. */
function objectOf(resource: AccountResource, id: string | undefined): string | undefined {
  return id === undefined || resource.kind === 'PrivilegeGrant'
    ? undefined
    : `${resource.kind} ${referenceTo(resource).namespace} ${id}`;
}
