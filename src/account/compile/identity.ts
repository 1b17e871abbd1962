import type { Memory, ResourceMemory } from '../memory.ts';

interface Claimant {
  readonly key: string;
  readonly deleting: boolean;
  readonly memory: ResourceMemory;
}

/**
 * One object of the phone system belongs to one resource: whoever was bound to it before, then the first by name.
 * An id comes from memory or from an annotation that anybody may write, so that several can name the same.
 *
 * @param items in the order of their names
 * @param idOf the id, or another name that is unique in the account, by which an item claims its object
 * @returns for each that comes too late, by its key, the resource that has the object
 */
export function lateClaims<T extends Claimant>(
  items: readonly T[],
  idOf: (item: T) => string | undefined,
): ReadonlyMap<string, T> {
  const holders = new Map<string, T>();
  const late = new Map<string, T>();
  for (const item of items.toSorted((a, b) => rank(a) - rank(b))) {
    const id = idOf(item);
    if (id === undefined) continue;
    const holder = holders.get(id);
    if (holder) late.set(item.key, holder);
    else holders.set(id, item);
  }
  return late;
}

/** Who was bound before comes first, and who goes comes after who stays: what a renamed resource has is not taken away. */
function rank({ deleting, memory }: Claimant): number {
  return (memory.externalId === undefined ? 2 : 0) + (deleting ? 1 : 0);
}

/** Who is bound to what, as `UserProfile jane` by `UserProfile <id>`: ids are those of one kind. */
export function holders(memory: Memory): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, { externalId }] of memory) {
    if (externalId === undefined) continue;
    const [kind, , name] = key.split('/');
    found.set(`${kind} ${externalId}`, `${kind} ${name}`);
  }
  return found;
}

/**
 * Why what another resource is bound to is not taken over, and the way out.
 *
 * @param what `the user of this name (id …)`
 * @param apart how this resource gets one of its own
 */
export function heldBy(holder: string, what: string, apart: string): string {
  return `${what} belongs to ${holder}; ${apart}, or delete this resource`;
}

/** How an object comes from one resource to another and stays what it is. */
export function howToMove(holder: string): string {
  return `. To have it here, delete ${holder} with deletionPolicy: Orphan, and set adoptionPolicy: IfUnclaimed here`;
}
