import type { ObjectType } from './objects.ts';

/** A write that was begun and whose end is not known to be recorded. Stored before the request is sent. */
export interface PendingWrite {
  readonly intent: 'Create' | 'Update' | 'Delete' | 'Act';
  readonly objectType: ObjectType;
  /** What a lost create is looked up by: a user name, `site/extension`, a port reference. */
  readonly naturalKey: string;
  /** The object that is written, where it is there already. */
  readonly objectId?: string;
  /** RFC 3339 time of the first attempt. */
  readonly since: string;
  readonly attempt: number;
  /** Once the phone system has accepted the write. */
  readonly operationId?: string;
}

/** What must outlive a restart for one resource; kept in its status, or in dialops.lock.yaml without a cluster. */
export interface ResourceMemory {
  readonly externalId?: string;
  /** Digest of the value last applied, by field of the spec. */
  readonly applied: Readonly<Record<string, string>>;
  readonly pending?: PendingWrite;
  /** What was unclear before `pending` was begun: it is so again where that is not sent after all. */
  readonly former?: PendingWrite;
  /**
   * Nobody follows `pending` any more, and how it ended is not known: what shows under its natural key is its doing.
   * Not kept over a restart, which looks for it once more.
   */
  readonly unclear?: true;
  /** One-shot requests that were handled, by name: an invitation token, a registered civic address. */
  readonly handled: Readonly<Record<string, string>>;
  /** Licence seats in a write that is under way: nobody else is given them. Not kept over a restart. */
  readonly reserved?: readonly string[];
}

export const noMemory: ResourceMemory = { applied: {}, handled: {} };

/** By `resourceKey`. */
export type Memory = ReadonlyMap<string, ResourceMemory>;

/** Clocks differ by a little. */
const skewMs = 60_000;
/** Attempts go on while the phone system can't be reached; a day later, a namesake is more likely a person's doing. */
const attemptedWithinMs = 24 * 3_600_000;

/**
 * May an object that was created then come from a create that was lost?
 * @param since when its first attempt was begun; both in milliseconds since the epoch
 */
export function mayComeFrom(createdAt: number, since: number): boolean {
  return createdAt >= since - skewMs && !isTooLate(createdAt, since);
}

/** Was it created when the attempts were over? Both in milliseconds since the epoch. */
export function isTooLate(createdAt: number, since: number): boolean {
  return createdAt > since + attemptedWithinMs;
}
