import type { AccountView } from '../account/account-view.ts';
import { type ObjectType, objectTypes } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import { readChanges } from '../phonesystem/changes.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import { readAccount, type Snapshot } from '../phonesystem/snapshot.ts';
import type { LoopHost } from './loop-host.ts';
import { neededTypes } from './needed-types.ts';

export interface AccountSyncOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly host: LoopHost;
  readonly view: AccountView;
  /** Milliseconds between two readings of what changed, and of everything. */
  readonly intervals: { readonly incrementalMs: number; readonly fullMs: number };
  readonly signal: AbortSignal;
  /** Whether what rows hide is being read one by one. */
  readonly isReading: () => boolean;
  /** The view has taken over what was read: the whole account or what changed. */
  readonly onAdopted?: (snapshot: Snapshot, whole: boolean) => void;
}

const retryMs = 10_000;
/**
 * While many writes wait, looking for what others changed waits too, for so many intervals at most. A full reading
 * waits for the last write, for one more of its intervals.
 */
const intervalsUnderBacklog = 10;

/** Reads the account into the view: all of it now and then, what changed in between. */
export class AccountSync {
  readonly #options: AccountSyncOptions;
  #offer: Offer | undefined;
  #readTypes = new Set<ObjectType>();
  #hasRead = false;
  #fullAt = 0;
  #incrementalAt = 0;
  #endedAt = 0;
  /** 0: as soon as possible. */
  #nextFull = 0;

  constructor(options: AccountSyncOptions) {
    this.#options = options;
  }

  /** What the endpoint offers beyond the published API, once it has said so. */
  get offer(): Offer | undefined {
    return this.#offer;
  }

  /** The whole account was read at least once. */
  get hasRead(): boolean {
    return this.#hasRead;
  }

  /** When the last readings that succeeded began, in milliseconds since the epoch; 0: never. */
  get lastFullAt(): number {
    return this.#fullAt;
  }

  get lastAt(): number {
    return Math.max(this.#fullAt, this.#incrementalAt);
  }

  /** A full reading was asked for. */
  get isAskedFor(): boolean {
    return this.#nextFull === 0;
  }

  /** The next reading is to be a full one, at once. */
  ask(): void {
    this.#nextFull = 0;
  }

  /** Some resource needs a collection that was not read. */
  lacksTypes(): boolean {
    return neededTypes(this.#options.host.resources()).some((type) => !this.#readTypes.has(type));
  }

  /** When the next full reading is due. */
  fullDueAt(isWriting: boolean): number {
    return this.#nextFull + (isWriting ? this.#options.intervals.fullMs : 0);
  }

  /** When the next look at what changed is due. */
  changesDueAt(hasBacklog: boolean): number {
    // What was never read whole has no changes, and may be another's.
    if (!this.#hasRead) return Number.POSITIVE_INFINITY;
    return this.#endedAt + (hasBacklog ? intervalsUnderBacklog : 1) * this.#options.intervals.incrementalMs;
  }

  /** Reads everything. Faults go to the host; it is tried again. */
  async readAll(): Promise<void> {
    const { client, clock, host, intervals, signal } = this.#options;
    const startedAt = clock.now();
    const types = neededTypes(host.resources());
    try {
      const offer = await client.discover({ priority: 'sync', signal });
      await host.verify?.({ offer }, signal);
      this.#offer = offer;
      // So that it is known who made the differences that the reading is about to show.
      await host.suspects();
      const snapshot = await readAccount(client, { types, clock, priority: 'sync', signal });
      await host.verify?.({ snapshot, types: types.length }, signal);
      this.#adopt(snapshot, true);
      this.#readTypes = new Set(types);
      this.#fullAt = startedAt;
      this.#nextFull = startedAt + intervals.fullMs;
      this.#hasRead = true;
      host.synced({ snapshot });
    } catch (error) {
      if (signal.aborted) return;
      this.#nextFull = clock.now() + retryMs;
      this.#readTypes = new Set(types);
      host.synced({ error });
    }
    this.#endedAt = clock.now();
  }

  /**
   * Reads what changed. Faults go to the host; it is tried again.
   * @returns true when there is something new
   */
  async readChanges(): Promise<boolean> {
    const { client, clock, host, signal, view } = this.#options;
    const startedAt = clock.now();
    let isNew = false;
    try {
      const suspects = await host.suspects();
      const types = [...this.#readTypes];
      const snapshot = await readChanges(client, view, { types, suspects, clock, priority: 'sync', signal });
      await host.verify?.({ snapshot, types: snapshot.covered.size + snapshot.failures.size }, signal);
      this.#adopt(snapshot, false);
      this.#incrementalAt = startedAt;
      isNew = snapshot.changed.length + snapshot.missing.length + suspects.length > 0;
      host.synced({ snapshot });
    } catch (error) {
      if (!signal.aborted) host.synced({ error });
    }
    this.#endedAt = clock.now();
    return isNew;
  }

  #adopt(snapshot: Snapshot, whole: boolean): void {
    const { isReading, onAdopted, view } = this.#options;
    view.adopt(snapshot, isReading());
    for (const [entry, at] of snapshot.gone) {
      if (view.gone.has(entry)) continue;
      const slash = entry.indexOf('/');
      const type = objectTypes.find((candidate) => candidate === entry.slice(0, slash));
      if (type) view.forget(type, entry.slice(slash + 1), at);
    }
    onAdopted?.(snapshot, whole);
  }
}
