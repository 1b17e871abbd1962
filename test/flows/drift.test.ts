import { describe, expect, it } from 'vitest';
import { extension, grant } from '../../src/account/testing/resources.ts';
import { driftMarkdown } from '../../src/report/drift/drift-markdown.ts';
import { hasDrift } from '../../src/report/drift/drift-report.ts';
import { driftText } from '../../src/report/drift/drift-text.ts';
import { DriftWorkspace } from './support/drift-workspace.ts';
import { MemoryLock } from './support/memory-lock.ts';
import { pbxName, profile } from './support/resources.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('drift of an account with %s list rows', (_name, sparseRows) => {
  const sandbox = { sparseRows };
  const jane = profile('jane', { jobTitle: 'Engineer', department: 'Sales' });
  const line = extension('jane', '7001', { callWaiting: true });

  it('is none after all was applied, and asking writes nothing', async () => {
    const files = new DriftWorkspace({ sandbox });
    await files.apply([jane, line]);
    const writes = files.account.writes();
    const found = await files.report([jane, line]);
    expect(hasDrift(found)).toBe(false);
    expect(found).toMatchObject({ resources: [], notApplied: [], unknown: [] });
    expect(found.summary.managed).toBe(2);
    expect(found.unmanaged.length).toBeGreaterThan(0);
    expect(files.account.writes()).toBe(writes);
    expect(driftText(found, { color: false })).toMatch(/No drift: 2 managed resources\./);
  });

  it('is told apart from what the YAML changed, field by field, with who made it and when', async () => {
    const files = new DriftWorkspace({ sandbox });
    await files.apply([jane, line]);
    await files.patch(`/users/${files.idOf('UserProfile/acme/jane')}`, {
      directoryInfo: { jobTitle: 'Pirate' },
    });
    const edited = profile('jane', { jobTitle: 'Engineer', department: 'Support' });
    const found = await files.report([edited, line]);
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
    const files = new DriftWorkspace({ sandbox });
    await files.apply([jane, line]);
    const id = files.idOf('UserProfile/acme/jane');
    await files.remove(`/users/${id}`);
    const found = await files.report([jane, line]);
    expect(found.resources).toMatchObject([
      { resource: 'Extension jane', state: 'Missing' },
      { resource: 'UserProfile jane', state: 'Missing', author: { state: 'Known' } },
    ]);
    expect(found.notApplied).toEqual([]);
  });

  it('of privileges is drift of the grant', async () => {
    const files = new DriftWorkspace({ sandbox });
    const rights = grant('jane', {
      pbxes: [pbxName],
      sections: [{ name: 'Users', privileges: ['View'] }],
    });
    const { host } = await files.apply([jane, line, rights]);
    expect([...host.failures]).toEqual([]);
    const id = files.idOf('UserProfile/acme/jane');
    await files.patch(`/administrators/${id}`, {
      scopes: [{ pbxName, sections: [{ name: 'Users', privileges: ['View', 'Manage'] }] }],
    });
    const found = await files.report([jane, line, rights]);
    expect(found.resources.map(({ resource, state }) => `${resource} ${state}`)).toEqual([
      'PrivilegeGrant jane Drifted',
    ]);
  });
});

describe('what could not be read', () => {
  const jane = profile('jane', { jobTitle: 'Engineer' });
  const rights = grant('jane', { pbxes: [pbxName], sections: [{ name: 'Users', privileges: ['View'] }] });

  it('is unknown: neither drifted nor deleted nor unmanaged', async () => {
    const files = new DriftWorkspace();
    await files.apply([jane, rights]);
    await files.account.control('/faults', {
      match: { method: 'GET', path: '/administrators' },
      times: 9,
      respond: { status: 403, code: 'FORBIDDEN' },
    });
    const found = await files.report([jane, rights]);
    expect(found.resources).toEqual([]);
    expect(found.unknown.map(({ what }) => what)).toEqual(['administrators', 'PrivilegeGrant jane']);
    expect(found.unmanaged.filter(({ type }) => type === 'administrator')).toEqual([]);
    expect(driftText(found, { color: false })).toMatch(/No drift in what could be compared: /);
  });

  it('is what a file declares that has a fault: its object is not unmanaged', async () => {
    const files = new DriftWorkspace();
    await files.apply([jane, profile('joan')]);
    const joan = files.idOf('UserProfile/acme/joan');
    const found = await files.report([jane], { faulty: new Set(['UserProfile/acme/joan']) });
    expect(found.unmanaged.map(({ id }) => id)).not.toContain(joan);
    expect((await files.report([jane])).unmanaged.map(({ id }) => id)).toContain(joan);
    const broken = await files.report([jane], { complete: false });
    expect(broken.unmanaged).toEqual([]);
    expect(broken.unknown).toEqual([
      { what: 'unmanaged objects', why: 'a file could not be read, and what it declares is not known' },
    ]);
  });

  it('says so of who it was, and goes on', async () => {
    const files = new DriftWorkspace();
    await files.apply([jane]);
    await files.patch(`/users/${files.idOf('UserProfile/acme/jane')}`, {
      directoryInfo: { jobTitle: 'Pirate' },
    });
    await files.account.control('/faults', {
      match: { method: 'GET', path: '/audits' },
      times: 9,
      respond: { status: 403, code: 'FORBIDDEN' },
    });
    const found = await files.report([jane]);
    expect(found.resources).toMatchObject([{ state: 'Drifted', author: { state: 'Unreadable' } }]);
    expect(files.auditErrors).toHaveLength(1);
    expect(driftText(found, { color: false })).toContain('the audit records could not be read');
  });
});

describe('what was never applied', () => {
  it('is no drift, whatever the account has', async () => {
    const files = new DriftWorkspace();
    await files.apply([profile('jane', { jobTitle: 'Engineer' })]);
    const found = await files.report([profile('jane', { jobTitle: 'Engineer', department: 'Sales' })]);
    expect(found).toMatchObject({ resources: [], notApplied: [{ fields: ['spec.department'] }] });
  });

  it('can not be told from drift without a record of what was applied, and is not called none', async () => {
    const files = new DriftWorkspace();
    const jane = profile('jane', { jobTitle: 'Engineer' });
    await files.apply([jane]);
    const id = files.idOf('UserProfile/acme/jane');
    await files.patch(`/users/${id}`, { directoryInfo: { jobTitle: 'Pilot' } });
    const bound = profile('jane', { jobTitle: 'Engineer' }, { 'dialops.dev/external-id': id });
    const found = await files.report([bound], { lockFile: new MemoryLock() });
    expect(found).toMatchObject({
      resources: [],
      notApplied: [],
      unknown: [
        { what: 'UserProfile jane', why: expect.stringMatching(/^spec\.jobTitle differs from the account/u) },
      ],
    });
    expect(driftText(found, { color: false })).toContain('No drift in what could be compared: ');
  });
});
