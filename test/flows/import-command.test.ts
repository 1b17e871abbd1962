import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltCommand } from './support/built-command.ts';
import { killCommands, startDialops } from './support/command.ts';

const apiKey = 'a-key-for-this-test';
let folder = '';
let command: BuiltCommand;

const golden = (name: string) => join(import.meta.dirname, 'golden', 'import', name);
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  command = await BuiltCommand.build();
  folder = await mkdtemp(join(tmpdir(), 'dialops-import-'));
  await writeFile(join(folder, 'key'), apiKey);
  const sandbox = startDialops([
    ...['sandbox', '--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--users', '30', '--seed', '3'],
  ]);
  const endpoint = await sandbox.says(/endpoint (\S+),/);
  env = { DIALOPS_ENDPOINT: endpoint, DIALOPS_API_KEY: apiKey, XDG_CONFIG_HOME: folder };
}, 120_000);

afterAll(async () => {
  killCommands();
  await command.remove();
  await rm(folder, { recursive: true, force: true });
});

/** dialops as it is installed. */
function dialops(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return command.run(args, { cwd: folder, env });
}

describe('dialops import, as a user runs it', () => {
  it('writes a repository on which plan finds nothing to do, and says what it holds', async () => {
    const out = join(folder, 'company');
    const imported = await dialops(['import', '--from-account', '--out', out], env);
    expect(imported).toMatchObject({
      code: 0,
      stderr: `Written: 65 files and dialops.lock.yaml in ${out}. dialops plan ${out} shows that there is nothing to do.\n`,
    });
    await expect(imported.stdout).toMatchFileSnapshot(golden('account.text'));
    const people = await readdir(join(out, 'people'));
    expect(people).toHaveLength(31);
    for (const part of ['people/primary-admin.yaml', 'extensions/primary-admin-1000.yaml']) {
      await expect(await readFile(join(out, part), 'utf8')).toMatchFileSnapshot(golden(basename(part)));
    }
    const { code, stdout } = await dialops(['plan', out], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing to do: the account is as declared.\n' });
    expect(await dialops(['validate', out], env)).toMatchObject({ code: 0 });
  });

  it('writes the lock that an apply of it would write, so that drift is exact from the start', async () => {
    const out = join(folder, 'remembered');
    await dialops(['import', '--from-account', '--out', out], env);
    const lock = join(out, 'dialops.lock.yaml');
    const before = await readFile(lock, 'utf8');
    expect(await dialops(['drift', out], env)).toMatchObject({ code: 0 });
    expect(await dialops(['apply', out, '--yes'], env)).toMatchObject({ code: 0 });
    expect(await readFile(lock, 'utf8')).toBe(before);
    await rm(lock);
    expect(await dialops(['apply', out, '--yes'], env)).toMatchObject({ code: 0 });
    expect(await readFile(lock, 'utf8')).toBe(before);
  });

  it('writes no lock for a cluster or another account, and none over that of another account', async () => {
    for (const flag of [['--portable'], ['--namespace', 'acme']]) {
      const out = join(folder, `without${flag[0]}`);
      expect(await dialops(['import', '--from-account', '--out', out, ...flag], env)).toMatchObject({
        code: 0,
      });
      expect(await readdir(out)).not.toContain('dialops.lock.yaml');
    }
    const out = join(folder, 'of-another');
    const lock = 'version: 1\ncustomerId: 0012J00000OTHER001\nresources: []\n';
    await mkdir(out);
    await writeFile(join(out, 'dialops.lock.yaml'), lock);
    const { code, stderr } = await dialops(['import', '--from-account', '--out', out, '--force'], env);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(
        /is for account 0012J00000OTHER001, and the key opens \S+: name another folder/,
      ),
    });
    expect(await readdir(out)).toEqual(['dialops.lock.yaml']);
    expect(await readFile(join(out, 'dialops.lock.yaml'), 'utf8')).toBe(lock);
  });

  it('counts in JSON for programs', async () => {
    const args = ['import', '--from-account', '--out', join(folder, 'json'), '-o', 'json'];
    const { code, stdout } = await dialops([...args, '--layout', 'site'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'dialops.dev/import/v1',
      counts: expect.arrayContaining([
        { what: 'users', kind: 'UserProfile', inAccount: 30, written: 30, leftOut: {} },
      ]),
      mismatches: [],
      leftOut: [expect.objectContaining({ type: 'administrator', reason: 'PrimaryAdministrator' })],
    });
  });

  it('refuses a folder that holds something, before it reads anything', async () => {
    const out = join(folder, 'full');
    await mkdir(out);
    await writeFile(join(out, 'README.md'), 'ours');
    const { code, stderr, stdout } = await dialops(['import', '--from-account', '--out', out], env);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/--out \S+ is not empty: name a new folder, or .* --force/);
    expect(await readdir(out)).toEqual(['README.md']);
  });

  it('says what is missing on the command line', async () => {
    expect(await dialops(['import'], env)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Say what to import'),
    });
    expect(await dialops(['import', '--from-account'], env)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--out DIR'),
    });
    const allowed = ['--out', join(folder, 'x'), '--allow-unknown', 'pronouns'];
    expect(await dialops(['import', '--from-account', ...allowed], env)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("must be an object type and a path, as 'user basicInfo.pronouns'"),
    });
    const { DIALOPS_ENDPOINT: _endpoint, ...without } = env;
    const nowhere = await dialops(['import', '--from-account', '--out', join(folder, 'x')], without);
    expect(nowhere).toMatchObject({ code: 64, stderr: expect.stringContaining('--endpoint') });
    expect((await dialops(['import', '--help'])).stdout).toMatch(
      /Examples:\n.*dialops import .*Exit codes:/s,
    );
  });

  it('leaves nothing behind where the key opens nothing', async () => {
    const out = join(folder, 'locked');
    const { code, stderr } = await dialops(['import', '--from-account', '--out', out], {
      ...env,
      DIALOPS_API_KEY: 'another-key',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /);
    expect((await readdir(folder)).filter((name) => name.includes('locked'))).toEqual([]);
  });
});
