import type { ResourceRef } from '../../resources/reference.ts';
import { resourceKey } from '../../resources/reference.ts';
import type { Lock } from '../lock-file.ts';

/**
 * The lock after values were taken over: of these resources, what the account now has is what was last applied. Of
 * the others nothing is known that was not before.
 */
export function acceptedLock(before: Lock, seen: Lock, accepted: readonly ResourceRef[]): Lock {
  const resources = new Map(before.resources);
  for (const ref of accepted) {
    const key = resourceKey(ref);
    const resource = seen.resources.get(key);
    if (resource) resources.set(key, resource);
  }
  return { ...before, resources };
}
