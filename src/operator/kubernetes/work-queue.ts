import type { Clock } from '../../foundation/clock.ts';
import { type BackoffLimits, backoffMs, type Random } from './backoff.ts';
import { DelayHeap } from './delay-heap.ts';
import type { Priority } from './priority.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff?: BackoffLimits;
}

/** A key handed out by `next`; `waitedMs` is how long it had been ready. */
export interface WorkItem {
  readonly key: string;
  readonly priority: Priority;
  readonly waitedMs: number;
}

/**
 * Keys to work on, each at most once in the queue and at most once under work. A key added while under work is
 * handed out again after `done`. Edits are handed out before resyncs; a key added with both is an edit.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: BackoffLimits;
  // Maps keep the order of insertion: first in, first out. Values are the times at which keys became ready.
  readonly #ready: Record<Priority, Map<string, number>> = { edit: new Map(), resync: new Map() };
  readonly #active = new Set<string>();
  readonly #again = new Map<string, Priority>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new DelayHeap();
  readonly #takers: ((item: WorkItem | undefined) => void)[] = [];
  readonly #drained: (() => void)[] = [];
  #timer: AbortController | undefined;
  #timerDue = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#limits = options.backoff ?? { baseMs: 1_000, maxMs: 5 * 60_000 };
  }

  /** Keys ready and not under work. */
  depth(priority: Priority): number {
    return this.#ready[priority].size;
  }

  /** Keys that wait for their time. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Keys under work. */
  get active(): number {
    return this.#active.size;
  }

  add(key: string, priority: Priority = 'edit'): void {
    if (this.#closed) return;
    if (this.#active.has(key)) {
      if (this.#again.get(key) !== 'edit') this.#again.set(key, priority);
      return;
    }
    if (this.#ready.edit.has(key)) return;
    if (priority === 'edit') this.#ready.resync.delete(key);
    else if (this.#ready.resync.has(key)) return;
    this.#ready[priority].set(key, this.#clock.now());
    this.#handOut();
  }

  /** Adds a key after `ms`. Of several delays of a key and priority the earliest counts. */
  addAfter(key: string, ms: number, priority: Priority = 'resync'): void {
    if (this.#closed) return;
    if (ms <= 0) {
      this.add(key, priority);
      return;
    }
    this.#delayed.push(key, priority, this.#clock.now() + ms);
    this.#arm();
  }

  /** Adds a key after a wait that doubles with each call since `forget`; returns the wait in ms. */
  addRateLimited(key: string, priority: Priority = 'resync'): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    const ms = backoffMs(failures, this.#limits, this.#random);
    this.addAfter(key, ms, priority);
    return ms;
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Starts the key's back-off over, after a success. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Resolves with the next key, which must be given back through `done`; with undefined after `shutDown`. */
  next(): Promise<WorkItem | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#handOut();
    });
  }

  done(key: string): void {
    if (!this.#active.delete(key)) return;
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again !== undefined) this.add(key, again);
    if (this.#closed && this.#active.size === 0) this.#reportDrained();
  }

  /**
   * Hands out nothing more and drops what waits. Resolves when all keys under work are given back. What was
   * dropped is found again by the lists of the next start.
   */
  async shutDown(): Promise<void> {
    this.#closed = true;
    this.#timer?.abort();
    this.#ready.edit.clear();
    this.#ready.resync.clear();
    this.#delayed.clear();
    for (const take of this.#takers.splice(0)) take(undefined);
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #reportDrained(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #handOut(): void {
    while (this.#takers.length > 0) {
      const item = this.#take('edit') ?? this.#take('resync');
      if (item === undefined) return;
      this.#active.add(item.key);
      this.#takers.shift()?.(item);
    }
  }

  #take(priority: Priority): WorkItem | undefined {
    for (const [key, since] of this.#ready[priority]) {
      this.#ready[priority].delete(key);
      return { key, priority, waitedMs: Math.max(0, this.#clock.now() - since) };
    }
    return undefined;
  }

  /** One timer for all delayed keys: ten thousand of them are ten thousand heap entries, not timers. */
  #arm(): void {
    const due = this.#delayed.nextDue();
    if (due === undefined || due >= this.#timerDue) return;
    this.#timer?.abort();
    const timer = new AbortController();
    this.#timer = timer;
    this.#timerDue = due;
    this.#clock.sleep(Math.max(0, due - this.#clock.now()), timer.signal).then(
      () => this.#release(timer),
      () => undefined,
    );
  }

  #release(timer: AbortController): void {
    if (this.#timer !== timer) return;
    this.#timer = undefined;
    this.#timerDue = Number.POSITIVE_INFINITY;
    for (const { key, priority } of this.#delayed.takeDue(this.#clock.now())) this.add(key, priority);
    this.#arm();
  }
}
