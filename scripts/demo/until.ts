import { systemClock } from '../../src/foundation/clock.ts';

export interface UntilOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/**
 * Repeats `attempt` until it gives something else than undefined, and returns that.
 *
 * @param what completes the sentence "waited for …"
 * @throws Error at the deadline, and the signal's reason when it is aborted
 */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  { signal, timeoutMs, intervalMs = 500 }: UntilOptions,
): Promise<T> {
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const result = await attempt();
    if (result !== undefined) return result;
    if (systemClock.now() > deadline) {
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}, in vain`);
    }
    await systemClock.sleep(intervalMs, signal);
  }
}
