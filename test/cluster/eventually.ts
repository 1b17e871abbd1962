import { type Clock, systemClock } from '../../src/foundation/clock.ts';

export interface EventuallyOptions {
  /** Default: 30 seconds. */
  readonly timeoutMs?: number;
  /** Pause between two attempts; default: 100 milliseconds. */
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/**
 * Repeats `attempt` until it no longer throws, and returns what it returned. Assertions (`expect`) may go inside.
 *
 * @param what completes the sentence "waited for …"
 * @throws Error at the deadline, with what the last attempt threw as text and cause
 */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  { timeoutMs = 30_000, intervalMs = 100, clock = systemClock }: EventuallyOptions = {},
): Promise<T> {
  const started = clock.now();
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (clock.now() - started >= timeoutMs) {
        const last = error instanceof Error ? error.message : String(error);
        throw new Error(
          `waited ${timeoutMs / 1000} s for ${what}, in vain (${attempts} attempts). The last said: ${last}`,
          { cause: error },
        );
      }
    }
    await clock.sleep(intervalMs);
  }
}
