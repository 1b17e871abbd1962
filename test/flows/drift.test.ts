import { describe, expect, it } from 'vitest';
import { driftMarkdown } from '../../src/report/drift/drift-markdown.ts';
import { hasDrift, reportDrift } from '../../src/report/drift/drift-report.ts';
import { driftText } from '../../src/report/drift/drift-text.ts';
import type { PhoneSystem } from '../../src/resources/generated/phone-system.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { type AccountDrift, type DriftOptions, readDrift } from '../../src/workspace/account-drift.ts';
import { runOnce } from '../../src/workspace/run.ts';
import { SecretFiles } from '../../src/workspace/secret-files.ts';
import { endpoint, Flow, type FlowOptions } from './support/account.ts';
import { MemoryLock } from './support/memory-lock.ts';
import { company, extension, grant, pbxName, profile } from './support/resources.ts';

const phoneSystem: PhoneSystem = {
  apiVersion: 'dialops.dev/v1alpha1',
  kind: 'PhoneSystem',
  metadata: { name: 'default', namespace: 'acme' },
  spec: { endpoint, apiKeySecretRef: { name: 'phone', key: 'key' } },
};
const actor = { userName: 'someone@example.com' };

function workspace(options: Partial<FlowOptions> = {}) {
  const account = new Flow({ resources: [], company, ...options });
  const lockFile = new MemoryLock();
  const common = {
    phoneSystem,
    endpoint,
    apiKey: async () => 'a-key-for-tests',
    transport: account.transport(),
    lockFile,
    secrets: new SecretFiles(undefined),
    clock: account.clock,
    random: () => 0.5,
    faulty: new Set<string>(),
    signal: new AbortController().signal,
  };
  const apply = (resources: readonly AccountResource[]) =>
    runOnce({ ...common, resources, prune: false, planOnly: false });
  const audit: unknown[] = [];
  const drift = (resources: readonly AccountResource[], more: Partial<DriftOptions> = {}) =>
    readDrift({
      ...common,
      resources,
      complete: true,
      auditMs: 3_600_000,
      onAuditError: (error) => audit.push(error),
      ...more,
    });
  const idOf = (key: string) => lockFile.lock.resources.get(key)?.status?.externalId ?? '';
  const patch = (path: string, merge: unknown) => account.control('/console/patch', { actor, path, merge });
  return { account, apply, audit, drift, idOf, lockFile, patch };
}

function report(drift: AccountDrift, showValues = true) {
  return reportDrift(drift.findings, {
    phoneSystem: 'default',
    readAt: drift.readAt,
    showValues,
    authorOf: drift.authorOf,
  });
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('drift of an account with %s list rows', (_name, sparseRows) => {
  const sandbox = { sparseRows };
  const jane = profile('jane', { jobTitle: 'Engineer', department: 'Sales' });
  const line = extension('jane', '7001', { callWaiting: true });

  it('is none after all was applied, and asking writes nothing', async () => {
    const { account, apply, drift } = workspace({ sandbox });
    await apply([jane, line]);
    const writes = account.writes();
    const found = report(await drift([jane, line]));
    expect(hasDrift(found)).toBe(false);
    expect(found).toMatchObject({ resources: [], notApplied: [], unknown: [] });
    expect(found.summary.managed).toBe(2);
    expect(found.unmanaged.length).toBeGreaterThan(0);
    expect(account.writes()).toBe(writes);
    expect(driftText(found, { color: false })).toMatch(/No drift: 2 managed resources\./);
  });

  it('is told apart from what the YAML changed, field by field, with who made it and when', async () => {
    const { apply, drift, idOf, patch } = workspace({ sandbox });
    await apply([jane, line]);
    await patch(`/users/${idOf('UserProfile/acme/jane')}`, { directoryInfo: { jobTitle: 'Pirate' } });
    const edited = profile('jane', { jobTitle: 'Engineer', department: 'Support' });
    const found = report(await drift([edited, line]));
    expect(found.resources).toMatchObject([
      {
        resource: 'UserProfile jane',
        state: 'Drifted',
        fields: [
          {
            field: 'spec.jobTitle',
            path: 'directoryInfo.jobTitle',
            declared: 'Engineer',
            account: 'Pirate',
          },
        ],
        author: { state: 'Known', actor: 'someone@example.com' },
      },
    ]);
    expect(found.notApplied).toEqual([
      { resource: 'UserProfile jane', action: 'Update', fields: ['spec.department'] },
    ]);
    const text = driftText(found, { color: false });
    expect(text).toMatch(/spec\.jobTitle +Engineer → Pirate\n +last changed by someone@example\.com, /);
    expect(driftMarkdown(found)).toContain('| Engineer → Pirate |');
  });

  it('names what is missing, and who removed it', async () => {
    const { account, apply, drift, idOf } = workspace({ sandbox });
    await apply([jane, line]);
    const id = idOf('UserProfile/acme/jane');
    await account.control('/console', { actor, method: 'DELETE', path: `/users/${id}` });
    const found = report(await drift([jane, line]));
    expect(found.resources).toMatchObject([
      { resource: 'Extension jane', state: 'Missing' },
      { resource: 'UserProfile jane', state: 'Missing', author: { state: 'Known' } },
    ]);
    expect(found.notApplied).toEqual([]);
  });

  it('of privileges is drift of the grant', async () => {
    const { apply, drift, idOf, patch } = workspace({ sandbox });
    const rights = grant('jane', {
      pbxes: [pbxName],
      sections: [{ name: 'Users', privileges: ['View'] }],
    });
    const { host } = await apply([jane, line, rights]);
    expect([...host.failures]).toEqual([]);
    const id = idOf('UserProfile/acme/jane');
    await patch(`/administrators/${id}`, {
      scopes: [{ pbxName, sections: [{ name: 'Users', privileges: ['View', 'Manage'] }] }],
    });
    const found = report(await drift([jane, line, rights]));
    expect(found.resources.map(({ resource, state }) => `${resource} ${state}`)).toEqual([
      'PrivilegeGrant jane Drifted',
    ]);
  });
});
