import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { accountKinds } from '../resources/kinds.ts';
import type { ApiRequestSample } from './kubernetes/client.ts';
import type { AccountCounts } from './status/account-counts.ts';

/**
 * The operator's Prometheus metrics. Labels are names of Kubernetes objects, kinds, routes and codes; never the
 * name of a person's resource, an email or a number, and never anything whose values grow with the account.
 * `account` is `namespace/name` of a PhoneSystem.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly queueDepth: Gauge<'queue' | 'priority'>;
  readonly queueWait: Histogram<'queue' | 'priority'>;
  readonly reconcileDuration: Histogram<'account' | 'outcome'>;
  readonly kubernetesRequests: Counter<'verb' | 'resource' | 'code'>;
  readonly kubernetesRequestDuration: Histogram<'verb' | 'resource'>;
  readonly watchFailures: Counter<'resource' | 'reason'>;
  readonly statusWrites: Counter<'kind'>;
  readonly phoneSystemRequests: Counter<'account' | 'method' | 'route' | 'code'>;
  /** What `budgetRemaining` and `operationsInFlight` are read from when they are asked for, by account. */
  readonly live: Map<string, LiveFigures>;
  readonly budgetRemaining: Gauge<'account'>;
  readonly operationsInFlight: Gauge<'account'>;
  readonly managed: Gauge<'account' | 'kind'>;
  readonly drifted: Gauge<'account' | 'kind'>;
  readonly unmanaged: Gauge<'account' | 'kind'>;
  readonly lastSync: Gauge<'account' | 'sync'>;
  readonly leader: Gauge;
}

/** Figures that change without anything being done: read at the moment they are asked for. */
export interface LiveFigures {
  readonly budgetRemaining: () => number;
  readonly operationsInFlight: () => number;
}

/** A registry of its own for each call: nothing is shared through the process. */
export function createMetrics(options: { processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const live = new Map<string, LiveFigures>();
  const liveGauge = (name: string, help: string, figure: keyof LiveFigures) =>
    new Gauge({
      name,
      help,
      labelNames: ['account'],
      registers,
      collect() {
        this.reset();
        for (const [account, figures] of live) this.set({ account }, figures[figure]());
      },
    });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram<L>({ name, help, buckets, labelNames, registers });
  const fast = [0.005, 0.02, 0.1, 0.5, 2, 10, 30];
  const slow = [0.1, 0.5, 2, 10, 30, 120, 600];
  return {
    registry,
    queueDepth: gauge('dialops_queue_depth', 'Keys that are ready to be worked on', 'queue', 'priority'),
    queueWait: histogram(
      'dialops_queue_wait_seconds',
      'How long keys were ready before work on them began',
      slow,
      'queue',
      'priority',
    ),
    reconcileDuration: histogram(
      'dialops_reconcile_duration_seconds',
      'Duration of one round over an account',
      slow,
      'account',
      'outcome',
    ),
    kubernetesRequests: counter(
      'dialops_kubernetes_requests_total',
      'Requests to the Kubernetes API server; code 0 had no answer',
      'verb',
      'resource',
      'code',
    ),
    kubernetesRequestDuration: histogram(
      'dialops_kubernetes_request_duration_seconds',
      'Duration of requests to the Kubernetes API server, of watches until their head',
      fast,
      'verb',
      'resource',
    ),
    watchFailures: counter(
      'dialops_kubernetes_watch_failures_total',
      'Failures of lists and watches that were survived',
      'resource',
      'reason',
    ),
    statusWrites: counter('dialops_status_writes_total', 'Writes to the status of resources', 'kind'),
    phoneSystemRequests: counter(
      'dialops_phone_system_requests_total',
      'Requests to the phone system; code 0 had no answer',
      'account',
      'method',
      'route',
      'code',
    ),
    live,
    budgetRemaining: liveGauge(
      'dialops_phone_system_budget_remaining',
      'Requests that may be sent at this moment',
      'budgetRemaining',
    ),
    operationsInFlight: liveGauge(
      'dialops_phone_system_operations_in_flight',
      'Writes under way and operations that the phone system has accepted and not finished',
      'operationsInFlight',
    ),
    managed: gauge('dialops_resources_managed', 'Resources that the YAML manages', 'account', 'kind'),
    drifted: gauge('dialops_resources_drifted', 'Managed resources that differ', 'account', 'kind'),
    unmanaged: gauge('dialops_resources_unmanaged', 'Objects that no YAML manages', 'account', 'kind'),
    lastSync: gauge(
      'dialops_last_sync_timestamp_seconds',
      'When the account was last read, incrementally or in full',
      'account',
      'sync',
    ),
    leader: gauge('dialops_leader', '1 while this process leads, else 0'),
  };
}

/** Feeds the client's samples into the metrics: the client's `onRequest`. */
export function countKubernetesRequests(metrics: Metrics): (sample: ApiRequestSample) => void {
  return ({ verb, resource, code, seconds }) => {
    metrics.kubernetesRequests.inc({ verb, resource, code: String(code) });
    metrics.kubernetesRequestDuration.observe({ verb, resource }, seconds);
  };
}

/** Sets the gauges of what an account manages; what is not known is not shown. */
export function showCounts(metrics: Metrics, account: string, counts: AccountCounts): void {
  for (const kind of accountKinds) {
    const { managed, drifted, unmanaged } = counts[kind];
    metrics.managed.set({ account, kind }, managed);
    metrics.drifted.set({ account, kind }, drifted);
    if (unmanaged === undefined) metrics.unmanaged.remove({ account, kind });
    else metrics.unmanaged.set({ account, kind }, unmanaged);
  }
}

/**
 * Takes away the gauges of an account that this process keeps no longer: it is somebody else's now, or nobody's, and
 * old figures would be taken for its state.
 */
export function forgetAccount(metrics: Metrics, account: string): void {
  const { live, lastSync, managed, drifted, unmanaged } = metrics;
  live.delete(account);
  for (const sync of ['full', 'any']) lastSync.remove({ account, sync });
  for (const gauge of [managed, drifted, unmanaged])
    for (const kind of accountKinds) gauge.remove({ account, kind });
}
