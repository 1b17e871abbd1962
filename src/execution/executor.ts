import type { AccountView } from '../account/account-view.ts';
import { holds } from '../account/apply.ts';
import type { DesiredField } from '../account/desired.ts';
import type { PendingWrite } from '../account/memory.ts';
import { formatPath, type ObservedObject } from '../account/objects.ts';
import type { Change, Plan } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient, RequestOptions, WriteResult } from '../phonesystem/client.ts';
import { idOf } from '../phonesystem/collections.ts';
import { resourceKey } from '../resources/reference.ts';
import { Attempts } from './attempts.ts';
import { failuresOf, fieldsNamed, halves } from './blame.ts';
import { concealed, secretValues } from './conceal.ts';
import { Confirmer } from './confirmer.ts';
import { type ExecutionHost, type Failure, type Remembered, type Settled, Superseded } from './host.ts';
import { revisionOf } from './list-row.ts';
import { lookUp } from './look-up.ts';
import { OperationSlots, type Slot } from './operation-slots.ts';
import { explain, isRefusedForNow, isUnclear, maySplit, refusal } from './refusal.ts';
import { resolveSources } from './resolve-sources.ts';
import { addsExtension, sendChange } from './send-change.ts';
import { touchedObjects } from './touched-objects.ts';
import { WriteGate } from './write-gate.ts';

export interface ExecutorOptions {
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly view: AccountView;
  readonly host: ExecutionHost;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** A change was overtaken by an edit and not made: another plan is due. */
  readonly dropped: (change: Change) => void;
  /** At most this many operations in flight; the published limit is 10. */
  readonly operationsInFlight: number;
}

/** The guide: 2–5 s for a simple operation, 5–15 s for a complex one, over 60 s is suspicious. */
const searchDelaysMs = [3_000, 12_000, 45_000];

/** So often a write is sent that is refused because of others. */
const mostRefusals = 5;

/** What came of one attempt to write some fields of one object. */
interface Written {
  readonly object: ObservedObject | undefined;
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
  readonly #confirmer: Confirmer;
  readonly #attempts: Attempts;
  readonly #stopping = new AbortController();
  readonly #busy = new Map<string, UnderWay>();
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
    this.#confirmer = new Confirmer({
      client: options.client,
      budget: options.budget,
      clock: options.clock,
      signal: this.#stopping.signal,
      backlog: () => this.#queue.length + this.#gate.waiting,
      full: () => !this.#slots.mayTake(options.clock.now()),
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

  /** When a failed change may be tried again, in milliseconds since the epoch; Infinity when none waits. */
  nextRetryAt(): number {
    return this.#attempts.next(this.#options.clock.now());
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
    if (this.#busy.has(change.handle)) return true;
    const touched = touchedObjects(change);
    for (const { touched: others } of this.#busy.values()) {
      if (touched.some((object) => others.includes(object))) return true;
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
      if (change) this.#start(change, (slot) => this.#carryOut(change, slot));
    }
  }

  #start(change: Change, run: (slot: Slot) => Promise<Settled>): void {
    const slot = this.#slots.take();
    const task = run(slot)
      .catch((error: unknown): Settled | undefined => {
        // Overtaken by an edit: the next plan says what is to be done now.
        if (this.#stopping.signal.aborted || error instanceof Superseded) return undefined;
        return { failures: this.#failures(change, fieldsOf(change), error), remember: [] };
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
    const { operationId } = pending;
    const since = Date.parse(pending.since);
    this.#start(change, async (slot) => {
      const object =
        operationId === undefined
          ? await this.#search(change, since)
          : await this.#confirm(change, [], operationId, since, undefined, slot);
      if (object || change.action !== 'Create')
        return { ...(object ? { object } : {}), failures: [], remember: [] };
      // It never reached the phone system: the next plan begins anew.
      const message = 'A create of an earlier run was not found in the phone system; it is sent again';
      const failures = change.resources.map((resource) => ({
        resource,
        reason: 'Unconfirmed' as const,
        message,
        permanent: false,
      }));
      return { failures, remember: [] };
    });
  }

  /** Looks for what an unclear write may have made, for as long as a complex operation takes to show. */
  async #search(change: Change, since: number): Promise<ObservedObject | undefined> {
    const { client, clock } = this.#options;
    for (const [index, delay] of searchDelaysMs.entries()) {
      // What began long ago needs one look: by now it would have shown.
      const left = since + searchedByMs(index) - clock.now();
      if (left <= 0 && index < searchDelaysMs.length - 1) continue;
      await clock.sleep(Math.min(delay, Math.max(0, left)), this.#stopping.signal);
      const found = await lookUp(change, client, clock, since, this.#request('cleanup'));
      if (found || change.objectId !== undefined) return found;
    }
    return undefined;
  }

  #request(priority: RequestOptions['priority']): RequestOptions {
    return { priority, signal: this.#stopping.signal };
  }

  async #carryOut(change: Change, slot: Slot): Promise<Settled> {
    const remember: Remembered[] = [];
    const { object, failures } = await this.#inParts(change, fieldsOf(change), remember, slot);
    return { ...(object ? { object } : {}), failures, remember };
  }

  /**
   * Writes the fields together; when the phone system refuses, without those that it names, or half by half when
   * it names none: one resource's mistake must not hold up the others that share the object.
   */
  async #inParts(
    change: Change,
    fields: readonly DesiredField[],
    remember: Remembered[],
    slot: Slot,
  ): Promise<{ object: ObservedObject | undefined; failures: Failure[] }> {
    try {
      const written = await this.#write(change, fields, remember, slot);
      return { object: written.object, failures: [] };
    } catch (error) {
      const errors = refusal(error);
      if (!errors || this.#stopping.signal.aborted) throw error;
      const named = fieldsNamed(fields, errors);
      const rest = fields.filter((field) => !named.includes(field));
      if (named.length > 0 && rest.length > 0 && maySplit(change, named)) {
        const others = await this.#inParts(change, rest, remember, slot);
        return {
          object: others.object,
          failures: [...this.#failures(change, named, error), ...others.failures],
        };
      }
      const [first, second] = (named.length === 0 && halves(fields)) || [];
      if (!first || !second || change.action !== 'Update') {
        return {
          object: undefined,
          failures: this.#failures(change, named.length > 0 ? named : fields, error),
        };
      }
      const one = await this.#inParts(change, first, remember, slot);
      const two = await this.#inParts(change, second, remember, slot);
      return { object: two.object ?? one.object, failures: [...one.failures, ...two.failures] };
    }
  }

  async #write(
    change: Change,
    fields: readonly DesiredField[],
    remember: Remembered[],
    slot: Slot,
  ): Promise<Written> {
    await this.#gate.enter(slot);
    const { client, host, clock } = this.#options;
    const options = this.#request('write');
    const resolved = await resolveSources(fields, client, host, options);
    remember.push(...resolved.remember);
    const fresh = change.action === 'Update' ? await this.#fresh(change, resolved.fields) : undefined;
    if (fresh === 'nothing to do') return { object: undefined };
    if (change.action === 'Create' && change.type === 'administrator') await this.#mustBeNew(change);
    const pending: PendingWrite = {
      intent: change.action === 'Submit' || change.action === 'Cancel' ? 'Act' : change.action,
      objectType: change.type,
      naturalKey: change.naturalKey,
      since: new Date(clock.now()).toISOString(),
      attempt: 1,
    };
    // Only what a repetition would do twice: an update is compared again, unless it adds an extension.
    if (change.action !== 'Update' || addsExtension(resolved.fields)) await host.begin(change, pending);
    try {
      const result = await this.#sendInPlace(slot, () =>
        sendChange(client, change, resolved.fields, fresh?.body, { ...options, refusalIsFinal: true }),
      );
      if (result.kind === 'done') return { object: this.#doneObject(change, result) };
      const { operationId, acceptedAt } = result;
      await host.accepted(change, { ...pending, operationId });
      const before = fresh === undefined ? undefined : revisionOf(fresh.body);
      return { object: await this.#confirm(change, resolved.fields, operationId, acceptedAt, before, slot) };
    } catch (cause) {
      const error = concealed(cause, secretValues(fields, resolved.fields));
      // Whether it was taken is not known: an update is compared again, anything else is looked up first.
      if (!isUnclear(error) || change.action === 'Update') throw error;
      const found = await this.#search(change, Date.parse(pending.since));
      if (!found) throw error;
      return { object: found };
    }
  }

  /** A refusal for too many says that more are under way than was thought; from then on only known ends count. */
  async #sendInPlace(slot: Slot, send: () => Promise<WriteResult>): Promise<WriteResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        if (attempt >= mostRefusals || !isRefusedForNow(error)) throw error;
        this.#confirmer.forgetLatencies();
        slot.over();
        await this.#gate.enter(slot);
      }
    }
  }

  /** The object as it is this moment: a write replaces the whole, so it must be built from what stands there now. */
  async #fresh(
    change: Change,
    fields: readonly DesiredField[],
  ): Promise<{ readonly body: JsonObject } | 'nothing to do'> {
    const { client, clock, view } = this.#options;
    const id = change.objectId ?? '';
    const readAt = clock.now();
    const body = await client.get(change.type, id, this.#request('write'));
    if (!body) {
      view.forget(change.type, id);
      return 'nothing to do';
    }
    const { type } = change;
    if (fields.every((field) => holds(body, field) === 'yes')) {
      view.observe({ type, id, body, source: 'single', readAt });
      return 'nothing to do';
    }
    return { body };
  }

  /**
   * Privileges have no POST: the PUT that makes an administrator would replace one that the list does not show yet,
   * and with it what nobody declared. Whoever is found is compared first.
   */
  async #mustBeNew(change: Change): Promise<void> {
    const { client, clock, view } = this.#options;
    const { type, naturalKey: id } = change;
    const readAt = clock.now();
    const body = await client.get(type, id, this.#request('write'));
    if (!body) return;
    view.observe({ type, id, body, source: 'single', readAt });
    throw new Superseded(`${type} ${id} is there already`);
  }

  async #confirm(
    change: Change,
    fields: readonly DesiredField[],
    operationId: string,
    acceptedAt: number,
    revisionBefore: string | undefined,
    slot: Slot,
  ): Promise<ObservedObject | undefined> {
    const object = await new Promise<ObservedObject | undefined>((resolve, reject) => {
      this.#confirmer.track({
        change,
        fields,
        operationId,
        acceptedAt,
        slot,
        resolve,
        reject,
        ...(revisionBefore === undefined ? {} : { revisionBefore }),
      });
      // From now on its place may be free by the passing of time.
      this.#pump();
    });
    const gone = change.action === 'Delete' || (change.action === 'Update' && object === undefined);
    if (gone && change.objectId !== undefined) {
      this.#options.view.forget(change.type, change.objectId);
    }
    return object;
  }

  #doneObject(change: Change, result: WriteResult & { readonly kind: 'done' }): ObservedObject | undefined {
    const { type } = change;
    const { body } = result;
    const id = body && idOf(type, body);
    if (!body || id === undefined) return undefined;
    return { type, id, body, source: 'single', readAt: this.#options.clock.now() };
  }

  #failures(change: Change, fields: readonly DesiredField[], error: unknown): Failure[] {
    const errors = refusal(error) ?? [];
    const base = explain(error);
    const failures = failuresOf(fields, errors, base);
    return failures.length > 0 ? failures : change.resources.map((resource) => ({ ...base, resource }));
  }
}

function fieldsOf(change: Change): DesiredField[] {
  return change.fields.map((field) => field.field);
}

function searchedByMs(index: number): number {
  return searchDelaysMs.slice(0, index + 1).reduce((sum, delay) => sum + delay, 0);
}
