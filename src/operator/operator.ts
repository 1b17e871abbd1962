import { type Clock, systemClock } from '../foundation/clock.ts';
import { collections } from '../phonesystem/collections.ts';
import { finishingTransport } from '../phonesystem/finishing-transport.ts';
import { readOnlyTransport } from '../phonesystem/read-only-transport.ts';
import { fetchTransport } from '../phonesystem/transport.ts';
import { finalizer } from '../resources/annotations.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../resources/generated/phone-system.ts';
import { AccountManager } from './account-manager.ts';
import { DriftReportWriter } from './drift-report-writer.ts';
import { startHealthServer } from './health.ts';
import {
  extensions,
  phoneSystems,
  portingOrders,
  privilegeGrants,
  type Stored,
  userProfiles,
} from './kinds.ts';
import { KubernetesClient } from './kubernetes/client.ts';
import { ApiConnection } from './kubernetes/connection.ts';
import { EventRecorder } from './kubernetes/events.ts';
import { Finalizers } from './kubernetes/finalizers.ts';
import { type ClusterSource, loadKubeConfig } from './kubernetes/kube-config.ts';
import { LeaderElection } from './kubernetes/lease.ts';
import { type KubernetesObject, plainType, type ResourceType } from './kubernetes/object.ts';
import { Reflector } from './kubernetes/reflector.ts';
import { SecretReader } from './kubernetes/secrets.ts';
import { StatusWriter } from './kubernetes/status-writer.ts';
import type { Log } from './log.ts';
import { countKubernetesRequests, createMetrics } from './metrics.ts';
import { redact } from './redact.ts';
import { accountTools } from './resource-cache.ts';

export interface OperatorOptions {
  readonly cluster: ClusterSource;
  /** Left out: all namespaces, which needs a ClusterRole. */
  readonly namespace?: string;
  /** Where the Lease stands. */
  readonly leaseNamespace: string;
  /** Unique to this process. */
  readonly identity: string;
  /** Hosts that keys may be sent to, besides the vendor's. */
  readonly allowedHosts: readonly string[];
  /** Keys may be sent to 127.0.0.1 and ::1: for the sandbox. */
  readonly allowLoopback: boolean;
  /** Left out: no health server. */
  readonly health?: { readonly host: string; readonly port: number };
  /** Reads and decides, and writes nowhere: the API server checks each write and stores none. Takes no Lease. */
  readonly dryRun?: boolean;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const namespaces = plainType('', 'v1', 'namespaces', 'Namespace');
/** A namespace's state is asked for once for all resources that vanish together. */
const namespaceMaxAgeMs = 2_000;

/** Runs the operator until the signal is aborted; resolves when everything has ended and the Lease is given back. */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { log, clock = systemClock, random = Math.random } = options;
  const metrics = createMetrics();
  const connection = new ApiConnection(() => loadKubeConfig(options.cluster));
  const client = new KubernetesClient({
    connection,
    clock,
    onRequest: countKubernetesRequests(metrics),
    ...(options.dryRun ? { dryRun: true } : {}),
  });
  const reflect = <T extends KubernetesObject>(type: ResourceType<T>): Reflector<T> =>
    new Reflector({
      client,
      type,
      clock,
      random,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
      onError: (error) => {
        metrics.watchFailures.inc({
          resource: type.plural,
          reason: error instanceof Error ? error.name : 'other',
        });
        log.warn('a watch failed and goes on', { kind: type.kind, error });
      },
    });
  const reflectors = {
    PhoneSystem: reflect(phoneSystems),
    UserProfile: reflect(userProfiles),
    Extension: reflect(extensions),
    PrivilegeGrant: reflect(privilegeGrants),
    PortingOrder: reflect(portingOrders),
  };
  const all = Object.values(reflectors);
  const isSynced = () => all.every((reflector) => reflector.isSynced);
  const health =
    options.health &&
    (await startHealthServer({
      ...options.health,
      live: {},
      ready: { caches: () => (isSynced() ? undefined : 'the resources are not listed yet') },
      registry: metrics.registry,
    }));
  if (health) log.info('health server is up', { address: `${health.host}:${health.port}` });
  for (const reflector of all) reflector.start();
  const election = new LeaderElection({
    client,
    clock,
    random,
    namespace: options.leaseNamespace,
    // An operator of one namespace stands in nobody's way who works in another.
    name: options.namespace === undefined ? 'dialops-operator' : `dialops-operator-${options.namespace}`,
    identity: options.identity,
    onError: (error) => log.warn('the Lease was not renewed', { error }),
  });
  try {
    if (options.dryRun) {
      await Promise.all(all.map((reflector) => reflector.synced));
      await lead({ signal, isLeader: () => true });
      return;
    }
    await election.run(signal, async (term) => {
      log.info('leading', { name: options.identity });
      metrics.leader.set(1);
      try {
        await Promise.all(all.map((reflector) => reflector.synced));
        if (!term.signal.aborted) await lead(term);
      } finally {
        metrics.leader.set(0);
        log.info('no longer leading', { name: options.identity });
      }
    });
  } finally {
    await Promise.allSettled(all.map((reflector) => reflector.stop()));
    await health?.close();
  }

  async function lead(term: { readonly signal: AbortSignal; isLeader(): boolean }): Promise<void> {
    const caches = {
      UserProfile: reflectors.UserProfile.cache,
      Extension: reflectors.Extension.cache,
      PrivilegeGrant: reflectors.PrivilegeGrant.cache,
      PortingOrder: reflectors.PortingOrder.cache,
    };
    const mayWrite = () => term.isLeader();
    const onWritten = (kind: string) => {
      if (!options.dryRun) metrics.statusWrites.inc({ kind });
    };
    const events = new EventRecorder({
      client,
      clock,
      random,
      controller: 'dialops.dev/operator',
      instance: options.identity,
      redact,
      mayWrite,
      onError: (error) => log.warn('an Event was not written', { error }),
    });
    const network = finishingTransport(
      fetchTransport({
        allowedHosts: ['api.8x8.com', ...options.allowedHosts],
        allowLoopback: options.allowLoopback,
      }),
      clock,
    );
    const transport = options.dryRun
      ? readOnlyTransport(network, ({ method, url }) =>
          log.info('would write', { method, route: collectionOf(url) }),
        )
      : network;
    const manager = new AccountManager({
      phoneSystems: reflectors.PhoneSystem.cache,
      phoneSystemStatus: new StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>({
        client,
        type: phoneSystems,
        cache: reflectors.PhoneSystem.cache,
        mayWrite,
        onWritten,
      }),
      phoneSystemFinalizers: new Finalizers({
        client,
        type: phoneSystems,
        cache: reflectors.PhoneSystem.cache,
        finalizer,
        mayWrite,
      }),
      caches,
      tools: accountTools(client, caches, { mayWrite, onWritten }),
      // An ex-leader must not write to the account either.
      transport: async (request, requestSignal) => {
        if (!term.isLeader()) throw new Error('Not the leader any more');
        return transport(request, requestSignal);
      },
      secrets: new SecretReader({ client, clock }),
      events,
      ...(options.dryRun ? {} : { driftReports: new DriftReportWriter({ client, mayWrite, onWritten }) }),
      metrics,
      log,
      clock,
      random,
      namespaceTerminating: namespaceStates(client, clock),
    });
    await manager.run(term.signal);
    await events.flush();
  }
}

/** The collection that a request is about, without the id behind it. */
function collectionOf(url: string): string {
  const known = Object.values(collections).find(({ path }) => new URL(url).pathname.includes(path));
  return known?.path ?? 'other';
}

function namespaceStates(client: KubernetesClient, clock: Clock): (namespace: string) => Promise<boolean> {
  const known = new Map<string, { readonly at: number; readonly terminating: Promise<boolean> }>();
  return (namespace) => {
    const before = known.get(namespace);
    if (before && clock.now() - before.at < namespaceMaxAgeMs) return before.terminating;
    const terminating = client
      .get(namespaces, { name: namespace })
      .then((object) => object.metadata.deletionTimestamp !== undefined);
    known.set(namespace, { at: clock.now(), terminating });
    return terminating;
  };
}
