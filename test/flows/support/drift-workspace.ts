import { type DriftReport, reportDrift } from '../../../src/report/drift/drift-report.ts';
import type { PhoneSystem } from '../../../src/resources/generated/phone-system.ts';
import type { AccountResource } from '../../../src/resources/kinds.ts';
import { type AccountDrift, type DriftOptions, readDrift } from '../../../src/workspace/account-drift.ts';
import { type Run, runOnce } from '../../../src/workspace/run.ts';
import { SecretFiles } from '../../../src/workspace/secret-files.ts';
import { endpoint, Flow, type FlowOptions } from './account.ts';
import { MemoryLock } from './memory-lock.ts';
import { company } from './resources.ts';

const phoneSystem: PhoneSystem = {
  apiVersion: 'dialops.dev/v1alpha1',
  kind: 'PhoneSystem',
  metadata: { name: 'default', namespace: 'acme' },
  spec: { endpoint, apiKeySecretRef: { name: 'phone', key: 'key' } },
};
const actor = { userName: 'someone@example.com' };

/** A sandbox with files beside it: applied, changed behind their back, and asked what moved. */
export class DriftWorkspace {
  readonly account: Flow;
  readonly lockFile = new MemoryLock();
  readonly auditErrors: unknown[] = [];
  readonly #common;

  constructor(options: Partial<FlowOptions> = {}) {
    this.account = new Flow({ resources: [], company, ...options });
    this.#common = {
      phoneSystem,
      endpoint,
      apiKey: async () => 'a-key-for-tests',
      transport: this.account.transport(),
      lockFile: this.lockFile,
      secrets: new SecretFiles(undefined),
      clock: this.account.clock,
      random: () => 0.5,
      faulty: new Set<string>(),
      signal: new AbortController().signal,
    };
  }

  apply(resources: readonly AccountResource[]): Promise<Run> {
    return runOnce({ ...this.#common, resources, prune: false, planOnly: false });
  }

  drift(resources: readonly AccountResource[], more: Partial<DriftOptions> = {}): Promise<AccountDrift> {
    return readDrift({
      ...this.#common,
      resources,
      complete: true,
      auditMs: 3_600_000,
      onAuditError: (error) => this.auditErrors.push(error),
      ...more,
    });
  }

  async report(
    resources: readonly AccountResource[],
    more: Partial<DriftOptions> & { readonly showValues?: boolean } = {},
  ): Promise<DriftReport> {
    const { showValues = true, ...options } = more;
    const drift = await this.drift(resources, options);
    return reportDrift(drift.findings, {
      phoneSystem: 'default',
      readAt: drift.readAt,
      showValues,
      authorOf: drift.authorOf,
    });
  }

  idOf(key: string): string {
    return this.lockFile.lock.resources.get(key)?.status?.externalId ?? '';
  }

  /** Somebody in the web console changes an object. */
  async patch(path: string, merge: unknown): Promise<void> {
    await this.account.control('/console/patch', { actor, path, merge });
  }

  /** Somebody in the web console deletes an object. */
  async remove(path: string): Promise<void> {
    await this.account.control('/console', { actor, method: 'DELETE', path });
  }
}
