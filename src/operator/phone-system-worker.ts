import { createHash } from 'node:crypto';
import { Authors } from '../execution/authors.ts';
import { SecretMissing } from '../execution/host.ts';
import { settingsOf } from '../execution/phone-system-settings.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Transport } from '../foundation/http.ts';
import { AuditClient } from '../phonesystem/audit.ts';
import type { RequestLimits } from '../phonesystem/budget.ts';
import { PhoneSystemClient } from '../phonesystem/client.ts';
import type { RequestRecord } from '../phonesystem/requester.ts';
import { HostNotAllowed } from '../phonesystem/transport.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { AccountBudget } from './account-budgets.ts';
import { AccountKey, type KeyChanged } from './account-key.ts';
import { AccountWorker } from './account-worker.ts';
import type { DriftReportWriter } from './drift-report-writer.ts';
import type { Stored } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { SecretReader } from './kubernetes/secrets.ts';
import type { Log } from './log.ts';
import { type Metrics, showCounts } from './metrics.ts';
import type { ResourceCache } from './resource-cache.ts';
import { SecretRevisions } from './secret-revisions.ts';
import type { PhoneSystemFacts } from './status/phone-system-status.ts';
import { faultOf } from './sync-fault.ts';

export interface PhoneSystemWorkerOptions {
  /** The PhoneSystem as it is now; undefined once it is gone. */
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  readonly resources: ResourceCache;
  readonly transport: Transport;
  readonly secrets: SecretReader;
  readonly events: EventRecorder;
  /** Absent in a dry run. */
  readonly driftReports?: DriftReportWriter;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespaceTerminating: () => Promise<boolean>;
  /** As of AccountWorkerOptions. */
  readonly report: (facts: PhoneSystemFacts) => Promise<boolean>;
  /** What may be sent, requests of an earlier worker of this account counted. */
  readonly budget: (limits: RequestLimits) => AccountBudget;
  /** As of AccountWorkerOptions. */
  readonly claim: (customerId: string | undefined) => Promise<void>;
  readonly doubt: () => void;
  /** The key is another one, and nothing was sent with it: this worker is to be ended at once, for a new one. */
  readonly onKeyChanged: (error: KeyChanged) => void;
}

/**
 * What can't be changed while a worker runs: another endpoint, key or limit means another worker. Everything else
 * of a PhoneSystem is read at each round.
 */
export function workerFingerprint({ spec }: PhoneSystem): string {
  const { endpoint, apiKeySecretRef, audit, limits, sync, customerId } = spec;
  return createHash('sha256')
    .update(JSON.stringify([endpoint, apiKeySecretRef, audit, limits, sync, customerId]))
    .digest('hex');
}

/** Connects one PhoneSystem to its account, and runs its worker until the signal is aborted. */
export function createPhoneSystemWorker(
  options: PhoneSystemWorkerOptions,
  signal: AbortSignal,
): AccountWorker {
  const { clock, random, transport, secrets, log, metrics } = options;
  const phoneSystem = options.phoneSystem();
  if (!phoneSystem) throw new Error('The PhoneSystem is gone');
  const { namespace = 'default', name } = phoneSystem.metadata;
  const { spec } = phoneSystem;
  const account = `${namespace}/${name}`;
  const settings = settingsOf(phoneSystem);
  const key = async (ref: { readonly name: string; readonly key: string }) => {
    const value = await secrets.read(namespace, ref.name, ref.key);
    if (!value.found) throw new SecretMissing(value.message);
    return value.value.toString('utf8').trim();
  };
  const accountKey = new AccountKey(() => key(spec.apiKeySecretRef), options.onKeyChanged);
  const keySecrets = [spec.apiKeySecretRef, spec.audit?.apiKeySecretRef].flatMap((ref) => ref?.name ?? []);
  const record = (entry: RequestRecord) => {
    metrics.phoneSystemRequests.inc({
      account,
      method: entry.method,
      route: entry.template,
      code: String(entry.status ?? 0),
    });
    // A refused key may have been rotated a moment ago.
    if (entry.status === 401) for (const name of keySecrets) secrets.forget(namespace, name);
    log.debug('request', {
      account,
      method: entry.method,
      route: entry.template,
      requestId: entry.requestId,
      durationMs: entry.durationMs,
      attempt: entry.attempt,
      ...(entry.status === undefined ? {} : { status: entry.status }),
      ...(entry.operationId === undefined ? {} : { operationId: entry.operationId }),
    });
  };
  const { requests: budget, audit: auditBudget } = options.budget(settings.limits);
  const common = { transport, clock, random, log: record };
  const client = new PhoneSystemClient({
    ...common,
    endpoint: spec.endpoint,
    apiKey: () => accountKey.get(),
    budget,
  });
  let worker: AccountWorker | undefined;
  const auditAt = (endpoint: string) =>
    new AuditClient({
      ...common,
      endpoint,
      apiKey: () => (spec.audit?.apiKeySecretRef ? key(spec.audit.apiKeySecretRef) : accountKey.get()),
      budget: auditBudget,
    });
  let audit: AuditClient | undefined;
  let auditFault: string | undefined;
  const auditClient = () => {
    const endpoint = spec.audit?.endpoint ?? worker?.loop.offer?.auditUrl;
    if (endpoint !== undefined) audit ??= auditAt(endpoint);
    return audit;
  };
  const report = (message: string, error: unknown) => log.warn(message, { account, error });
  const revisions = new SecretRevisions({
    reader: secrets,
    namespace,
    clock,
    onChange: () => worker?.nudge(),
    onError: (error) => report('a Secret was not read', error),
  });
  worker = new AccountWorker({
    phoneSystem: options.phoneSystem,
    resources: options.resources,
    client,
    budget,
    clock,
    random,
    events: options.events,
    ...(options.driftReports ? { driftReports: options.driftReports } : {}),
    authors: new Authors({
      audit: auditClient,
      clock,
      signal,
      onError: (error) => {
        if (error instanceof HostNotAllowed && spec.audit) auditFault = faultOf(error).message;
        report('the audit trail was not read', error);
      },
    }),
    auditFault: () => auditFault,
    log: { error: report },
    secret: (secret) => revisions.bytes(secret),
    checkKey: () => accountKey.get(),
    claim: options.claim,
    doubt: options.doubt,
    forgetSecrets: () => {
      secrets.forget(namespace);
      revisions.forget();
    },
    conceal: (text) => revisions.conceal(text),
    secretRevision: (secret) => revisions.revision(secret),
    namespaceTerminating: options.namespaceTerminating,
    measure: (durationMs) =>
      metrics.reconcileDuration.observe({ account, outcome: 'planned' }, durationMs / 1_000),
    measureSync: () => {
      if (!worker) return;
      metrics.lastSync.set({ account, sync: 'full' }, worker.loop.lastFullSyncAt / 1_000);
      metrics.lastSync.set({ account, sync: 'any' }, worker.loop.lastSyncAt / 1_000);
    },
    report: (facts) => {
      if (facts.counts) showCounts(metrics, account, facts.counts);
      return options.report(facts);
    },
  });
  const { executor } = worker.loop;
  metrics.live.set(account, {
    budgetRemaining: () => budget.available(),
    operationsInFlight: () => executor.busy,
  });
  return worker;
}
