import type { RateFeedback } from './rate-headers.ts';

/** 8x8 guide: after a 429 first the reset time, then 2, 4, 8, 16, 32 s. */
const backoffMs = [2_000, 4_000, 8_000, 16_000, 32_000] as const;
/** The reset is given in whole seconds. */
const minimumMs = 1_000;
/** No limit is longer: a reset further away is a wrong clock. */
const maximumResetMs = 60_000;

/** How long all requests of an account stop after answers 429. Times in milliseconds since the epoch. */
export class RefusalPause {
  #until = 0;
  #since = 0;
  #refusals = 0;
  #resetFirst = false;

  /** Nothing may be sent before. */
  get until(): number {
    return this.#until;
  }

  /** A request sent at `sentAt` was answered 429 at `now`. */
  refused(sentAt: number, now: number, answer: RateFeedback): void {
    // Answers to requests that were on their way when the first 429 came say nothing new.
    const again = this.#refusals > 0 && sentAt > this.#since;
    if (this.#refusals === 0 || again) this.#refusals++;
    this.#since = now;
    // With requests left, it was a limit of another kind, whose end the reset does not tell.
    const reset = answer.remaining !== undefined && answer.remaining > 0 ? undefined : answer.resetInMs;
    const known = reset === undefined ? 0 : Math.max(minimumMs, Math.min(reset, maximumResetMs));
    // The first wait is for the reset where there is one, and the series begins after it.
    const step = this.#refusals - (this.#resetFirst ? 2 : 1);
    if (this.#refusals === 1 && reset !== undefined) this.#resetFirst = true;
    const backoff =
      known > 0 && !again ? 0 : (backoffMs[Math.min(step, backoffMs.length - 1)] ?? backoffMs[0]);
    this.#until = Math.max(this.#until, now + Math.max(known, backoff));
  }

  /** A request sent at `sentAt` got through. */
  passed(sentAt: number): void {
    if (sentAt <= this.#since) return;
    this.#refusals = 0;
    this.#resetFirst = false;
  }
}
