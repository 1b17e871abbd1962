import { type Clock, systemClock } from '../../src/foundation/clock.ts';

/**
 * The machine's clock, some times as fast: what waits on it waits that much less. For programs that talk to real ones
 * over a network, where time can't be simulated.
 */
export function fastClock(times: number): Clock {
  const start = systemClock.now();
  return {
    now: () => start + Math.round((systemClock.now() - start) * times),
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
