import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { seedCompany } from '../../src/sandbox/company.ts';
import { dialops } from '../flows/support/command.ts';
import { eventually } from './eventually.ts';
import { userId } from './support/phone-system.ts';
import { profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({
  prefix: 'drift-context',
  company,
  phoneSystem: { driftPolicy: 'Report', sync: { incremental: '2s', full: '1h' } },
});
const jane = profile('jane', { site, jobTitle: 'Clerk' });
const culprit = 'culprit@example.com';

/** Without any key but the one in the cluster. */
function drift(...args: readonly string[]) {
  const at = ['--kubeconfig', work.cluster.adminKubeconfig, '--namespace', work.namespace];
  return dialops(['drift', ...args, ...at], { XDG_CONFIG_HOME: work.cluster.folder });
}

describe('drift of what a cluster remembers', () => {
  beforeAll(async () => {
    await work.apply(jane);
    await work.waitFor('Ready', 'userprofile/jane');
    await work.comesToRest();
  });

  it('is none for what the operator has applied', async () => {
    expect(await drift()).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^No drift|\nNo drift/),
    });
  });

  it('is what the DriftReport of the operator says', async () => {
    const id = userId(await work.phones.user('jane@example.com'));
    await work.phones.console(culprit, `/users/${id}`, { directoryInfo: { jobTitle: 'Queen' } });
    const { code, stdout } = await drift('-o', 'json', '--show-values');
    expect(code).toBe(2);
    const report = JSON.parse(stdout);
    expect(report.resources).toMatchObject([
      {
        resource: 'UserProfile jane',
        fields: [{ field: 'spec.jobTitle', declared: 'Clerk', account: 'Queen' }],
        author: { state: 'Known', actor: culprit },
      },
    ]);
    await eventually('the report of the operator', async () => {
      const { resources, summary } = await work.status('driftreport/default');
      expect(resources).toMatchObject([
        { kind: 'UserProfile', name: 'jane', state: 'Drifted', changedBy: culprit, externalId: id },
      ]);
      const { managed, drifted, missing, unmanaged } = report.summary;
      expect(summary).toMatchObject({ managed, drifted, missing });
      // The operator reads what its resources need, the command all that YAML could declare.
      expect(unmanaged).toBeGreaterThanOrEqual(
        Number(member(await work.status('driftreport/default'), 'summary').unmanaged),
      );
    });
  });

  it('can be accepted into the files of a repository, which the operator then finds in line', async () => {
    const folder = await mkdtemp(join(work.cluster.folder, 'files-'));
    const file = join(folder, 'jane.yaml');
    await writeFile(file, `# Of the office.\n${stringify(jane)}`);
    const { code, stderr } = await drift(folder, '--accept');
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Written: ${file}\n` });
    expect(await readFile(file, 'utf8')).toBe(
      `# Of the office.\n${stringify(profile('jane', { site, jobTitle: 'Queen' }))}`,
    );
    await work.kubectl('apply', '-f', file);
    await work.becomes('userprofile/jane', 'Synced');
    await eventually('the drift to be over', async () => {
      expect(await work.condition('userprofile/jane', 'Drifted')).toBeUndefined();
      expect((await work.status('driftreport/default')).summary).toMatchObject({ drifted: 0 });
    });
  });
});
