import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { dialops } from '../flows/support/command.ts';
import { eventually } from './eventually.ts';
import { extension, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'plan-context', company });
const jane = profile('jane', { site, jobTitle: 'Clerk', department: 'Sales' });
const line = extension('jane', '7101', { callWaiting: true, deletionPolicy: 'Delete' });

const order = port('main', { numbers: [{ number: '+14085550177' }], submit: true });

/** The folder of a pull request. */
async function folderOf(...objects: readonly JsonObject[]): Promise<string> {
  const folder = await mkdtemp(join(work.cluster.folder, 'files-'));
  await writeFile(join(folder, 'all.yaml'), objects.map((object) => stringify(object)).join('---\n'));
  return folder;
}

/** Without any key but the one in the cluster. */
function plan(...args: readonly string[]) {
  const at = ['--kubeconfig', work.cluster.adminKubeconfig, '--namespace', work.namespace];
  return dialops(['plan', ...args, ...at], { XDG_CONFIG_HOME: work.cluster.folder });
}

describe('a plan beside what a cluster remembers', () => {
  beforeAll(async () => {
    await work.secret(portSecretName, portSecret);
    await work.apply(jane, line, order);
    await work.waitFor('Ready', 'userprofile/jane', 'extension/jane', 'portingorder/main');
    await work.comesToRest();
  });

  it('has nothing to do for what the operator has done', async () => {
    const nothing = { code: 0, stderr: '', stdout: 'Nothing to do: the account is as declared.\n' };
    expect(await plan()).toEqual(nothing);
    expect(await plan(await folderOf(jane, line, order))).toEqual(nothing);
  });

  it('shows what a merge would change, and does none of it', async () => {
    const edited = profile('jane', { site, jobTitle: 'Head Clerk', department: 'Sales' });
    const { writes } = await work.phones.stats();
    const { code, stdout } = await plan(await folderOf(edited, line), '-o', 'json');
    expect(code).toBe(2);
    const report = JSON.parse(stdout);
    expect(report.changes).toMatchObject([
      { action: 'Update', fields: [{ field: 'spec.jobTitle', to: 'Head Clerk', cause: 'pending' }] },
    ]);
    expect((await work.phones.stats()).writes).toBe(writes);
  });

  it('lists what the files no longer hold, and with --prune what its removal would do', async () => {
    const folder = await folderOf(jane, order);
    expect(JSON.parse((await plan(folder, '-o', 'json')).stdout).undeclared).toEqual(['Extension jane']);
    const pruned = JSON.parse((await plan(folder, '--prune', '-o', 'json')).stdout);
    expect(pruned.undeclared).toEqual([]);
    expect(pruned.changes).not.toEqual([]);
  });

  it('takes another name for another resource, as the operator does, whatever object it names', async () => {
    const id = await work.kubectl('get', 'userprofile/jane', '-o', 'jsonpath={.status.externalId}');
    const renamed = profile('joan', { site, email: 'jane@example.com' }, { 'dialops.dev/external-id': id });
    const { code, stdout } = await plan(await folderOf(renamed), '--prune', '-o', 'json');
    expect(code).toBe(1);
    const conflict = expect.objectContaining({ resource: 'UserProfile joan', reason: 'Conflict' });
    expect(JSON.parse(stdout).problems).toContainEqual(conflict);
  });

  it('sends the key of the cluster nowhere that only the files name', async () => {
    const elsewhere = {
      ...work.phoneSystem('default'),
      spec: { endpoint: 'https://phones.example.com', apiKeySecretRef: { name: 'other', key: 'other' } },
    };
    const { code, stderr } = await plan(await folderOf(elsewhere, jane, line));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('has the operator invite once more, where a profile of that name exists', async () => {
    const invite = (name: string) => {
      const at = ['--kubeconfig', work.cluster.adminKubeconfig, '--namespace', work.namespace];
      return dialops(['invite', '--profile', name, ...at], { XDG_CONFIG_HOME: work.cluster.folder });
    };
    expect(await invite('joan')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('no UserProfile joan'),
    });
    const { writes } = await work.phones.stats();
    expect(await invite('jane')).toMatchObject({ code: 0, stderr: '' });
    await eventually('another invitation', async () => {
      expect((await work.phones.stats()).writes).toBe(writes + 1);
    });
  });

  it('says which names would do, where there is no such context or phone system', async () => {
    const context = await plan('--context', 'nowhere');
    expect(context).toMatchObject({ code: 64, stderr: expect.stringContaining('No context nowhere in ') });
    const system = await plan('--phone-system', 'london');
    expect(system).toMatchObject({ code: 64, stderr: expect.stringContaining('no PhoneSystem london in') });
    const saved = await plan('--out', join(work.cluster.folder, 'plan.json'));
    expect(saved).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--out goes without --context'),
    });
  });

  it('tells by the versions of Secrets, as the operator does, that one was changed', async () => {
    await work.secret(portSecretName, { ...portSecret, account: '87654321' });
    const { code, stdout } = await plan('-o', 'json');
    expect(code).toBe(1);
    const frozen = expect.objectContaining({ resource: 'PortingOrder main', reason: 'Frozen' });
    expect(JSON.parse(stdout).problems).toContainEqual(frozen);
  });
});
