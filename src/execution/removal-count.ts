import type { DesiredAccount } from '../account/desired.ts';
import type { Change } from '../account/plan.ts';
import { isRemoval } from '../account/removal-guard.ts';
import type { Clock } from '../foundation/clock.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import type { Settled } from './host.ts';
import type { MemoryStore } from './memory-store.ts';
import { type RemovalEntry, RemovalLog } from './removal-log.ts';
import { resumable } from './resume.ts';

export interface RemovalCountOptions {
  /** What the status of the PhoneSystem says. */
  readonly entries: readonly RemovalEntry[];
  /** What is there at the start, with its memory in the store. */
  readonly resources: readonly AccountResource[];
  readonly store: MemoryStore;
  readonly clock: Clock;
}

/**
 * Counts removals before they are sent: a process that is killed at any moment has counted them, and the next one goes
 * on from there. What fails in the end is taken off again.
 */
export class RemovalCount {
  readonly #log: RemovalLog;
  readonly #clock: Clock;
  /** Changes that are counted and not over, by id, with when: a plan lists them still, and they must not count twice. */
  readonly #underWay: Map<string, number>;
  /** Those that are counted, and of which nobody knows whether they were made: sent again within the hour, they count once. */
  readonly #unclear = new Map<string, number>();
  /** Ids of changes under way that were unclear when they were begun again. */
  readonly #again = new Set<string>();

  constructor({ entries, resources, store, clock }: RemovalCountOptions) {
    this.#log = new RemovalLog(entries);
    this.#clock = clock;
    const deleted = new Set(
      resources
        .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
        .map((resource) => resourceKey(referenceTo(resource))),
    );
    const left = resumable(resources, store.snapshot()).filter(
      ({ change, pending }) =>
        // The count is stored before the intent.
        pending.intent === 'Delete' || change.resources.some((ref) => deleted.has(resourceKey(ref))),
    );
    this.#underWay = new Map(left.map(({ change }) => [change.id, clock.now()]));
  }

  /** Removals of the last hour that are over: those under way are in the plan. */
  get recent(): number {
    return Math.max(0, this.#log.recent(this.#clock.now()) - this.#underWay.size);
  }

  /** All that count, for the status of the PhoneSystem. */
  entries(): readonly RemovalEntry[] {
    return this.#log.entries();
  }

  /** @returns true when the count is another one by it, and is to be stored before it is sent */
  begun(change: Change, desired: DesiredAccount | undefined): boolean {
    if (!desired || this.#underWay.has(change.id) || !isRemoval(change, desired)) return false;
    const now = this.#clock.now();
    const countedAt = this.#unclear.get(change.id);
    this.#unclear.delete(change.id);
    if (countedAt !== undefined && this.#log.counts(countedAt, now)) {
      this.#underWay.set(change.id, countedAt);
      this.#again.add(change.id);
      return false;
    }
    this.#underWay.set(change.id, now);
    this.#log.prune(now);
    this.#log.add(now);
    return true;
  }

  /** It was begun, and not sent after all. @returns true when the count is another one by it */
  takeBack(change: Change): boolean {
    const countedAt = this.#over(change);
    if (countedAt === undefined) return false;
    if (this.#again.delete(change.id)) {
      this.#unclear.set(change.id, countedAt);
      return false;
    }
    this.#log.takeBack();
    return true;
  }

  /** What may have been made counts. */
  settled(change: Change, { failures, object }: Settled): void {
    this.#again.delete(change.id);
    const countedAt = this.#over(change);
    if (countedAt === undefined || failures.length === 0 || object !== undefined) return;
    if (failures.some(({ reason }) => reason === 'Unconfirmed')) this.#unclear.set(change.id, countedAt);
    else this.#log.takeBack();
  }

  /** @returns when it was counted; undefined for what was not under way */
  #over({ id }: Change): number | undefined {
    const countedAt = this.#underWay.get(id);
    this.#underWay.delete(id);
    return countedAt;
  }
}
