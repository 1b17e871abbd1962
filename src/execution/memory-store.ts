import { type Memory, noMemory, type PendingWrite, type ResourceMemory } from '../account/memory.ts';
import { type ObjectType, objectTypes } from '../account/objects.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';

/** What a status holds of memory. */
type StoredMemory = NonNullable<NonNullable<AccountResource['status']>['memory']>;

/**
 * The memory of one account, rebuilt from statuses and kept ahead of them: a status is written after the fact,
 * and a decision must not rest on one that is a moment old.
 */
export class MemoryStore {
  readonly #entries = new Map<string, { uid: string | undefined; memory: ResourceMemory }>();

  /** Takes over a resource's status the first time that this very resource (by uid) is seen. */
  learn(resource: AccountResource): void {
    const ref = referenceTo(resource);
    const key = resourceKey(ref);
    const known = this.#entries.get(key);
    if (known && known.uid === ref.uid) return;
    this.#entries.set(key, { uid: ref.uid, memory: memoryOf(resource) });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  get(key: string): ResourceMemory {
    return this.#entries.get(key)?.memory ?? noMemory;
  }

  /** @param uid where given, a namesake made anew is left alone: what is told is not about it */
  update(key: string, change: (memory: ResourceMemory) => ResourceMemory, uid?: string): void {
    const entry = this.#entries.get(key);
    if (!entry || (uid !== undefined && entry.uid !== uid)) return;
    this.#entries.set(key, { uid: entry.uid, memory: change(entry.memory) });
  }

  snapshot(): Memory {
    return new Map([...this.#entries].map(([key, { memory }]) => [key, memory]));
  }
}

function memoryOf(resource: AccountResource): ResourceMemory {
  const stored: StoredMemory | undefined = resource.status?.memory;
  const externalId = resource.status?.externalId;
  const pending = pendingOf(stored);
  return {
    ...(externalId === undefined ? {} : { externalId }),
    applied: stored?.applied ?? {},
    handled: stored?.handled ?? {},
    ...(pending ? { pending } : {}),
  };
}

function pendingOf(stored: StoredMemory | undefined): PendingWrite | undefined {
  const pending = stored?.pending;
  if (!pending || !isObjectType(pending.objectType)) return undefined;
  return { ...pending, objectType: pending.objectType };
}

function isObjectType(text: string): text is ObjectType {
  return objectTypes.some((type) => type === text);
}

/** Without a pending write. */
export function settledMemory(memory: ResourceMemory): ResourceMemory {
  const { former: _former, pending: _pending, reserved: _reserved, unclear: _unclear, ...rest } = memory;
  return rest;
}

/** Whose creation gives a resource its identity. */
const identifying: ReadonlySet<ObjectType> = new Set(['user', 'extension', 'portingOrder']);

/**
 * With a write that is not followed any more, though it may have been carried out: what shows under the natural key
 * must not be taken for somebody else's.
 */
export function unclearMemory(memory: ResourceMemory): ResourceMemory {
  const { externalId, pending } = memory;
  const mayShow = externalId === undefined && pending !== undefined && identifying.has(pending.objectType);
  return { ...settledMemory(memory), ...(mayShow ? { pending, unclear: true } : {}) };
}

/** With a write whose operation was under way when it was given up. */
export function runningMemory(memory: ResourceMemory): ResourceMemory {
  const { pending } = memory;
  return { ...settledMemory(memory), ...(pending ? { pending, unclear: true } : {}) };
}

/**
 * Is it the write of another object of the same resource, and one that would be done twice? An invitation goes out
 * beside an update of its profile, and memory has one place for both: the update gives way, for it is compared again.
 */
export function goesBeside(
  pending: PendingWrite | undefined,
  { objectType, naturalKey }: Pick<PendingWrite, 'objectType' | 'naturalKey'>,
): pending is PendingWrite {
  if (!pending || pending.intent === 'Update') return false;
  return pending.objectType !== objectType || pending.naturalKey !== naturalKey;
}

/** With a write that is about to be sent. Of one that is sent again, the first attempt may still show. */
export function begunMemory(memory: ResourceMemory, pending: PendingWrite): ResourceMemory {
  const { pending: first, unclear } = memory;
  if (pending.intent === 'Update' && goesBeside(first, pending)) return memory;
  const again = first?.intent === pending.intent && first.objectType === pending.objectType;
  const attempts = again ? { since: first.since, attempt: first.attempt + (unclear ? 1 : 0) } : {};
  const former = unclear ? first : memory.former;
  return { ...settledMemory(memory), pending: { ...pending, ...attempts }, ...(former ? { former } : {}) };
}

/** With a write taken back that was begun and not sent: what was unclear before is so again. */
export function unsentMemory(memory: ResourceMemory): ResourceMemory {
  const { former } = memory;
  return { ...settledMemory(memory), ...(former ? { pending: former, unclear: true } : {}) };
}

/** With what was unclear before a write that was not sent after all. */
export function formerMemory(memory: ResourceMemory, former: ResourceMemory): ResourceMemory {
  const { pending, unclear } = former;
  if (memory.pending === pending) return memory;
  return { ...settledMemory(memory), ...(pending && unclear ? { pending, unclear } : {}) };
}

/** What is written to `status.memory`; undefined when there is nothing to remember. */
export function storedMemory(memory: ResourceMemory): StoredMemory | undefined {
  const applied = sortedRecord(memory.applied);
  const handled = sortedRecord(memory.handled);
  const stored: StoredMemory = {
    ...(Object.keys(applied).length > 0 ? { applied } : {}),
    ...(memory.pending ? { pending: { ...memory.pending } } : {}),
    ...(Object.keys(handled).length > 0 ? { handled } : {}),
  };
  return Object.keys(stored).length > 0 ? stored : undefined;
}

function sortedRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
