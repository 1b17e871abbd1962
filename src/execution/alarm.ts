import type { Clock } from '../foundation/clock.ts';

/** Sleeps until a time or until somebody rings, whichever comes first. */
export class Alarm {
  readonly #clock: Clock;
  #rung = false;
  #waking: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#waking?.abort();
  }

  /** @param until milliseconds since the epoch; Infinity waits for a ring alone */
  async wait(until: number): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return;
    }
    const waking = new AbortController();
    this.#waking = waking;
    if (until === Number.POSITIVE_INFINITY) {
      await new Promise<void>((resolve) =>
        waking.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
    } else {
      try {
        await this.#clock.sleep(Math.max(0, until - this.#clock.now()), waking.signal);
      } catch (error) {
        if (!waking.signal.aborted) throw error;
      }
    }
    this.#waking = undefined;
    this.#rung = false;
  }
}
