import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/foundation/clock.ts';
import { killCommands, nodeCommand } from '../flows/support/command.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { kubectlOutput } from './kubectl.ts';
import { testCluster } from './test-cluster.ts';

const demo = fileURLToPath(new URL('../../scripts/demo/main.ts', import.meta.url));
/** The company of 25 takes about two minutes at the published limits. */
const DEMO_TIMEOUT_MS = 10 * 60_000;

const cluster = testCluster();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
});
afterEach(() => killCommands());
afterAll(() => rm(folder, { recursive: true }));

/** The demo as a person starts it, its temporary files in a folder that shows what it left. */
function startDemo(args: readonly string[], kubeconfig = '/nowhere') {
  const path = [dirname(cluster.kubectlExecutable), process.env.PATH].join(delimiter);
  return nodeCommand([demo, ...args], { TMPDIR: folder, KUBECONFIG: kubeconfig, PATH: path, NO_COLOR: '1' });
}

describe('npm run demo', () => {
  it(
    'converges, shows drift with its authors, corrects it, and leaves nothing behind',
    async () => {
      const { code, stderr, stdout } = await startDemo(['--once']).ended;
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
      expect(await readdir(folder)).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  it('refuses arguments that it does not know, and a cluster that nobody said yes to', async () => {
    expect(await startDemo(['--twice']).ended).toMatchObject({ code: 2, stdout: '' });
    const unasked = await startDemo(['--context', 'dialops']).ended;
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('add --yes');
  });

  it('refuses a cluster that has the resource definitions already', async () => {
    const args = ['--once', '--context', 'dialops', '--yes'];
    const { code, stderr } = await startDemo(args, cluster.adminKubeconfig).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('has 6 resource definitions of dialops.dev already');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("npm run demo in somebody's cluster", () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ clock: systemClock, log: () => undefined });
  });
  afterAll(() => plane.stop());

  const inventory = async () => {
    const kinds = 'namespaces,crds,clusterroles,clusterrolebindings,roles,rolebindings';
    return (await kubectlOutput(plane.kubectl, ['get', kinds, '-A', '-o', 'name'])).split('\n').sort();
  };

  it(
    'takes everything away again when it is interrupted',
    async () => {
      const before = await inventory();
      const command = startDemo(['--context', 'dialops', '--yes'], plane.adminKubeconfig);
      await command.prints(/Extension\/\S+ +Ready/);
      expect(await inventory()).not.toEqual(before);
      command.signal('SIGINT');
      expect((await command.ended).code).toBe(130);
      expect(await inventory()).toEqual(before);
      expect(await readdir(folder)).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );
});
