import type { Clock } from '../foundation/clock.ts';
import type { Transport } from '../foundation/http.ts';
import { nextConditions, type ReasonName, verdictsOf } from '../resources/conditions.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../resources/generated/phone-system.ts';
import { defaultPhoneSystem, phoneSystemOf } from '../resources/kinds.ts';
import { referenceTo } from '../resources/reference.ts';
import type { AccountWorker } from './account-worker.ts';
import type { Stored, StoredResource } from './kinds.ts';
import type { ReadableCache } from './kubernetes/cache.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { Finalizers } from './kubernetes/finalizers.ts';
import type { SecretReader } from './kubernetes/secrets.ts';
import type { StatusWriter } from './kubernetes/status-writer.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { PhoneSystemBoard } from './phone-system-board.ts';
import { createPhoneSystemWorker, workerFingerprint } from './phone-system-worker.ts';
import { type AccountCaches, hasFinalizer, ResourceCache, type Tools } from './resource-cache.ts';
import { StatusBoard } from './status-board.ts';

export interface AccountManagerOptions {
  readonly phoneSystems: ReadableCache<Stored<PhoneSystem>>;
  readonly phoneSystemStatus: StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>;
  readonly phoneSystemFinalizers: Finalizers<Stored<PhoneSystem>>;
  readonly caches: AccountCaches;
  readonly tools: Tools;
  readonly transport: Transport;
  readonly secrets: SecretReader;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespaceTerminating: (namespace: string) => Promise<boolean>;
}

interface Running {
  readonly fingerprint: string;
  readonly worker: AccountWorker;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** One worker for each PhoneSystem; resources of a PhoneSystem that is not there are told so. */
export class AccountManager {
  readonly #options: AccountManagerOptions;
  readonly #running = new Map<string, Running>();
  readonly #changing = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(options: AccountManagerOptions) {
    this.#options = options;
  }

  get workers(): readonly AccountWorker[] {
    return [...this.#running.values()].map(({ worker }) => worker);
  }

  /** Runs until the signal is aborted and every worker has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { phoneSystems, caches } = this.#options;
    const onResource = ({ object }: { readonly object: StoredResource }) => {
      const key = `${object.metadata.namespace ?? 'default'}/${phoneSystemOf(object)}`;
      if (!this.#running.has(key)) this.#look(key);
    };
    const ends = [
      phoneSystems.subscribe(({ object }) => this.#look(keyOf(object))),
      caches.UserProfile.subscribe(onResource),
      caches.Extension.subscribe(onResource),
      caches.PrivilegeGrant.subscribe(onResource),
      caches.PortingOrder.subscribe(onResource),
    ];
    for (const phoneSystem of phoneSystems.list()) this.#look(keyOf(phoneSystem));
    const strays = [caches.UserProfile, caches.Extension, caches.PrivilegeGrant, caches.PortingOrder].flatMap(
      (cache): readonly StoredResource[] => cache.list(),
    );
    for (const object of strays) onResource({ object });
    await aborted(signal);
    this.#stopping = true;
    for (const end of ends) end();
    await Promise.allSettled(this.#changing.values());
    await Promise.allSettled([...this.#running.keys()].map((key) => this.#stop(key)));
  }

  /** Brings one worker in line with its PhoneSystem, one step at a time. */
  #look(key: string): void {
    if (this.#stopping) return;
    const before = this.#changing.get(key) ?? Promise.resolve();
    const next = before
      .then(() => this.#adjust(key))
      .catch((error: unknown) =>
        this.#options.log.error('a PhoneSystem was not taken up', { account: key, error }),
      )
      .finally(() => {
        if (this.#changing.get(key) === next) this.#changing.delete(key);
      });
    this.#changing.set(key, next);
  }

  async #adjust(key: string): Promise<void> {
    const phoneSystem = this.#find(key);
    if (!phoneSystem) {
      await this.#stop(key);
      this.#tellStrays(key, `There is no PhoneSystem ${nameOf(key)} in this namespace`);
      return;
    }
    if (phoneSystem.metadata.deletionTimestamp !== undefined) {
      await this.#stop(key);
      await this.#orphan(key);
      await this.#options.phoneSystemFinalizers.remove(phoneSystem);
      return;
    }
    const rival = this.#olderRival(phoneSystem);
    if (rival) {
      await this.#stop(key);
      this.#board(key).show({
        reason: 'AccountAlreadyManaged',
        message: `PhoneSystem ${keyOf(rival)} manages the same account`,
        paused: false,
        missingScopes: [],
        recentRemovals: [],
        handled: {},
      });
      return;
    }
    const running = this.#running.get(key);
    const fingerprint = workerFingerprint(phoneSystem);
    if (running?.fingerprint === fingerprint) {
      running.worker.nudge();
      return;
    }
    await this.#stop(key);
    await this.#options.phoneSystemFinalizers.add(phoneSystem);
    this.#start(key, fingerprint);
  }

  #start(key: string, fingerprint: string): void {
    const { log } = this.#options;
    const stop = new AbortController();
    const board = this.#board(key);
    const worker = createPhoneSystemWorker(
      {
        ...this.#options,
        phoneSystem: () => this.#find(key),
        resources: this.#resources(key),
        namespaceTerminating: () => this.#options.namespaceTerminating(namespaceOf(key)),
        report: (facts) => board.show(facts),
      },
      stop.signal,
    );
    const done = worker.run(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) log.error('a worker ended', { account: key, error });
      // Its place is free: the next look starts another.
      if (this.#running.get(key)?.worker === worker) this.#running.delete(key);
    });
    this.#running.set(key, { fingerprint, worker, stop, done });
    log.info('account taken up', { account: key });
  }

  async #stop(key: string): Promise<void> {
    const running = this.#running.get(key);
    if (!running) return;
    running.stop.abort(new Error('The worker is stopped'));
    await running.done;
    this.#running.delete(key);
  }

  #find(key: string): Stored<PhoneSystem> | undefined {
    return this.#options.phoneSystems.get({ namespace: namespaceOf(key), name: nameOf(key) });
  }

  #resources(key: string): ResourceCache {
    return new ResourceCache(this.#options.caches, this.#options.tools, namespaceOf(key), nameOf(key));
  }

  #board(key: string): PhoneSystemBoard {
    const { phoneSystemStatus: writer, clock, log } = this.#options;
    return new PhoneSystemBoard({
      phoneSystem: () => this.#find(key),
      writer,
      clock,
      onError: (error) => log.warn('the status of a PhoneSystem was not written', { account: key, error }),
    });
  }

  /** Two writers on one account would undo each other's work: the older PhoneSystem keeps it. */
  #olderRival(phoneSystem: Stored<PhoneSystem>): Stored<PhoneSystem> | undefined {
    const age = (other: Stored<PhoneSystem>) => `${other.metadata.creationTimestamp ?? ''} ${keyOf(other)}`;
    return this.#options.phoneSystems
      .list()
      .find(
        (other) =>
          keyOf(other) !== keyOf(phoneSystem) &&
          other.metadata.deletionTimestamp === undefined &&
          sameAccount(other.spec, phoneSystem.spec) &&
          age(other) < age(phoneSystem),
      );
  }

  /** A key that is gone must not take people's phones with it: their resources are let go as they are. */
  async #orphan(key: string): Promise<void> {
    const resources = this.#resources(key);
    for (const resource of resources.list()) {
      if (!hasFinalizer(resource)) continue;
      await resources.removeFinalizer(resource);
      this.#options.events.record(resource, {
        type: 'Warning',
        reason: 'Orphaned',
        action: 'Release',
        note: 'The PhoneSystem was deleted: nothing was changed in the account',
      });
    }
  }

  #tellStrays(key: string, message: string): void {
    const { clock, log } = this.#options;
    const resources = this.#resources(key);
    const board = new StatusBoard({
      resources,
      onError: (error) => log.warn('a status was not written', { account: key, error }),
    });
    const reason: ReasonName = 'PhoneSystemNotReady';
    for (const resource of resources.list()) {
      if (resource.metadata.deletionTimestamp !== undefined) {
        resources
          .removeFinalizer(resource)
          .catch((error: unknown) => log.warn('a finalizer was not removed', { account: key, error }));
        continue;
      }
      const at = { now: new Date(clock.now()).toISOString(), generation: resource.metadata.generation ?? 0 };
      const conditions = nextConditions(resource.status?.conditions ?? [], verdictsOf(reason, message), at);
      board.publish(referenceTo(resource), {
        ...resource.status,
        observedGeneration: at.generation,
        conditions: conditions.map((condition) => ({ ...condition })),
      });
    }
  }
}

function sameAccount(a: PhoneSystem['spec'], b: PhoneSystem['spec']): boolean {
  if (a.endpoint.replace(/\/+$/, '') !== b.endpoint.replace(/\/+$/, '')) return false;
  return a.customerId === undefined || b.customerId === undefined || a.customerId === b.customerId;
}

function keyOf(phoneSystem: Stored<PhoneSystem>): string {
  return `${phoneSystem.metadata.namespace ?? 'default'}/${phoneSystem.metadata.name}`;
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1) || defaultPhoneSystem;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
