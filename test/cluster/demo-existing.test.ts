import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/foundation/clock.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { kubectlOutput } from './kubectl.ts';
import { DEMO_TIMEOUT_MS, useDemo } from './support/demo.ts';
import { testCluster } from './test-cluster.ts';

const demo = useDemo(testCluster().kubectlExecutable);
const there = ['--context', 'dialops', '--yes'];
const roles = 'charts/dialops/rbac/operator.yaml';

/** A cluster that knows nothing of dialops; the one that the tests share has the resource definitions. */
let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane({ clock: systemClock, log: () => undefined });
});
afterAll(() => plane.stop());

const start = (args: readonly string[]) => demo.start(args, plane.adminKubeconfig);

async function inventory(): Promise<readonly string[]> {
  const kinds = 'namespaces,crds,clusterroles,clusterrolebindings,roles,rolebindings,serviceaccounts,leases';
  return (await kubectlOutput(plane.kubectl, ['get', kinds, '-A', '-o', 'name'])).split('\n').sort();
}

/** Ids of the processes of a demo whose command line has this word. */
async function processes(word: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(demo.folder) && line.includes(`dialops.cjs ${word}`))
    .map((line) => Number.parseInt(line, 10));
}

describe("npm run demo in somebody's cluster", () => {
  it('touches nothing until it is told yes', async () => {
    const before = await inventory();
    const { code, stderr } = await start(['--context', 'dialops', '--once']).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('add --yes');
    expect(await inventory()).toEqual(before);
  });

  it('refuses one where the roles of an operator are, which it would take away', async () => {
    await kubectlOutput(plane.kubectl, ['apply', '-f', roles]);
    const before = await inventory();
    const { code, stderr } = await start([...there, '--once']).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('dialops-operator already');
    expect(await inventory()).toEqual(before);
    await kubectlOutput(plane.kubectl, ['delete', '-f', roles]);
  });

  it(
    'shows everything in a namespace of its own, and takes it away again',
    async () => {
      const before = await inventory();
      const { code, stderr, stdout } = await start([...there, '--once']).ended;
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('All of it converged.');
      expect(stdout).toMatch(/( {2}kubectl -n acme-[0-9a-f]{6} .+\n){3}/);
      expect(await inventory()).toEqual(before);
      expect(await demo.leftovers()).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  it(
    'takes everything away again when it is interrupted',
    async () => {
      const before = await inventory();
      const command = start(there);
      await command.prints(/Extension\/\S+ +Ready/);
      expect(await inventory()).not.toEqual(before);
      command.signal('SIGINT');
      expect((await command.ended).code).toBe(130);
      expect(await inventory()).toEqual(before);
      expect(await demo.leftovers()).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  it(
    'takes everything away again when it fails, even if there is no operator left to help with that',
    async () => {
      const before = await inventory();
      const command = start(there);
      await command.prints(/UserProfile\/\S+ +Ready/);
      const operators = await processes('operator');
      expect(operators).toHaveLength(1);
      for (const pid of operators) process.kill(pid, 'SIGKILL');
      const { code, stderr } = await command.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('dialops operator ended with SIGKILL');
      expect(stderr).not.toContain('Not everything');
      expect(await inventory()).toEqual(before);
      expect(await processes('sandbox')).toEqual([]);
      expect(await demo.leftovers()).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );
});
