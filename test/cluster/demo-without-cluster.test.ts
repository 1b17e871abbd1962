import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { killCommands, nodeCommand } from '../flows/support/command.ts';
import { DEMO_TIMEOUT_MS } from './support/demo.ts';

const main = fileURLToPath(new URL('../../scripts/demo/main.ts', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-bare-'));
  for (const part of ['bin', 'tmp', 'cache']) await mkdir(join(folder, part));
  const places = (process.env.PATH ?? '').split(delimiter).map((part) => join(part, 'df'));
  const df = places.find((path) => existsSync(path));
  if (df !== undefined) await symlink(df, join(folder, 'bin', 'df'));
});
afterAll(async () => {
  killCommands();
  await rm(folder, { recursive: true, force: true });
});

it(
  'tells the same story through the command line on a machine without Go and without a cluster, and says so',
  async () => {
    const env = {
      PATH: join(folder, 'bin'),
      TMPDIR: join(folder, 'tmp'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      KUBEBUILDER_ASSETS: '',
      KUBECONFIG: '/nowhere',
      NO_COLOR: '1',
    };
    const { code, stderr, stdout } = await nodeCommand([main, '--once'], env).ended;
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toContain('"go" is not in PATH');
    expect(stderr).toContain('So this is the same story without Kubernetes');
    expect(stdout).toMatch(/\$ dialops plan company\/ --secrets-dir secrets\n {4}Nothing to do/);
    for (const [resource, actor] of [
      ['Extension warehouse', 'sam.hollis@example.com'],
      ['UserProfile tom-beckett', 'eve.lindqvist@example.com'],
      ['PrivilegeGrant accounting', 'owner@example.com'],
    ]) {
      expect(stdout).toMatch(new RegExp(`~ ${resource} .*\\n.*\\n +last changed by ${actor}, 20\\d\\d-`));
    }
    expect(stdout).toContain('job title of tom-beckett: Accountant\n');
    expect(stdout).toContain('All of it converged.');
    expect(stdout).toMatch(/( {2}\S.+\n){3}$/);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  },
  DEMO_TIMEOUT_MS,
);
