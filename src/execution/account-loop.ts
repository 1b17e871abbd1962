import { AccountView } from '../account/account-view.ts';
import { noMemory } from '../account/memory.ts';
import type { Change, Plan } from '../account/plan.ts';
import { Rounds } from '../account/rounds/rounds.ts';
import type { Clock } from '../foundation/clock.ts';
import { isJsonArray, isJsonObject } from '../foundation/json.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { AccountSync } from './account-sync.ts';
import { Alarm } from './alarm.ts';
import { Executor } from './executor.ts';
import { HiddenMembers } from './hidden-members.ts';
import type { LoopHost } from './loop-host.ts';
import { resumable } from './resume.ts';
import { SingleReads } from './single-reads.ts';
import { urgentFirst } from './urgent-first.ts';
import { writtenSecrets } from './written-secrets.ts';

export interface LoopOptions {
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly host: LoopHost;
  readonly random: () => number;
  readonly operationsInFlight: number;
  /** Milliseconds between two readings of what changed, and of everything. */
  readonly sync: { readonly incrementalMs: number; readonly fullMs: number };
  /** False: plans are made and not carried out. Default: true. */
  readonly execute?: boolean;
  /** Members of ring groups are read one by one where rows hide them: for statuses. Default: false. */
  readonly showsMembers?: boolean;
  /** Makes the plans; a test may hold them against others. */
  readonly rounds?: Pick<Rounds, 'make'>;
}

/**
 * A round is pure work over the whole account, some 15 µs a resource. The gaps keep it to a few percent of a CPU:
 * while writes are queued, which go on without it, and while what is under way ends, one by one.
 */
const roundGapMs = {
  busy: (resources: number) => Math.max(1_000, resources * 1.5),
  calm: (resources: number) => Math.max(50, resources * 0.05),
  reading: (resources: number) => Math.max(1_000, resources * 3),
};
/** So many single reads go on for a while without a round. */
const backlogOfReads = 20;
/** With more writes waiting than this, looking for what others changed waits too. */
const backlogOfSync = 20;

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
  readonly #reads: SingleReads;
  readonly #members: HiddenMembers | undefined;
  readonly #sync: AccountSync;
  readonly #rounds: Pick<Rounds, 'make'>;
  #resumed = false;
  #roundAt = 0;
  #size = 0;
  /** When the passing of time alone asks for something: an expiring grant. */
  #deadline = Number.POSITIVE_INFINITY;
  #due = true;
  #edited = false;
  #plan: Plan | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#rounds = options.rounds ?? new Rounds();
    const { client, clock, host } = options;
    const seen = { client, clock, view: this.view, signal: this.#stopping.signal };
    this.#reads = new SingleReads({
      ...seen,
      onRead: () => this.nudge(),
      onError: (object, error) => host.unread(object, error),
    });
    this.#members = options.showsMembers
      ? new HiddenMembers({ ...seen, onRead: () => this.nudge() })
      : undefined;
    this.#sync = new AccountSync({
      ...seen,
      host,
      intervals: options.sync,
      isReading: () => this.#reads.isGettingOn(this.#plan?.reads ?? []),
      onAdopted: (snapshot, whole) => this.#members?.look(snapshot, whole),
    });
    this.executor = new Executor({
      client: options.client,
      budget: options.budget,
      clock: options.clock,
      view: this.view,
      random: options.random,
      operationsInFlight: options.operationsInFlight,
      dropped: () => this.nudge(),
      host: {
        begin: (change, pending) => host.begin(change, pending),
        unsent: (change, pending) => host.unsent(change, pending),
        remember: (made) => host.remember(made),
        accepted: (change, pending) => host.accepted(change, pending),
        overdue: (change, message) => host.overdue?.(change, message) ?? false,
        secret: (resource, secret) => host.secret(resource, secret),
        writtenSecrets: (ref) => {
          const key = resourceKey(ref);
          const resource = host.resources().find((each) => resourceKey(referenceTo(each)) === key);
          return writtenSecrets(resource, host.memory().get(key) ?? noMemory, (secret) =>
            host.secretRevision(secret),
          );
        },
        settled: (change, result) => {
          host.settled(change, result);
          // The inventory does not say by itself that a number is free again, and somebody may wait for it.
          for (const number of droppedNumbers(change)) this.#reads.start('phoneNumber', number);
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
    this.#sync.ask();
    this.nudge();
  }

  /** The plan of the last round. */
  get plan(): Plan | undefined {
    return this.#plan;
  }

  get lastFullSyncAt(): number {
    return this.#sync.lastFullAt;
  }

  get lastSyncAt(): number {
    return this.#sync.lastAt;
  }

  /** What the endpoint offers beyond the published API, once it has said so. */
  get offer(): Offer | undefined {
    return this.#sync.offer;
  }

  /** Runs until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => void this.stop(signal.reason), { once: true });
    try {
      while (!this.#stopping.signal.aborted) await this.#step();
    } finally {
      await this.stop();
    }
  }

  /** Runs until a plan has nothing more that can be done now. */
  async settle(): Promise<Plan> {
    for (;;) {
      await this.#step();
      const plan = this.#plan;
      this.#stopping.signal.throwIfAborted();
      const reads = this.#reads.pending + (this.#members?.pending ?? 0);
      if (!plan || this.#due || this.executor.busy > 0 || reads > 0 || plan.reads.length > 0) continue;
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
    if (this.#sync.isAskedFor) return this.#readAll();
    if (this.#due && now >= this.#roundDueAt()) {
      if (this.#sync.lacksTypes()) return this.#readAll();
      this.#round();
      return;
    }
    if (now >= this.#fullDueAt()) return this.#readAll();
    if (now >= this.#changesDueAt()) return this.#readChanges();
    // What became due since the last round is due still: its time may pass while something else is read.
    const retryAt = Math.min(this.executor.retryAfter(this.#roundAt), this.#deadline);
    const roundAt = this.#due ? this.#roundDueAt() : retryAt;
    await this.#alarm.wait(Math.min(this.#fullDueAt(), this.#changesDueAt(), roundAt));
    if (clock.now() >= retryAt) this.#due = true;
  }

  #roundDueAt(): number {
    if (this.#edited) return 0;
    const { busy, calm, reading } = roundGapMs;
    const gap = this.executor.queued > 0 ? busy : this.#reads.pending > backlogOfReads ? reading : calm;
    return this.#roundAt + gap(this.#size);
  }

  #fullDueAt(): number {
    return this.#sync.fullDueAt(this.executor.queued + this.executor.busy > 0);
  }

  #changesDueAt(): number {
    return this.#sync.changesDueAt(this.executor.queued > backlogOfSync);
  }

  async #readAll(): Promise<void> {
    await this.#sync.readAll();
    if (this.#sync.hasRead) this.#resume();
    this.#due = true;
  }

  async #readChanges(): Promise<void> {
    // The plan is a function of what is known: without news it is the one that there is.
    if (await this.#sync.readChanges()) this.#due = true;
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

  #round(): void {
    const { clock, host } = this.#options;
    const resources = host.resources();
    this.#size = resources.length;
    this.#due = false;
    this.#edited = false;
    this.#roundAt = clock.now();
    this.#deadline = nextDeadline(resources, this.#roundAt);
    const memory = host.memory();
    const unreadable = host.unreadable?.();
    const { desired, plan } = this.#rounds.make({
      resources,
      ...(unreadable ? { unreadable } : {}),
      policy: host.policy(),
      observed: this.view,
      memory,
      now: this.#roundAt,
      secretRevision: (secret) => host.secretRevision(secret),
      driftPolicy: host.driftPolicy(),
      removals: host.removals(),
    });
    this.#plan = plan;
    host.planned(plan, desired, clock.now() - this.#roundAt);
    if (this.#options.execute !== false) {
      this.executor.offer(urgentFirst(host.chosen?.(plan) ?? plan, host.urgent()));
    }
    this.#reads.offer(plan.reads);
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

/** When the next grant after `since` expires, or Infinity. */
function nextDeadline(resources: readonly AccountResource[], since: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const resource of resources) {
    if (resource.kind !== 'PrivilegeGrant' || resource.spec.expiresAt === undefined) continue;
    const at = Date.parse(resource.spec.expiresAt);
    if (at > since && at < next) next = at;
  }
  return next;
}
