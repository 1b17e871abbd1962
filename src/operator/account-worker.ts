import type { DesiredAccount } from '../account/desired.ts';
import type { Memory, PendingWrite } from '../account/memory.ts';
import type { Change, Outcome, Plan } from '../account/plan.ts';
import type { RemovalAllowance } from '../account/removal-guard.ts';
import { findCustomerId } from '../execution/account-identity.ts';
import { AccountLoop } from '../execution/account-loop.ts';
import type { Settled } from '../execution/host.ts';
import type { LoopHost } from '../execution/loop-host.ts';
import { noteOutcome, noteSettled } from '../execution/memory-notes.ts';
import { MemoryStore } from '../execution/memory-store.ts';
import { type PhoneSystemSettings, settingsOf } from '../execution/phone-system-settings.ts';
import { RemovalCount } from '../execution/removal-count.ts';
import { placesOf } from '../execution/suspects.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import { approveRemovalsAnnotation, reconcileAnnotation } from '../resources/annotations.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { AccountCheck } from './account-check.ts';
import { AccountFacts, approvalUsed } from './account-facts.ts';
import { AccountHealth } from './account-health.ts';
import type { AccountWorkerOptions } from './account-surroundings.ts';
import { Admission } from './admission.ts';
import { DriftReportBoard } from './drift-report-board.ts';
import { HeldRemovals } from './held-removals.ts';
import type { StoredResource } from './kinds.ts';
import { ResourceHolds } from './resource-holds.ts';
import { newsOf } from './resource-news.ts';
import { ResourceStatuses } from './resource-statuses.ts';
import { StatusBoard } from './status-board.ts';
import { orphanResources, tellStrays } from './stray-resources.ts';
import type { SyncFault } from './sync-fault.ts';
import { WriteRecords } from './write-records.ts';

/**
 * Keeps the account of one PhoneSystem: the loop of `src/execution` with the cluster around it. Statuses are its
 * memory, Events and conditions its voice; it knows nothing of phones.
 */
export class AccountWorker {
  readonly #options: AccountWorkerOptions;
  readonly #store = new MemoryStore();
  readonly #board: StatusBoard;
  readonly #loop: AccountLoop;
  readonly #statuses: ResourceStatuses;
  readonly #driftReport: DriftReportBoard;
  readonly #holds: ResourceHolds;
  readonly #removals: RemovalCount;
  readonly #urgent = new Set<string>();
  readonly #admission: Admission;
  readonly #check: AccountCheck;
  readonly #held: HeldRemovals;
  #settingsSeen: PhoneSystemSettings;
  #asked: string | undefined;
  readonly #health: AccountHealth;
  readonly #records: WriteRecords;
  readonly #facts: AccountFacts;
  #desired: DesiredAccount | undefined;

  constructor(options: AccountWorkerOptions) {
    this.#options = options;
    const { resources, log } = options;
    this.#board = new StatusBoard({
      resources,
      onError: (error) => log.error('status was not written', error),
    });
    this.#holds = new ResourceHolds(options);
    this.#driftReport = new DriftReportBoard(options);
    for (const resource of resources.list()) this.#store.learn(resource);
    const phoneSystem = options.phoneSystem();
    if (!phoneSystem) throw new Error('The PhoneSystem is gone');
    this.#removals = new RemovalCount({
      entries: phoneSystem.status?.recentRemovals ?? [],
      resources: resources.list(),
      store: this.#store,
      clock: options.clock,
    });
    this.#held = new HeldRemovals(phoneSystem.status?.handled?.[approvalUsed]);
    const settings = settingsOf(phoneSystem);
    this.#settingsSeen = settings;
    this.#asked = phoneSystem.metadata.annotations?.[reconcileAnnotation];
    this.#check = new AccountCheck({
      phoneSystem: options.phoneSystem,
      clock: options.clock,
      findCustomerId: (signal) => findCustomerId(options.client, { priority: 'sync', signal }),
    });
    this.#health = new AccountHealth(this.#check, log, options.auditFault);
    this.#statuses = new ResourceStatuses({
      ...options,
      store: this.#store,
      board: this.#board,
      health: this.#health,
      view: () => this.#loop.view,
    });
    this.#records = new WriteRecords({ resources, log, store: this.#store, board: this.#board });
    this.#admission = new Admission({
      clock: options.clock,
      namespaceTerminating: options.namespaceTerminating,
      letGo: (resource) => this.#holds.orphan(resource, 'The namespace is being deleted'),
      onChange: () => this.#loop.nudge('edit'),
      onError: (error) => log.error('the namespace of a deleted resource was not read', error),
    });
    this.#loop = new AccountLoop({
      client: options.client,
      budget: options.budget,
      clock: options.clock,
      random: options.random,
      host: this.#host(),
      operationsInFlight: settings.operationsInFlight,
      sync: settings.sync,
      showsMembers: true,
    });
    this.#facts = new AccountFacts({
      check: this.#check,
      health: this.#health,
      held: this.#held,
      loop: this.#loop,
      removals: this.#removals,
      isPaused: () => this.#settings().policy.paused,
      answered: phoneSystem.status?.handled?.reconcile,
      show: options.report,
    });
  }

  get loop(): AccountLoop {
    return this.#loop;
  }

  /** True when nothing is under way and every status stands as it should. */
  get atRest(): boolean {
    const { executor } = this.#loop;
    return this.#health.synced && executor.busy === 0 && executor.queued === 0 && this.#board.idle;
  }

  async run(signal: AbortSignal): Promise<void> {
    const end = this.#options.resources.subscribe((change) => {
      const news = newsOf(change);
      const { uid } = change.object.metadata;
      const key = resourceKey(referenceTo(change.object));
      if (news === 'gone') {
        this.#store.forget(key);
        this.#urgent.delete(key);
        this.#admission.forget(uid);
        this.#statuses.forget(referenceTo(change.object), uid);
        this.#loop.nudge();
        return;
      }
      this.#store.learn(change.object);
      if (news.arrived) this.#admission.arrived(uid, signal);
      // A hundred new people do not make one correction wait.
      if (news.edited) this.#urgent.add(key);
      if (news.asked) this.#forgive(change.object);
      this.#loop.nudge(news.edited ? 'edit' : 'other');
    });
    this.#driftReport.until(signal);
    try {
      await this.#loop.run(signal);
    } finally {
      end();
    }
  }

  /** "Reconcile now": what failed is tried again, and the account is read afresh. */
  #forgive(resource: StoredResource): void {
    for (const handle of this.#desired?.declarations.get(resourceKey(referenceTo(resource)))?.handles ?? []) {
      this.#loop.executor.forgive(handle);
    }
    this.#loop.resync();
  }

  /** A Secret or the clock changed what may be done. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** The PhoneSystem may say something else than before. */
  heed(): void {
    const asked = this.#options.phoneSystem()?.metadata.annotations?.[reconcileAnnotation];
    if (asked !== undefined && asked !== this.#asked) {
      this.#asked = asked;
      this.#options.forgetSecrets();
      this.#loop.executor.forgiveAll();
      this.#loop.resync();
    }
    // The one who keeps it may have let it go.
    if (this.#health.isTaken) this.#loop.resync();
    this.#loop.nudge('edit');
  }

  /** Those of a PhoneSystem that is just going away stay as they were last seen. */
  #settings(): PhoneSystemSettings {
    const phoneSystem = this.#options.phoneSystem();
    if (phoneSystem) this.#settingsSeen = settingsOf(phoneSystem);
    return this.#settingsSeen;
  }

  #host(): LoopHost {
    const { authors } = this.#options;
    return {
      resources: () => this.#counting(),
      memory: (): Memory => this.#store.snapshot(),
      policy: () => this.#settings().policy,
      driftPolicy: () => this.#settings().driftPolicy,
      removals: () => this.#allowance(),
      secretRevision: (secret) => this.#options.secretRevision(secret),
      secret: (_resource, secret) => this.#options.secret(secret),
      urgent: () => this.#urgent,
      begin: (change, pending) => this.#begin(change, pending),
      unsent: (change, pending) => this.#unsent(change, pending),
      remember: (made) => this.#records.remember(made),
      accepted: (change, pending) => {
        // Others were refused for what the key may do now.
        for (const handle of this.#check.writes.accepted()) this.#loop.executor.forgive(handle);
        return this.#records.accepted(change, pending);
      },
      overdue: (change, message) => {
        this.#statuses.overdue(change, message);
        this.#loop.nudge();
        return true;
      },
      settled: (change, result) => this.#settled(change, result),
      planned: (plan, desired, durationMs) => {
        this.#options.measure(durationMs);
        this.#planned(plan, desired);
      },
      synced: (result) => this.#noteSync(result),
      unread: ({ id, type }, error) => this.#health.unread(`${type}/${id}`, error),
      suspects: async () => placesOf(await authors.refreshSoon(), this.#loop.view),
      verify: async (found, signal) => {
        await this.#options.checkKey();
        if ('offer' in found) await this.#check.offer(found.offer, signal);
        else this.#check.snapshot(found.snapshot, found.types);
        await this.#options.claim(this.#check.customerId);
      },
    };
  }

  #counting(): readonly StoredResource[] {
    // With the key of another account, nothing may be asked for and nothing written.
    if (this.#health.isForeign) return [];
    return this.#options.resources.list().flatMap((resource) => this.#admission.countsAs(resource) ?? []);
  }

  #allowance(): RemovalAllowance {
    const approved = this.#options.phoneSystem()?.metadata.annotations?.[approveRemovalsAnnotation];
    return {
      ...this.#settings().removalGuard,
      recent: this.#removals.recent,
      ...this.#held.approval(approved),
    };
  }

  /** A removal is counted, and the count stored, before it is sent: whoever comes after a crash knows of it. */
  async #begin(change: Change, pending: PendingWrite | undefined): Promise<void> {
    const counted = this.#removals.begun(change, this.#desired);
    try {
      if (counted && !(await this.#facts.report())) {
        throw new Error('the count of removals could not be stored, so that nothing was sent');
      }
      if (pending) await this.#records.begin(change, pending);
    } catch (error) {
      if (counted) this.#removals.takeBack(change);
      throw error;
    }
  }

  /** The count goes last, as it came first: cut short, it is too high rather than too low. */
  async #unsent(change: Change, pending: PendingWrite | undefined): Promise<void> {
    if (pending) await this.#records.unsent(change);
    if (this.#removals.takeBack(change)) await this.#facts.report();
  }

  #settled(change: Change, answered: Settled): void {
    const { resources } = this.#options;
    const result = this.#check.writes.settled(change, answered);
    this.#removals.settled(change, result);
    noteSettled(this.#store, change, result, (ref) => resources.find(ref));
    this.#statuses.settled(change, result);
    if (result.object) this.#options.authors.wrote(result.object.id);
    for (const ref of change.resources) {
      const id = this.#store.get(resourceKey(ref)).externalId;
      if (id !== undefined) this.#options.authors.wrote(id);
    }
  }

  #planned(plan: Plan, desired: DesiredAccount): void {
    const { resources } = this.#options;
    this.#desired = desired;
    const { fault } = this.#health;
    if (fault && this.#health.isForeign) {
      this.#showFault(fault);
      return;
    }
    this.#check.writes.planned(plan);
    const show = this.#statuses.of(plan, desired);
    for (const [key, outcome] of plan.outcomes) {
      noteOutcome(this.#store, outcome);
      const resource = resources.find(outcome.resource);
      if (!resource || resource.metadata.uid !== outcome.resource.uid) continue;
      if (outcome.changes.length === 0) this.#urgent.delete(key);
      const deleting = resource.metadata.deletionTimestamp !== undefined;
      const counted = desired.declarations.get(key)?.deleting === true;
      if (deleting && counted && this.#isFinished(key, outcome)) {
        this.#holds.release(resource);
        continue;
      }
      if (deleting && fault?.reason === 'SecretNotFound') {
        this.#holds.orphan(resource, 'The key is gone');
        continue;
      }
      if (!deleting) this.#holds.take(resource);
      show(resource, outcome);
    }
    void this.#facts.report({ plan, desired });
    this.#showDrift(plan, desired);
  }

  #showDrift(plan: Plan, desired: DesiredAccount): void {
    if (!this.#health.synced) return;
    const { executor, offer, view } = this.#loop;
    const hasAudit = (this.#options.phoneSystem()?.spec.audit?.endpoint ?? offer?.auditUrl) !== undefined;
    const busy = executor.queued > 0;
    this.#driftReport.show({ plan, desired, observed: view, memory: this.#store.snapshot(), busy, hasAudit });
  }

  #isFinished(key: string, outcome: Outcome): boolean {
    return outcome.reason === 'Deleted' && outcome.verified && !this.#loop.executor.isBusyFor(key);
  }

  /** The account is another's: its resources are told, and stay as they are. */
  #showFault({ reason, message }: SyncFault): void {
    const { log, resources } = this.#options;
    const why = `The PhoneSystem is ${reason}: ${message}`;
    const onError = (error: unknown) => log.error('a status was not written', error);
    tellStrays(resources, this.#options, why).catch(onError);
    if (this.#health.isTaken) orphanResources(resources, this.#options, why, 'deleted').catch(onError);
    void this.#facts.report();
  }

  #noteSync(result: { readonly snapshot: Snapshot } | { readonly error: unknown }): void {
    if ('error' in result) {
      this.#health.failed(result.error);
      this.#options.doubt();
      void this.#facts.report();
      return;
    }
    // What failed meanwhile failed for the same reason.
    if (this.#health.read(result.snapshot)) this.#loop.executor.forgiveAll();
    this.#facts.reconciled(this.#asked);
    this.#options.measureSync();
  }
}
