import type { AccountView } from '../account/account-view.ts';
import type { ObjectType } from '../account/objects.ts';
import type { NeededRead } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';

export interface SingleReadsOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly view: AccountView;
  readonly signal: AbortSignal;
  /** An object was read, or given up for now. */
  readonly onRead: () => void;
  /** It is tried again later. Must not throw. */
  readonly onError: (object: { readonly type: ObjectType; readonly id: string }, error: unknown) => void;
}

const readsAtOnce = 4;
const retryMs = 10_000;

/** Reads one by one what list rows leave open; a few at a time, behind everything else. */
export class SingleReads {
  readonly #options: SingleReadsOptions;
  readonly #reading = new Set<string>();
  /** Those whose last attempt failed. */
  readonly #failing = new Set<string>();
  #waiting: readonly NeededRead[] = [];
  #next = 0;

  constructor(options: SingleReadsOptions) {
    this.#options = options;
  }

  /** Objects being read or waiting for it. */
  get pending(): number {
    return this.#reading.size + this.#waiting.length - this.#next;
  }

  /** Whether any of these can still be hoped for: not all of them failed when they were last asked for. */
  isGettingOn(reads: readonly NeededRead[]): boolean {
    return reads.some(({ type, id }) => !this.#failing.has(`${type}/${id}`));
  }

  /** Replaces what waits. */
  offer(reads: readonly NeededRead[]): void {
    this.#waiting = reads;
    this.#next = 0;
    this.#pump();
  }

  /** Reads one now, beside those that wait. */
  start(type: ObjectType, id: string): void {
    const key = `${type}/${id}`;
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    void this.#read(type, id).finally(() => {
      this.#reading.delete(key);
      this.#pump();
      this.#options.onRead();
    });
  }

  #pump(): void {
    while (this.#reading.size < readsAtOnce && !this.#options.signal.aborted) {
      const read = this.#waiting[this.#next];
      if (!read) return;
      this.#next++;
      this.start(read.type, read.id);
    }
  }

  async #read(type: ObjectType, id: string): Promise<void> {
    const { client, clock, signal, view } = this.#options;
    const readAt = clock.now();
    try {
      const body = await client.get(type, id, { priority: 'sync', signal });
      if (body) view.observe({ type, id, body, source: 'single', readAt });
      else view.forget(type, id, clock.now());
      this.#failing.delete(`${type}/${id}`);
    } catch (error) {
      if (signal.aborted) return;
      this.#failing.add(`${type}/${id}`);
      this.#options.onError({ type, id }, error);
      // The next round brings the question up again; not at once.
      await clock.sleep(retryMs, signal).catch(() => undefined);
    }
  }
}
