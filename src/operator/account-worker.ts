import type { DesiredAccount, SecretKeyRef } from '../account/desired.ts';
import type { Memory, PendingWrite } from '../account/memory.ts';
import type { Change, Plan } from '../account/plan.ts';
import { isRemoval, type RemovalAllowance } from '../account/removal-guard.ts';
import { AccountLoop, type LoopHost } from '../execution/account-loop.ts';
import { type Settled, Superseded } from '../execution/host.ts';
import { noteBegun, noteOutcome, noteSettled } from '../execution/memory-notes.ts';
import { MemoryStore, storedMemory } from '../execution/memory-store.ts';
import type { Clock } from '../foundation/clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import { approveRemovalsAnnotation, reconcileAnnotation } from '../resources/annotations.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../resources/reference.ts';
import type { Authors } from './authors.ts';
import type { Stored, StoredResource } from './kinds.ts';
import { isApiError } from './kubernetes/api-error.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import { settingsOf } from './phone-system-settings.ts';
import { RemovalLog } from './removal-log.ts';
import { hasFinalizer, type ResourceCache } from './resource-cache.ts';
import type { LastFailure } from './status/account-status.ts';
import { countAccount, type PhoneSystemFacts, pendingRemovals } from './status/phone-system-status.ts';
import { seenExtensions } from './status/seen-extensions.ts';
import { statusOf } from './status/status-of.ts';
import { StatusBoard } from './status-board.ts';
import { faultOf, type SyncFault } from './sync-fault.ts';
import { Transitions } from './transitions.ts';
import type { WorkerLog } from './worker-log.ts';

export interface AccountWorkerOptions {
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  readonly resources: ResourceCache;
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventRecorder;
  readonly authors: Authors;
  readonly log: WorkerLog;
  /** The bytes behind a Secret's key; rejects when there are none. */
  readonly secret: (secret: SecretKeyRef) => Promise<Uint8Array>;
  /** A mark of the version of a Secret's key, as far as it is known. */
  readonly secretRevision: (secret: SecretKeyRef) => string | undefined;
  /** Everything of a namespace that goes away is orphaned: its deletion says nothing about people's phones. */
  readonly namespaceTerminating: () => Promise<boolean>;
  /** The state of the account as a whole is to be shown on the PhoneSystem. */
  readonly report: (facts: PhoneSystemFacts) => void;
}

/**
 * Keeps the account of one PhoneSystem: the loop of `src/execution` with the cluster around it. Statuses are its
 * memory, Events and conditions its voice; it knows nothing of phones.
 */
export class AccountWorker {
  readonly #options: AccountWorkerOptions;
  readonly #store = new MemoryStore();
  readonly #board: StatusBoard;
  readonly #loop: AccountLoop;
  readonly #failures = new Map<string, LastFailure>();
  readonly #transitions: Transitions;
  readonly #removals: RemovalLog;
  readonly #urgent = new Set<string>();
  readonly #missingScopes = new Set<string>();
  /** Deleted resources (by uid) of which it is known that they, and not their namespace, were deleted. */
  readonly #reallyDeleted = new Set<string>();
  readonly #askingFor = new Set<string>();
  #fault: SyncFault | undefined;
  #synced = false;
  #desired: DesiredAccount | undefined;

  constructor(options: AccountWorkerOptions) {
    this.#options = options;
    const { resources, log } = options;
    this.#board = new StatusBoard({
      resources,
      onError: (error) => log.error('status was not written', error),
    });
    this.#transitions = new Transitions(options.events);
    this.#removals = new RemovalLog(options.phoneSystem()?.status?.recentRemovals ?? []);
    for (const resource of resources.list()) this.#store.learn(resource);
    const settings = this.#settings();
    this.#loop = new AccountLoop({
      client: options.client,
      budget: options.budget,
      clock: options.clock,
      random: options.random,
      host: this.#host(),
      operationsInFlight: settings.operationsInFlight,
      sync: settings.sync,
    });
  }

  get loop(): AccountLoop {
    return this.#loop;
  }

  /** True when nothing is under way and every status stands as it should. */
  get atRest(): boolean {
    const { executor } = this.#loop;
    return this.#synced && executor.busy === 0 && executor.queued === 0 && this.#board.idle;
  }

  async run(signal: AbortSignal): Promise<void> {
    const end = this.#options.resources.subscribe((change) => {
      const key = resourceKey(referenceTo(change.object));
      if (change.type === 'deleted') {
        this.#store.forget(key);
        this.#failures.delete(key);
        this.#reallyDeleted.delete(change.object.metadata.uid);
        this.#loop.nudge();
        return;
      }
      this.#store.learn(change.object);
      const edited =
        change.type === 'added' ||
        change.before.metadata.generation !== change.object.metadata.generation ||
        change.object.metadata.deletionTimestamp !== change.before.metadata.deletionTimestamp;
      if (edited) this.#urgent.add(key);
      const asked = change.object.metadata.annotations?.[reconcileAnnotation];
      if (change.type === 'updated' && asked !== change.before.metadata.annotations?.[reconcileAnnotation]) {
        this.#forgive(change.object);
      }
      this.#loop.nudge(edited ? 'edit' : 'other');
    });
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

  /** The PhoneSystem, a Secret or the clock changed what may be done. */
  nudge(): void {
    this.#loop.nudge();
  }

  resync(): void {
    this.#loop.resync();
  }

  #settings() {
    const phoneSystem = this.#options.phoneSystem();
    if (!phoneSystem) throw new Error('The PhoneSystem is gone');
    return settingsOf(phoneSystem);
  }

  #host(): LoopHost {
    const { resources, authors } = this.#options;
    return {
      resources: () => resources.list().filter((resource) => this.#mayAct(resource)),
      memory: (): Memory => this.#store.snapshot(),
      policy: () => this.#settings().policy,
      driftPolicy: () => this.#settings().driftPolicy,
      removals: () => this.#allowance(),
      secretRevision: (secret) => this.#options.secretRevision(secret),
      secret: (_resource, secret) => this.#options.secret(secret),
      urgent: () => this.#urgent,
      begin: (change, pending) => this.#begin(change, pending),
      accepted: (change, pending) => this.#accepted(change, pending),
      settled: (change, result) => this.#settled(change, result),
      planned: (plan, desired) => this.#planned(plan, desired),
      synced: (result) => this.#noteSync(result),
      suspects: () => authors.refresh(),
    };
  }

  /** A deletion is acted upon only after its cause is known. */
  #mayAct(resource: StoredResource): boolean {
    const { uid, deletionTimestamp } = resource.metadata;
    if (deletionTimestamp === undefined || this.#reallyDeleted.has(uid)) return true;
    if (!this.#askingFor.has(uid)) void this.#askWhyDeleted(resource);
    return false;
  }

  async #askWhyDeleted(resource: StoredResource): Promise<void> {
    const { uid } = resource.metadata;
    this.#askingFor.add(uid);
    try {
      if (await this.#options.namespaceTerminating()) this.#release(resource);
      else {
        this.#reallyDeleted.add(uid);
        this.#loop.nudge();
      }
    } catch (error) {
      this.#options.log.error('the namespace of a deleted resource was not read', error);
    } finally {
      this.#askingFor.delete(uid);
    }
  }

  #allowance(): RemovalAllowance {
    const approved = this.#options.phoneSystem()?.metadata.annotations?.[approveRemovalsAnnotation];
    return {
      ...this.#settings().removalGuard,
      recent: this.#removals.recent(this.#options.clock.now()),
      ...(approved === undefined ? {} : { approved }),
    };
  }

  /** The intent stands in the status of every resource that it is for before a byte of it is sent. */
  async #begin(change: Change, pending: PendingWrite): Promise<void> {
    for (const ref of change.resources) {
      const resource = this.#options.resources.find(ref);
      if (!resource || resource.metadata.uid !== ref.uid)
        throw new Superseded(`${ref.kind} ${ref.name} is gone`);
      const deleting = resource.metadata.deletionTimestamp !== undefined;
      if (!deleting && !hasFinalizer(resource) && !(await this.#options.resources.addFinalizer(resource))) {
        throw new Superseded(`${ref.kind} ${ref.name} is being deleted`);
      }
    }
    noteBegun(this.#store, change, pending);
    for (const ref of change.resources) await this.#storeMemory(ref);
  }

  async #accepted(change: Change, pending: PendingWrite): Promise<void> {
    noteBegun(this.#store, change, pending);
    await Promise.all(
      change.resources.map((ref) =>
        this.#storeMemory(ref).catch((error: unknown) =>
          this.#options.log.error('an operation id was not stored', error),
        ),
      ),
    );
  }

  async #storeMemory(ref: ResourceRef): Promise<void> {
    try {
      const generation = this.#options.resources.find(ref)?.metadata.generation;
      const outcome = await this.#board.write(ref, (current) => {
        // An edit since the plan was made: the plan is no longer what the person wants.
        if (current.metadata.generation !== generation)
          throw new Superseded(`${ref.kind} ${ref.name} was edited`);
        const memory = storedMemory(this.#store.get(resourceKey(ref)));
        return { ...current.status, ...(memory ? { memory } : {}) };
      });
      if (outcome === 'gone') throw new Superseded(`${ref.kind} ${ref.name} is gone`);
    } catch (error) {
      if (isApiError(error, 'conflict'))
        throw new Superseded(`${ref.kind} ${ref.name} was changed meanwhile`);
      throw error;
    }
  }

  #settled(change: Change, result: Settled): void {
    const { resources, clock } = this.#options;
    noteSettled(this.#store, change, result, (ref) => resources.find(ref));
    for (const ref of change.resources) this.#failures.delete(resourceKey(ref));
    for (const { resource, reason, message, field } of result.failures) {
      const generation = resources.find(resource)?.metadata.generation ?? 0;
      this.#failures.set(resourceKey(resource), {
        reason,
        message: field === undefined ? message : `spec.${field}: ${message}`,
        generation,
      });
    }
    if (result.failures.length > 0) return;
    if (this.#desired && isRemoval(change, this.#desired)) {
      this.#removals.prune(clock.now());
      this.#removals.add(clock.now());
    }
    for (const ref of change.resources) {
      const resource = resources.find(ref);
      if (resource) this.#transitions.done(resource, change);
    }
  }

  #planned(plan: Plan, desired: DesiredAccount): void {
    const { resources, clock, authors } = this.#options;
    this.#desired = desired;
    const seen = seenExtensions(this.#loop.view);
    const now = new Date(clock.now()).toISOString();
    for (const [key, outcome] of plan.outcomes) {
      noteOutcome(this.#store, outcome);
      const resource = resources.find(outcome.resource);
      if (!resource || resource.metadata.uid !== outcome.resource.uid) continue;
      if (outcome.changes.length === 0) this.#urgent.delete(key);
      const deleting = resource.metadata.deletionTimestamp !== undefined;
      if (
        deleting &&
        outcome.reason === 'Deleted' &&
        outcome.verified &&
        !this.#loop.executor.isBusyFor(key)
      ) {
        this.#release(resource);
        continue;
      }
      if (!deleting && !hasFinalizer(resource)) this.#claim(resource);
      if (!outcome.verified && resource.status?.conditions !== undefined) continue;
      const failure = this.#failures.get(key);
      const author = outcome.drift.length > 0 ? authors.lastChange(outcome.externalId) : undefined;
      const status = statusOf(
        resource,
        {
          resource,
          outcome,
          desired,
          observed: this.#loop.view,
          now,
          ...(failure ? { failure } : {}),
          ...(author ? { author } : {}),
        },
        seen,
      );
      const memory = storedMemory(this.#store.get(key));
      const next = { ...status, ...(memory ? { memory } : {}) };
      this.#transitions.observe(resource, next);
      this.#board.publish(outcome.resource, next);
    }
    this.#report(plan, desired);
  }

  #claim(resource: StoredResource): void {
    this.#options.resources
      .addFinalizer(resource)
      .catch((error: unknown) => this.#options.log.error('a finalizer was not added', error));
  }

  #release(resource: StoredResource): void {
    this.#options.resources
      .removeFinalizer(resource)
      .catch((error: unknown) => this.#options.log.error('a finalizer was not removed', error));
  }

  #noteSync(result: { readonly snapshot: Snapshot } | { readonly error: unknown }): void {
    if ('error' in result) {
      this.#options.log.error('the account was not read', result.error);
      this.#fault = faultOf(result.error);
      this.#report(undefined, undefined);
      return;
    }
    this.#synced = true;
    this.#fault = undefined;
    for (const scope of result.snapshot.missingScopes) this.#missingScopes.add(scope);
    for (const [type, failure] of result.snapshot.failures) {
      if (failure.kind !== 'unsupported')
        this.#options.log.error(`the list of ${type} was not read`, failure);
    }
  }

  #report(plan: Plan | undefined, desired: DesiredAccount | undefined): void {
    const phoneSystem = this.#options.phoneSystem();
    if (!phoneSystem) return;
    const removals = plan ? pendingRemovals(plan) : undefined;
    const token = phoneSystem.metadata.annotations?.[reconcileAnnotation];
    const { offer } = this.#loop;
    this.#options.report({
      reason: this.#fault?.reason ?? (this.#synced ? 'Synced' : 'Pending'),
      message:
        this.#fault?.message ??
        (this.#synced ? 'The account is read and kept in line' : 'The account was not read yet'),
      paused: this.#settings().policy.paused,
      missingScopes: [...this.#missingScopes],
      recentRemovals: this.#removals.entries(),
      handled: token === undefined ? {} : { reconcile: token },
      ...(offer ? { offer } : {}),
      ...(plan && desired ? { counts: countAccount(plan, desired, this.#loop.view) } : {}),
      ...(removals ? { pendingRemovals: removals } : {}),
    });
  }
}
