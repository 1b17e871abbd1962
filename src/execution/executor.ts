import type { AccountView } from '../account/account-view.ts';
import type { PendingWrite } from '../account/memory.ts';
import { formatPath } from '../account/objects.ts';
import type { Change, Plan } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import { resourceKey } from '../resources/reference.ts';
import { Attempts } from './attempts.ts';
import { ChangeWriter } from './change-writer.ts';
import { Confirmer } from './confirmer.ts';
import { type Failure, type Settled, Superseded, type WriterHost } from './host.ts';
import { OperationSlots, type Slot } from './operation-slots.ts';
import { failuresIn, isRunning } from './refusal.ts';
import { touchedObjects } from './touched-objects.ts';
import { WriteGate } from './write-gate.ts';

export interface ExecutorOptions {
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly view: AccountView;
  readonly host: WriterHost;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** A change was overtaken by an edit and not made: another plan is due. */
  readonly dropped: (change: Change) => void;
  /** At most this many operations in flight; the published limit is 10. */
  readonly operationsInFlight: number;
}

interface UnderWay {
  readonly change: Change;
  readonly touched: readonly string[];
  readonly task: Promise<void>;
}

/**
 * Carries out plans against one account. A new plan replaces what has not begun; what is under way goes on. One
 * object is written by one task at a time, and a task lasts until its end is known.
 */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #writer: ChangeWriter;
  readonly #attempts: Attempts;
  readonly #stopping = new AbortController();
  readonly #busy = new Map<string, UnderWay>();
  /** Given up while their operations are under way: the next process follows them. */
  readonly #left = new Map<string, Pick<UnderWay, 'touched'>>();
  readonly #slots: OperationSlots;
  readonly #gate: WriteGate;
  #queue: Change[] = [];

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#attempts = new Attempts(options.random);
    this.#slots = new OperationSlots(options.operationsInFlight);
    this.#gate = new WriteGate({
      slots: this.#slots,
      budget: options.budget,
      clock: options.clock,
      signal: this.#stopping.signal,
      onOpen: () => this.#pump(),
    });
    const { budget, client, clock, host, view } = options;
    const { signal } = this.#stopping;
    const confirmer = new Confirmer({
      client,
      budget,
      clock,
      signal,
      overdue: (change, message) => host.overdue?.(change, message) ?? false,
      freed: () => this.#pump(),
      backlog: () => this.#queue.length + this.#gate.waiting,
      full: () => !this.#slots.mayTake(clock.now()),
    });
    this.#writer = new ChangeWriter({
      client,
      clock,
      view,
      host,
      confirmer,
      gate: this.#gate,
      signal,
      mayGoOn: () => this.#pump(),
    });
  }

  get busy(): number {
    return this.#busy.size;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Is anything under way for the resource with this key? */
  isBusyFor(key: string): boolean {
    for (const { change } of this.#busy.values()) {
      if (change.resources.some((resource) => resourceKey(resource) === key)) return true;
    }
    return false;
  }

  /** When the first failed change may be tried again that could not be at `since`, in milliseconds since the epoch; or Infinity. */
  retryAfter(since: number): number {
    return this.#attempts.next(since);
  }

  forgive(handle: string): void {
    this.#attempts.forgive(handle);
  }

  /** What failed may have failed for a reason that is gone: everything may be tried again. */
  forgiveAll(): void {
    this.#attempts.forgiveAll();
  }

  /** Takes over what the plan wants done now. @returns how many changes were taken or are under way */
  offer(plan: Plan): number {
    const now = this.#options.clock.now();
    this.#queue = plan.changes.filter(
      (change) =>
        change.gate === undefined && !this.#isUnderWay(change) && !this.#attempts.isHeld(change, now),
    );
    this.#pump();
    return this.#queue.length + this.#busy.size;
  }

  /** Resolves when nothing is queued or under way. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.race([...this.#busy.values()].map(({ task }) => task));
  }

  /** Begins nothing more; what was sent is left to be resumed from memory. */
  async stop(reason: unknown = new Error('stopping')): Promise<void> {
    this.#queue = [];
    this.#stopping.abort(reason);
    await Promise.allSettled([...this.#busy.values()].map(({ task }) => task));
  }

  /** One object is written at a time, whatever handles it has and whichever changes touch it. */
  #isUnderWay(change: Change): boolean {
    if (this.#busy.has(change.handle) || this.#left.has(change.handle)) return true;
    const touched = touchedObjects(change);
    if (touched.length === 0) return false;
    for (const others of [this.#busy, this.#left]) {
      for (const other of others.values()) {
        if (touched.some((object) => other.touched.includes(object))) return true;
      }
    }
    return false;
  }

  /** Begins what there is a place and a request for; the rest of the queue stays open to a better plan. */
  #pump(): void {
    while (!this.#stopping.signal.aborted) {
      const index = this.#queue.findIndex((change) => !this.#isUnderWay(change));
      if (index < 0 && this.#gate.waiting === 0) return;
      if (!this.#gate.isOpen()) return;
      const [change] = index < 0 ? [] : this.#queue.splice(index, 1);
      if (change) this.#start(change, (slot) => this.#writer.write(change, slot));
    }
  }

  #start(change: Change, run: (slot: Slot) => Promise<Settled>): void {
    const slot = this.#slots.take();
    const task = run(slot)
      .catch((error: unknown): Settled | undefined => {
        // Overtaken by an edit: the next plan says what is to be done now.
        if (this.#stopping.signal.aborted || error instanceof Superseded) return undefined;
        if (isRunning(error)) this.#left.set(change.handle, { touched: touchedObjects(change) });
        return {
          failures: failuresIn(
            change,
            change.fields.map(({ field }) => field),
            error,
          ),
        };
      })
      .then((result) => {
        slot.release();
        this.#busy.delete(change.handle);
        if (result) this.#settle(change, result);
        else if (!this.#stopping.signal.aborted) this.#options.dropped(change);
        this.#pump();
      });
    this.#busy.set(change.handle, { change, touched: touchedObjects(change), task });
  }

  #settle(change: Change, result: Settled): void {
    const { clock, host, view } = this.#options;
    if (result.object) view.observe(result.object);
    if (result.failures.length === 0) {
      this.#attempts.succeeded(change, clock.now());
      host.settled(change, { ...result, failures: this.#restless(change) });
      return;
    }
    const retryAt = this.#attempts.failed(change, result.failures, clock.now());
    host.settled(change, { ...result, retryAt });
  }

  /** Values that were taken and did not stay, time and again: somebody or something else writes them too. */
  #restless(change: Change): Failure[] {
    if (this.#attempts.restless(change.handle) < 2) return [];
    const paths = change.fields.map((field) => formatPath(field.path)).join(', ');
    const message = `the phone system takes ${paths} and does not keep it: another program or a rule of the account writes it too. It is written again ever more seldom`;
    return change.resources.map((resource) => ({
      resource,
      reason: 'RefusedByPhoneSystem',
      message,
      permanent: false,
    }));
  }

  /** Follows a write of an earlier process to its end. */
  resume(change: Change, pending: PendingWrite): void {
    this.#start(change, (slot) => this.#writer.resume(change, pending, slot));
  }
}
