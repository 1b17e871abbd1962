import type { Change } from '../account/plan.ts';

interface Attempt {
  readonly changeId: string;
  readonly count: number;
  readonly until: number;
}

const firstDelayMs = 5_000;
const longestDelayMs = 5 * 60_000;
/** A permanent refusal is looked at again now and then: what it depended on may have changed at the other end. */
const permanentDelayMs = 30 * 60_000;

/**
 * What failed and when it is tried again, by object. A change that says something else than the one that failed
 * is a person's correction and goes at once.
 */
export class Attempts {
  readonly #attempts = new Map<string, Attempt>();
  readonly #random: () => number;

  /** @param random between 0 and 1; spreads the retries */
  constructor(random: () => number) {
    this.#random = random;
  }

  isHeld(change: Change, now: number): boolean {
    const attempt = this.#attempts.get(change.handle);
    return attempt !== undefined && attempt.changeId === change.id && attempt.until > now;
  }

  /** @returns when it may be tried again */
  failed(change: Change, permanent: boolean, now: number): number {
    const before = this.#attempts.get(change.handle);
    const count = before?.changeId === change.id ? before.count + 1 : 1;
    const delay = permanent ? permanentDelayMs : Math.min(longestDelayMs, firstDelayMs * 2 ** (count - 1));
    const until = now + delay * (0.75 + 0.5 * this.#random());
    this.#attempts.set(change.handle, { changeId: change.id, count, until });
    return until;
  }

  succeeded(change: Change): void {
    this.#attempts.delete(change.handle);
  }

  /** A person asks for another attempt now. */
  forgive(handle: string): void {
    this.#attempts.delete(handle);
  }

  /** When the next held change may go, or Infinity. */
  next(now: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const { until } of this.#attempts.values()) if (until > now && until < soonest) soonest = until;
    return soonest;
  }
}
