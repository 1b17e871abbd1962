import { setTimeout as delay } from 'node:timers/promises';

/**
 * The only source of time. Code never reads `Date.now()` or sets a bare timer, so that every wait can be
 * driven by a test and a benchmark can live through an hour in a second.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node takes a longer timer for one of a millisecond. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      let left = ms;
      do {
        await delay(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {});
        left -= longestTimerMs;
      } while (left > 0);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
