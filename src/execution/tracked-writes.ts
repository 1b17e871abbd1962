import type { ObservedObject } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import type { InFlight } from './in-flight.ts';
import type { LatencyEstimate } from './latency.ts';

const longestAskMs = 16_000;
/** Of an operation that says that it is under way beyond the guide's limit. */
const askOverdueMs = 60_000;

/** A write whose end is awaited. */
export interface Tracked extends InFlight {
  /** What is known of its like; without it, only its operation tells of its end. */
  readonly latency: LatencyEstimate | undefined;
  /** When it was last seen not to be over; at first, when it was accepted. */
  missedAt: number;
  /** When this operation is to be asked for by itself; Infinity while the list is expected to show it. */
  askAt: number;
  asked: number;
  /** How often it was over and the object still showed other values. */
  differed: number;
  /** When its operation was first seen to be over. */
  overAt?: number;
  /** It is followed beyond the guide's limit. */
  isLate?: true;
}

/** Writes whose ends are awaited: each is ended once, whoever learns of its end first. */
export class TrackedWrites {
  readonly #clock: Clock;
  readonly #writes = new Set<Tracked>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#writes.size;
  }

  get all(): readonly Tracked[] {
    return [...this.#writes];
  }

  has(tracked: Tracked): boolean {
    return this.#writes.has(tracked);
  }

  add(tracked: Tracked): void {
    this.#writes.add(tracked);
  }

  /** @param object what was read of it; undefined when nothing of it can be read any more */
  finish(tracked: Tracked, object: ObservedObject | undefined): void {
    if (this.#writes.delete(tracked)) tracked.resolve(object);
  }

  fail(tracked: Tracked, error: unknown): void {
    if (this.#writes.delete(tracked)) tracked.reject(error);
  }

  /** It is not over: ever later, but for one that was foreseen to be over, which a list may show before. */
  askLater(tracked: Tracked): void {
    tracked.asked++;
    tracked.askAt = this.#clock.now() + waitFor(tracked);
  }
}

function waitFor({ asked, isLate, latency, overAt }: Tracked): number {
  if (isLate && overAt === undefined) return askOverdueMs;
  const [first, longest] = latency ? [30_000, 60_000] : [1_000, longestAskMs];
  return Math.min(longest, first * 2 ** Math.min(4, asked));
}
