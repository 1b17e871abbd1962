import type { Clock } from '../foundation/clock.ts';
import type { Settings } from './settings.ts';

export interface Allowance {
  readonly allowed: boolean;
  /** x-ratelimit-limit, -remaining and -reset (Unix seconds). */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sliding windows per key (8x8 guide: rate limits): so many requests in any 60 seconds, and so many in any
 * short burst. Refused requests do not count. The headers tell of the minute, or of the burst when that is
 * what refuses.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #sent = new Map<string, number[]>();

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Counts one request of the key, if it may be made. */
  take(key: string): Allowance {
    const { burst, requestsPerMinute } = this.#settings.limits;
    const now = this.#clock.now();
    const sent = (this.#sent.get(key) ?? []).filter((time) => time > now - 60_000);
    const inBurst = sent.filter((time) => time > now - burst.perMs);
    const minuteFull = sent.length >= requestsPerMinute;
    const burstFull = inBurst.length >= burst.requests;
    const allowed = this.#settings.unlimited || !(minuteFull || burstFull);
    // Without limits nothing needs remembering.
    if (allowed && !this.#settings.unlimited) sent.push(now);
    this.#sent.set(key, sent);
    const frees = minuteFull || !burstFull ? (sent[0] ?? now) + 60_000 : (inBurst[0] ?? now) + burst.perMs;
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(requestsPerMinute),
        'x-ratelimit-remaining': String(allowed ? Math.max(0, requestsPerMinute - sent.length) : 0),
        'x-ratelimit-reset': String(Math.ceil(frees / 1000)),
      },
    };
  }
}
