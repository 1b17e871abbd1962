import type { Clock } from '../foundation/clock.ts';
import type { Transport } from '../foundation/http.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../resources/generated/phone-system.ts';
import { phoneSystemOf } from '../resources/kinds.ts';
import { AccountBudgets } from './account-budgets.ts';
import { AccountClaims } from './account-claims.ts';
import { accountName, type Contender } from './account-rivalry.ts';
import type { AccountWorker } from './account-worker.ts';
import type { DriftReportWriter } from './drift-report-writer.ts';
import type { Stored, StoredResource } from './kinds.ts';
import type { CacheChange, ReadableCache } from './kubernetes/cache.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { Finalizers } from './kubernetes/finalizers.ts';
import { keyOf, refFromKey } from './kubernetes/object.ts';
import type { SecretReader } from './kubernetes/secrets.ts';
import type { StatusWriter } from './kubernetes/status-writer.ts';
import { WorkQueue } from './kubernetes/work-queue.ts';
import type { Log } from './log.ts';
import { forgetAccount, type Metrics } from './metrics.ts';
import { PhoneSystemBoard } from './phone-system-board.ts';
import { createPhoneSystemWorker, workerFingerprint } from './phone-system-worker.ts';
import { type AccountCaches, ResourceCache, type Tools } from './resource-cache.ts';
import { RunningWorker } from './running-worker.ts';
import { orphanResources, tellStrays } from './stray-resources.ts';

export interface AccountManagerOptions {
  readonly phoneSystems: ReadableCache<Stored<PhoneSystem>>;
  readonly phoneSystemStatus: StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>;
  readonly phoneSystemFinalizers: Finalizers<Stored<PhoneSystem>>;
  readonly caches: AccountCaches;
  readonly tools: Tools;
  readonly transport: Transport;
  readonly secrets: SecretReader;
  readonly events: EventRecorder;
  /** Absent in a dry run. */
  readonly driftReports?: DriftReportWriter;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespaceTerminating: (namespace: string) => Promise<boolean>;
}

const queueName = 'phonesystems';
/** Accounts that are taken up or let go at the same time; keeping them is their workers' business. */
const hands = 4;
/** A worker that lived this long had no trouble at its start: its back-off begins anew. */
const healthyMs = 5 * 60_000;

/**
 * One worker for each PhoneSystem; resources of a PhoneSystem that is not there are told so. Keys of PhoneSystems
 * go through a queue: each is worked on by one hand at a time, and a failure is tried again with back-off.
 */
export class AccountManager {
  readonly #options: AccountManagerOptions;
  readonly #running = new Map<string, RunningWorker>();
  readonly #boards = new Map<string, PhoneSystemBoard>();
  readonly #queue: WorkQueue;
  readonly #claims: AccountClaims;
  readonly #budgets: AccountBudgets;
  /** PhoneSystems, by uid, that have been looked at since their worker began: whose account it is has been asked. */
  readonly #decided = new Set<string>();

  constructor(options: AccountManagerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({ clock: options.clock, random: options.random });
    this.#budgets = new AccountBudgets(options.clock);
    this.#claims = new AccountClaims({ clock: options.clock, undecided: () => this.#undecided() });
  }

  get workers(): readonly AccountWorker[] {
    return [...this.#running.values()].map(({ worker }) => worker);
  }

  /** Runs until the signal is aborted and every worker has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const ends = this.#subscribe();
    const { phoneSystems, caches } = this.#options;
    for (const phoneSystem of phoneSystems.list()) this.#queue.add(keyOf(phoneSystem.metadata), 'resync');
    for (const cache of Object.values(caches)) for (const object of cache.list()) this.#noticeStray(object);
    const working = Array.from({ length: hands }, () => this.#work());
    await aborted(signal);
    for (const end of ends) end();
    await this.#queue.shutDown();
    await Promise.all(working);
    await Promise.all([...this.#running.keys()].map((key) => this.#stop(key)));
  }

  #subscribe(): (() => void)[] {
    const { phoneSystems, caches } = this.#options;
    const onResource = ({ object }: { readonly object: StoredResource }) => this.#noticeStray(object);
    return [
      phoneSystems.subscribe((change) => this.#onPhoneSystem(change)),
      caches.UserProfile.subscribe(onResource),
      caches.Extension.subscribe(onResource),
      caches.PrivilegeGrant.subscribe(onResource),
      caches.PortingOrder.subscribe(onResource),
    ];
  }

  #onPhoneSystem(change: CacheChange<Stored<PhoneSystem>>): void {
    const key = keyOf(change.object.metadata);
    this.#queue.add(key, 'edit');
    this.#lookAtOthers(key);
  }

  /** Another's account may have become free, or somebody else's. */
  #lookAtOthers(key: string): void {
    for (const other of this.#options.phoneSystems.list()) {
      const otherKey = keyOf(other.metadata);
      if (otherKey !== key) this.#queue.add(otherKey, 'resync');
    }
  }

  /** Resources whose account is kept are their worker's business. */
  #noticeStray(object: StoredResource): void {
    const key = `${object.metadata.namespace ?? 'default'}/${phoneSystemOf(object)}`;
    const running = this.#running.get(key);
    if (!running || running.ended) this.#queue.add(key, 'edit');
  }

  async #work(): Promise<void> {
    const { log, metrics } = this.#options;
    for (let item = await this.#queue.next(); item; item = await this.#queue.next()) {
      const { key, priority } = item;
      metrics.queueWait.observe({ queue: queueName, priority }, item.waitedMs / 1_000);
      try {
        await this.#adjust(key);
        if (!this.#running.get(key)?.ended) this.#settleBackoff(key);
      } catch (error) {
        const uid = this.#find(key)?.metadata.uid;
        if (uid !== undefined) this.#decided.add(uid);
        const waitMs = this.#queue.addRateLimited(key);
        log.warn('a PhoneSystem was not taken up; it is tried again', { account: key, error, waitMs });
      } finally {
        this.#queue.done(key);
        for (const each of ['edit', 'resync'] as const)
          metrics.queueDepth.set({ queue: queueName, priority: each }, this.#queue.depth(each));
      }
    }
  }

  /** A worker that fails soon after its start must not start its back-off over by starting. */
  #settleBackoff(key: string): void {
    const running = this.#running.get(key);
    if (!running) {
      this.#queue.forget(key);
      return;
    }
    if (this.#queue.failures(key) === 0) return;
    this.#queue.addAfter(key, healthyMs);
    if (running.agedMs(this.#options.clock.now()) >= healthyMs) this.#queue.forget(key);
  }

  /** Brings one worker in line with its PhoneSystem. */
  async #adjust(key: string): Promise<void> {
    const phoneSystem = this.#find(key);
    const { phoneSystemFinalizers } = this.#options;
    if (!phoneSystem) {
      await this.#stop(key);
      this.#budgets.forget(key);
      const { name } = refFromKey(key);
      const why = `There is no PhoneSystem ${name} in this namespace`;
      return this.#leave(key, why, 'deleted');
    }
    if (phoneSystem.metadata.deletionTimestamp !== undefined) {
      await this.#stop(key);
      await this.#leave(key, 'The PhoneSystem was deleted', 'all');
      return phoneSystemFinalizers.remove(phoneSystem);
    }
    const running = this.#running.get(key);
    const fingerprint = workerFingerprint(phoneSystem);
    const same = running?.fingerprint === fingerprint && running.uid === phoneSystem.metadata.uid;
    if (same && !running.ended && !running.stopping) return running.worker.heed();
    await this.#stop(key);
    if (!(await phoneSystemFinalizers.add(phoneSystem))) return;
    this.#start(key, fingerprint, phoneSystem.metadata.uid);
  }

  /** What nobody keeps: told so, and let go where it was deleted. */
  async #leave(key: string, why: string, which: 'all' | 'deleted'): Promise<void> {
    const resources = this.#resources(key);
    await orphanResources(resources, this.#options, why, which);
    await tellStrays(resources, this.#options, why);
  }

  #start(key: string, fingerprint: string, uid: string): void {
    const { log, clock } = this.#options;
    const { namespace = 'default' } = refFromKey(key);
    const stop = new AbortController();
    const board = this.#board(key);
    const worker = createPhoneSystemWorker(
      {
        ...this.#options,
        phoneSystem: () => this.#find(key),
        resources: this.#resources(key),
        namespaceTerminating: () => this.#options.namespaceTerminating(namespace),
        report: (facts) => board.show(facts),
        budget: (limits) => this.#budgets.begin(key, limits),
        claim: (customerId) => this.#claim(key, customerId),
        doubt: () => {
          this.#decided.add(uid);
          this.#claims.doubt(key);
        },
        onKeyChanged: (error) => {
          log.info('the key was replaced: the account is taken up anew', { account: key });
          stop.abort(error);
          this.#queue.add(key, 'edit');
        },
      },
      stop.signal,
    );
    const onFailure = (error: unknown) => {
      const waitMs = this.#queue.addRateLimited(key);
      log.error('a worker ended and is started again', { account: key, error, waitMs });
    };
    const startedAt = clock.now();
    this.#running.set(key, new RunningWorker({ worker, fingerprint, uid, startedAt, stop, onFailure }));
    log.info('account taken up', { account: key });
  }

  async #stop(key: string): Promise<void> {
    const running = this.#running.get(key);
    if (!running) return;
    this.#decided.delete(running.uid);
    await running.stop();
    this.#running.delete(key);
    // Who waits for the account need not wait for its next attempt.
    if (this.#claims.release(key)) this.#lookAtOthers(key);
    forgetAccount(this.#options.metrics, key);
    this.#options.log.info('account let go', { account: key });
  }

  /** Rejects with AccountTaken. */
  async #claim(key: string, customerId: string | undefined): Promise<void> {
    const phoneSystem = this.#find(key);
    if (!phoneSystem) throw new Error('The PhoneSystem is gone');
    this.#decided.add(phoneSystem.metadata.uid);
    const claimant = { ...contender(phoneSystem), customerId };
    const letGo = async () => {
      await this.#running.get(key)?.stop();
      this.#queue.add(key, 'edit');
    };
    await this.#claims.claim({ ...claimant, letGo });
    const account = accountName(claimant);
    if (account !== undefined) this.#budgets.settle(key, account);
  }

  /** Those who had an account when it was last asked for: one that starts later must not take it over meanwhile. */
  #undecided(): readonly Contender[] {
    return this.#options.phoneSystems
      .list()
      .filter(({ metadata, status }) => {
        const isGoing = metadata.deletionTimestamp !== undefined;
        return !isGoing && status?.customerId !== undefined && !this.#decided.has(metadata.uid);
      })
      .map(contender);
  }

  #find(key: string): Stored<PhoneSystem> | undefined {
    return this.#options.phoneSystems.get(refFromKey(key));
  }

  #resources(key: string): ResourceCache {
    const { namespace = 'default', name } = refFromKey(key);
    return new ResourceCache(this.#options.caches, this.#options.tools, namespace, name);
  }

  #board(key: string): PhoneSystemBoard {
    const known = this.#boards.get(key);
    if (known) return known;
    const { phoneSystemStatus: writer, clock, log } = this.#options;
    const board = new PhoneSystemBoard({
      phoneSystem: () => this.#find(key),
      writer,
      clock,
      onError: (error) => log.warn('the status of a PhoneSystem was not written', { account: key, error }),
    });
    this.#boards.set(key, board);
    return board;
  }
}

/** With the account that its status tells of. */
function contender({ metadata, spec, status }: Stored<PhoneSystem>): Contender {
  return {
    name: keyOf(metadata),
    endpoint: spec.endpoint,
    customerId: status?.customerId,
    created: metadata.creationTimestamp ?? '',
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
