import { describe, expect, it } from 'vitest';
import { DEMO_TIMEOUT_MS, useDemo } from './support/demo.ts';
import { testCluster } from './test-cluster.ts';

const cluster = testCluster();
const demo = useDemo(cluster.kubectlExecutable);

describe('npm run demo', () => {
  it(
    'converges, shows drift with its authors, corrects it, and leaves nothing behind',
    async () => {
      const { code, stderr, stdout } = await demo.start(['--once']).ended;
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      for (const [resource, actor] of [
        ['Extension/warehouse', 'sam.hollis@example.com'],
        ['UserProfile/tom-beckett', 'eve.lindqvist@example.com'],
        ['PrivilegeGrant/accounting', 'owner@example.com'],
      ]) {
        expect(stdout).toMatch(new RegExp(`${resource} +spec\\.\\S+ +${actor} +20\\d\\d-`));
      }
      expect(stdout).toMatch(/Events:\n.*Warning +Drifted/s);
      expect(stdout).toMatch(/job title +tom-beckett +Accountant\n/);
      expect(stdout).toContain('All of it converged.');
      expect(stdout).toMatch(/( {2}kubectl -n acme .+\n){3}$/);
      expect(await demo.leftovers()).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  it('refuses arguments that it does not know, and a cluster that nobody said yes to', async () => {
    expect(await demo.start(['--twice']).ended).toMatchObject({ code: 2, stdout: '' });
    const unasked = await demo.start(['--context', 'dialops']).ended;
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('add --yes');
    // What an unset variable makes of `--context "$NAME"`: kubectl would take it for the current context.
    expect(await demo.start(['--context', '', '--yes']).ended).toMatchObject({ code: 2, stdout: '' });
  });

  it('says which context it does not find', async () => {
    const args = ['--context', 'elsewhere', '--yes'];
    const { code, stderr } = await demo.start(args, cluster.adminKubeconfig).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('elsewhere');
    expect(await demo.leftovers()).toEqual([]);
  });

  it('refuses a cluster that has the resource definitions already', async () => {
    const args = ['--once', '--context', 'dialops', '--yes'];
    const { code, stderr } = await demo.start(args, cluster.adminKubeconfig).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('has 6 resource definitions of dialops.dev already');
    expect(await demo.leftovers()).toEqual([]);
  });
});
