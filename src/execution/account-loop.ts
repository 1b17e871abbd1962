import { AccountView } from '../account/account-view.ts';
import { compile } from '../account/compile/compile.ts';
import type { AccountPolicy } from '../account/compile/input.ts';
import type { DesiredAccount, SecretKeyRef } from '../account/desired.ts';
import { diff } from '../account/diff.ts';
import type { Memory } from '../account/memory.ts';
import { type ObjectType, objectTypes } from '../account/objects.ts';
import type { Change, NeededRead, Plan } from '../account/plan.ts';
import type { RemovalAllowance } from '../account/removal-guard.ts';
import type { Clock } from '../foundation/clock.ts';
import { isJsonArray, isJsonObject } from '../foundation/json.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import { readChanges } from '../phonesystem/changes.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import { readAccount, type Snapshot } from '../phonesystem/snapshot.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { resourceKey } from '../resources/reference.ts';
import { Alarm } from './alarm.ts';
import { Executor } from './executor.ts';
import type { ExecutionHost } from './host.ts';
import { neededTypes } from './needed-types.ts';
import { resumable } from './resume.ts';

/** The account's surroundings: the cluster, or files. */
export interface LoopHost extends ExecutionHost {
  resources(): readonly AccountResource[];
  memory(): Memory;
  policy(): AccountPolicy;
  driftPolicy(): 'Correct' | 'Report';
  removals(): RemovalAllowance;
  secretRevision(secret: SecretKeyRef): string | undefined;
  /** Keys of resources that a person has just edited: their changes overtake all others. */
  urgent(): ReadonlySet<string>;
  /** A round was made: what the plan says of each resource is to be shown. */
  planned(plan: Plan, desired: DesiredAccount): void;
  /** A reading of the account ended: with what it showed, or with why nothing could be read. */
  synced(result: { readonly snapshot: Snapshot } | { readonly error: unknown }): void;
  /** Objects that the audit trail says were changed: a cheap reading looks at them too. */
  suspects(): Promise<readonly { readonly type: ObjectType; readonly id: string }[]>;
}

export interface LoopOptions {
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly host: LoopHost;
  readonly random: () => number;
  readonly operationsInFlight: number;
  /** Milliseconds between two readings of what changed, and of everything. */
  readonly sync: { readonly incrementalMs: number; readonly fullMs: number };
}

/** Rounds are pure work over the whole account: while much is queued, one a second is enough. */
const roundGapMs = { calm: 50, busy: 1_000 };
const readsAtOnce = 4;
const retrySyncMs = 10_000;

/**
 * Keeps one account equal to its resources: reads it, compares, executes, and again. The operator runs it for
 * ever, the CLI until nothing is left to do.
 */
export class AccountLoop {
  readonly view = new AccountView();
  readonly executor: Executor;
  readonly #options: LoopOptions;
  readonly #alarm: Alarm;
  readonly #stopping = new AbortController();
  readonly #reading = new Set<string>();
  #offer: Offer | undefined;
  #resumed = false;
  #readTypes = new Set<ObjectType>();
  #fullAt = 0;
  #incrementalAt = 0;
  #roundAt = 0;
  #due = true;
  #edited = false;
  #nextFull = 0;
  #plan: Plan | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    const { host } = options;
    this.executor = new Executor({
      client: options.client,
      budget: options.budget,
      clock: options.clock,
      view: this.view,
      random: options.random,
      operationsInFlight: options.operationsInFlight,
      host: {
        begin: (change, pending) => host.begin(change, pending),
        accepted: (change, pending) => host.accepted(change, pending),
        secret: (resource, secret) => host.secret(resource, secret),
        settled: (change, result) => {
          host.settled(change, result);
          // The inventory does not say by itself that a number is free again, and somebody may wait for it.
          for (const number of droppedNumbers(change)) this.#readLater('phoneNumber', number);
          this.nudge();
        },
      },
    });
  }

  /** Something changed that a round must look at. An edit by a person does not wait for others. */
  nudge(why: 'edit' | 'other' = 'other'): void {
    this.#due = true;
    if (why === 'edit') this.#edited = true;
    this.#alarm.ring();
  }

  /** Reads the whole account again as soon as the budget allows. */
  resync(): void {
    this.#nextFull = 0;
    this.nudge();
  }

  /** The plan of the last round. */
  get plan(): Plan | undefined {
    return this.#plan;
  }

  get lastFullSyncAt(): number {
    return this.#fullAt;
  }

  get lastSyncAt(): number {
    return Math.max(this.#fullAt, this.#incrementalAt);
  }

  /** What the endpoint offers beyond the published API, once it has said so. */
  get offer(): Offer | undefined {
    return this.#offer;
  }

  /** Runs until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => void this.stop(signal.reason), { once: true });
    while (!this.#stopping.signal.aborted) await this.#step();
    await this.executor.stop();
  }

  /** Runs until a plan has nothing more that can be done now. */
  async settle(): Promise<Plan> {
    for (;;) {
      await this.#step();
      const plan = this.#plan;
      this.#stopping.signal.throwIfAborted();
      if (!plan || this.#due || this.executor.busy > 0 || this.#reading.size > 0 || plan.reads.length > 0)
        continue;
      if (this.executor.queued === 0) return plan;
    }
  }

  async stop(reason: unknown = new Error('stopping')): Promise<void> {
    this.#stopping.abort(reason);
    this.#alarm.ring();
    await this.executor.stop(reason);
  }

  async #step(): Promise<void> {
    const { clock } = this.#options;
    const now = clock.now();
    if (now >= this.#nextFull || this.#lacksTypes()) return this.#fullSync();
    if (this.#due && now >= this.#roundDueAt()) return this.#round();
    if (now >= this.#nextIncremental()) return this.#incrementalSync();
    const next = Math.min(
      this.#nextFull,
      this.#nextIncremental(),
      this.#due ? this.#roundDueAt() : Number.POSITIVE_INFINITY,
      this.executor.nextRetryAt(),
      this.#nextDeadline(),
    );
    await this.#alarm.wait(next);
    if (clock.now() >= Math.min(this.executor.nextRetryAt(), this.#nextDeadline())) this.#due = true;
  }

  #roundDueAt(): number {
    if (this.#edited) return 0;
    return this.#roundAt + (this.executor.queued > 0 ? roundGapMs.busy : roundGapMs.calm);
  }

  #nextIncremental(): number {
    return this.lastSyncAt + this.#options.sync.incrementalMs;
  }

  /** When the passing of time alone asks for something: an expiring grant. */
  #nextDeadline(): number {
    const now = this.#options.clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const resource of this.#options.host.resources()) {
      if (resource.kind !== 'PrivilegeGrant' || resource.spec.expiresAt === undefined) continue;
      const at = Date.parse(resource.spec.expiresAt);
      if (at > this.#roundAt && at < next) next = Math.max(at, now);
    }
    return next;
  }

  #lacksTypes(): boolean {
    return neededTypes(this.#options.host.resources()).some((type) => !this.#readTypes.has(type));
  }

  async #fullSync(): Promise<void> {
    const { client, clock, host, sync } = this.#options;
    const { signal } = this.#stopping;
    const startedAt = clock.now();
    const types = neededTypes(host.resources());
    try {
      this.#offer = await client.discover({ priority: 'sync', signal });
      const snapshot = await readAccount(client, { types, clock, priority: 'sync', signal });
      this.#adopt(snapshot);
      this.#readTypes = new Set(types);
      this.#fullAt = startedAt;
      this.#nextFull = startedAt + sync.fullMs;
      host.synced({ snapshot });
    } catch (error) {
      if (signal.aborted) return;
      this.#nextFull = clock.now() + retrySyncMs;
      this.#readTypes = new Set(types);
      host.synced({ error });
    }
    this.#resume();
    this.#due = true;
  }

  async #incrementalSync(): Promise<void> {
    const { client, clock, host } = this.#options;
    const { signal } = this.#stopping;
    const startedAt = clock.now();
    this.#incrementalAt = startedAt;
    try {
      const suspects = await host.suspects();
      const types = [...this.#readTypes];
      const snapshot = await readChanges(client, this.view, {
        types,
        suspects,
        clock,
        priority: 'sync',
        signal,
      });
      this.#adopt(snapshot);
      if (snapshot.covered.size > 0) this.#due = true;
      host.synced({ snapshot });
    } catch (error) {
      if (!signal.aborted) host.synced({ error });
    }
  }

  #adopt(snapshot: Snapshot): void {
    this.view.adopt(snapshot);
    for (const entry of snapshot.gone) {
      if (this.view.gone.has(entry)) continue;
      const slash = entry.indexOf('/');
      const type = objectTypes.find((candidate) => candidate === entry.slice(0, slash));
      if (type) this.view.forget(type, entry.slice(slash + 1));
    }
  }

  /** Writes that an earlier process had under way are followed to their end before anything is sent again. */
  #resume(): void {
    if (this.#resumed) return;
    this.#resumed = true;
    const { host } = this.#options;
    for (const { change, pending } of resumable(host.resources(), host.memory())) {
      this.executor.resume(change, pending);
    }
  }

  #round(): Promise<void> {
    const { clock, host } = this.#options;
    this.#due = false;
    this.#edited = false;
    this.#roundAt = clock.now();
    const memory = host.memory();
    const desired = compile({
      resources: host.resources(),
      policy: host.policy(),
      observed: this.view,
      memory,
      now: this.#roundAt,
      secretRevision: (secret) => host.secretRevision(secret),
    });
    const plan = diff({
      desired,
      observed: this.view,
      memory,
      driftPolicy: host.driftPolicy(),
      removals: host.removals(),
    });
    this.#plan = plan;
    host.planned(plan, desired);
    this.executor.offer(overtaking(plan, host.urgent()));
    return this.#read(plan.reads);
  }

  /** Reads one by one what list rows leave open; a few at a time, behind everything else. */
  async #read(reads: readonly NeededRead[]): Promise<void> {
    const wanted = reads.filter(({ type, id }) => !this.#reading.has(`${type}/${id}`));
    const places = Math.max(0, readsAtOnce - this.#reading.size);
    for (const { type, id } of wanted.slice(0, places)) this.#readLater(type, id);
  }

  #readLater(type: ObjectType, id: string): void {
    const key = `${type}/${id}`;
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    void this.#readOne(type, id).finally(() => {
      this.#reading.delete(key);
      this.nudge();
    });
  }

  async #readOne(type: ObjectType, id: string): Promise<void> {
    const { client, clock } = this.#options;
    const { signal } = this.#stopping;
    const readAt = clock.now();
    try {
      const body = await client.get(type, id, { priority: 'sync', signal });
      if (body) this.view.observe({ type, id, body, source: 'single', readAt });
      else this.view.forget(type, id);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.host.synced({ error });
      // The next full reading brings the question up again.
      await clock.sleep(retrySyncMs, signal).catch(() => undefined);
    }
  }
}

/** Phone numbers that a change took from an extension. */
function droppedNumbers(change: Change): string[] {
  return change.fields.flatMap(({ field, from }) => {
    const last = field.path.at(-1);
    if (field.absent && typeof last === 'object' && last.by === 'phoneNumber') return [last.is];
    if (last !== 'phoneNumbers' || !isJsonArray(from)) return [];
    return from.flatMap((number) =>
      isJsonObject(number) && typeof number.phoneNumber === 'string' ? [number.phoneNumber] : [],
    );
  });
}

/** People's edits first; within both parts the plan's own order. */
function overtaking(plan: Plan, urgent: ReadonlySet<string>): Plan {
  if (urgent.size === 0) return plan;
  const isUrgent = (change: Plan['changes'][number]) =>
    change.resources.some((resource) => urgent.has(resourceKey(resource)));
  return {
    ...plan,
    changes: [...plan.changes.filter(isUrgent), ...plan.changes.filter((change) => !isUrgent(change))],
  };
}
