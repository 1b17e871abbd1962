import type { Clock } from './clock.ts';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Discrete-event time for tests and benchmarks. Time stands still while anything can still run, and jumps to
 * the next sleeper once nothing can. Only correct when all waiting goes through this clock: real I/O in
 * between would look like idleness.
 */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];
  #scheduled = false;

  constructor(start: number = Date.UTC(2026, 0, 5, 9, 0, 0)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#insert(sleeper);
      this.#schedule();
    });
  }

  #insert(sleeper: Sleeper): void {
    // Binary search keeps 10,000 concurrent sleepers cheap.
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sleepers[middle];
      if (other && (other.at < sleeper.at || (other.at === sleeper.at && other.order < sleeper.order))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#sleepers.splice(low, 0, sleeper);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // setImmediate runs after the whole microtask queue has drained: nothing else can run at this instant.
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#sleepers.shift();
      if (!next) return;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#schedule();
    });
  }
}
