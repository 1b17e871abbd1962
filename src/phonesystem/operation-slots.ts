interface Waiter {
  readonly grant: () => void;
}

/** How many asynchronous operations may be under way at once (8x8 guide: 10 in flight). First come, first served. */
export class OperationSlots {
  readonly #limit: number;
  readonly #waiting: Waiter[] = [];
  #taken = 0;

  constructor(limit = 10) {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError('The limit must be a whole number from 1');
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves once a slot is free and taken; rejects with the signal's reason. Every one taken must be released. */
  acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#taken < this.#limit && this.#waiting.length === 0) {
      this.#taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        grant: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** Takes a slot without waiting, for an operation that was under way before a restart; may exceed the limit. */
  resume(): void {
    this.#taken++;
  }

  /** Gives one slot back. */
  release(): void {
    if (this.#taken === 0) throw new Error('A slot was released twice');
    this.#taken--;
    while (this.#taken < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#taken++;
      next.grant();
    }
  }
}
