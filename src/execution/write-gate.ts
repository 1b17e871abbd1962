import type { Clock } from '../foundation/clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { OperationSlots, Slot } from './operation-slots.ts';

export interface WriteGateOptions {
  readonly slots: OperationSlots;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A write may be able to pass now: called some time after `isOpen` said no. */
  readonly onOpen: () => void;
}

/**
 * Lets writes begin one by one, as places for operations and requests become free. What is not let in stays in
 * its queue, open to a better plan and to an edit that overtakes it.
 */
export class WriteGate {
  readonly #options: WriteGateOptions;
  readonly #entering: { readonly slot: Slot; readonly resolve: () => void }[] = [];
  #waking: AbortController | undefined;

  constructor(options: WriteGateOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#waking?.abort(), { once: true });
  }

  /** Parts of changes that have begun and wait for a place anew. */
  get waiting(): number {
    return this.#entering.length;
  }

  /** May a new write begin? When not, `onOpen` is called once that may have changed by the passing of time. */
  isOpen(): boolean {
    this.#waking?.abort();
    while (this.#isFree()) {
      // What has begun goes first.
      const again = this.#entering.shift();
      if (!again) return true;
      again.slot.sending();
      again.resolve();
    }
    return false;
  }

  /** A place for another part of a change: the one that it began with is another's by now. */
  async enter(slot: Slot): Promise<void> {
    const { signal } = this.#options;
    if (!slot.isOver) {
      slot.sending();
      return;
    }
    // A signal that was aborted before tells nobody who begins to listen.
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stopped = () => reject(signal.reason);
      signal.addEventListener('abort', stopped, { once: true });
      const passed = () => {
        signal.removeEventListener('abort', stopped);
        resolve();
      };
      this.#entering.push({ slot, resolve: passed });
      this.#options.onOpen();
    });
  }

  #isFree(): boolean {
    const { budget, clock, slots } = this.#options;
    const now = clock.now();
    if (!slots.mayTake(now)) {
      this.#wakeAt(slots.nextChance(now + 1));
      return false;
    }
    // Each write on its way takes one of the requests that could be sent at this moment.
    if (budget.available() <= slots.sending) {
      this.#wakeAt(now + Math.max(1, budget.nextAvailable(slots.sending + 1)));
      return false;
    }
    return true;
  }

  #wakeAt(at: number): void {
    const { clock, onOpen, signal } = this.#options;
    if (at === Number.POSITIVE_INFINITY || signal.aborted) return;
    const waking = new AbortController();
    this.#waking = waking;
    clock.sleep(at - clock.now(), waking.signal).then(onOpen, () => undefined);
  }
}
