import { type Clock, systemClock } from '../../src/foundation/clock.ts';

/**
 * Real time, but faster: a wait of one minute is over in a second when `factor` is 60. The exchanges go over a
 * real network, so simulated time, which jumps as soon as nothing can run, would jump while bytes are under way.
 */
export function acceleratedClock(factor: number, base: Clock = systemClock): Clock {
  const start = base.now();
  return {
    now: () => Math.round(start + (base.now() - start) * factor),
    sleep: (ms, signal) => base.sleep(ms / factor, signal),
  };
}
