import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltCommand } from './support/built-command.ts';
import { bash } from './support/github-action.ts';
import { accountResources, acme, loadWhole } from './support/imported.ts';

let folder = '';
let command: BuiltCommand;

const golden = (name: string) => join(import.meta.dirname, 'golden', 'import', name);
beforeAll(async () => {
  command = await BuiltCommand.build();
  folder = await mkdtemp(join(tmpdir(), 'dialops-csv-'));
}, 120_000);
afterAll(async () => {
  await command.remove();
  await rm(folder, { recursive: true, force: true });
});

/** As Excel saves it on a German machine. */
const staff = [
  'sep=;',
  'First name;Last name;Work email;Site;Ext;DID;Badge',
  'Jane;Example;jane@example.com;Springfield HQ;7001;14085550123;1',
  'Joan;"Exa',
  'mple";joan@example.com;Springfield HQ;7002;1,41E+10;2',
  'Jim;Example;jim@example.com;Springfield HQ;42;;3',
].join('\r\n');

/** dialops as it is installed. */
function dialops(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return command.run(args, { cwd: folder, env });
}

describe('dialops import --csv', () => {
  it('takes over the good rows, and names every bad one at once, with exit code 1', async () => {
    const out = join(folder, 'staff');
    await writeFile(join(folder, 'staff.csv'), `\ufeff${staff}`);
    const args = ['import', '--csv', 'staff.csv', '--map', 'Work email=email', '--out', 'staff'];
    const result = await dialops(args);
    expect(result).toMatchObject({
      code: 1,
      stdout: '1 of 3 rows taken over, 2 left out: 2 resources in staff.\n',
    });
    await expect(result.stderr).toMatchFileSnapshot(golden('staff.stderr'));
    expect(await readdir(out)).toEqual(['.dialops', 'extensions', 'kustomization.yaml', 'people']);
    expect((await loadWhole(out)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Extension jane-7001',
      'UserProfile jane',
    ]);
    const printed = await dialops(args.slice(0, -2));
    await expect(printed.stdout).toMatchFileSnapshot(golden('staff.yaml'));
    expect(await dialops(args)).toMatchObject({ code: 64, stderr: expect.stringContaining('is not empty') });
  });

  it('prints a template, which is a list to take over', async () => {
    const { code, stdout } = await dialops(['import', '--template']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\ufeffFirst name,Last name,Email,.*\r\nJane,Example,jane@example.com,.*\r\n$/);
    const file = join(folder, 'template.csv');
    await writeFile(file, stdout);
    const imported = await dialops(['import', '--csv', file]);
    expect(imported).toMatchObject({ code: 0, stderr: '1 of 1 rows taken over, 0 left out.\n' });
    expect(imported.stdout).toMatch(/kind: UserProfile\n.*---\n.*kind: Extension\n/s);
  });

  it('takes over the example, which then is valid beside the company that it is for', async () => {
    const list = join(acme, '..', 'gitops', 'newcomers.csv');
    const imported = await dialops(['import', '--csv', list, '--out', 'newcomers']);
    expect(imported).toMatchObject({
      code: 0,
      stdout: '5 of 5 rows taken over, 0 left out: 8 resources in newcomers.\n',
      stderr: '',
    });
    const { code, stdout } = await dialops(['validate', acme, 'newcomers']);
    expect({ code, faults: stdout.match(/.*newcomers\/.*/g) }).toEqual({ code: 0, faults: null });
  });

  it('says what is wrong with the file or the line as a whole', async () => {
    const file = join(folder, 'headless.csv');
    await writeFile(file, 'Name,Mail\nJane,jane@example.com\n');
    const run = (...args: string[]) => dialops(['import', '--csv', file, ...args]);
    expect(await run()).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringMatching(/The file has no column First name, Last name, Site; it has Name, Mail/),
    });
    expect(await run('--map', 'Name')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('two names'),
    });
    expect(await run('--set', 'stie=HQ')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--set stie'),
    });
    expect(await run('--from-account')).toMatchObject({ code: 64 });
    await writeFile(file, 'First name,Last name,Email,Site\nJane,Example,jane,HQ\n');
    expect(await run('--out', 'nobody')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('None of the 1 rows can be taken over: nothing was written'),
    });
    expect(await readdir(folder)).not.toContain('nobody');
    await writeFile(file, 'First name,Last name,Email,Site\n');
    expect(await run()).toMatchObject({ code: 64, stderr: expect.stringContaining('no row below') });
    const lost = await dialops(['import', '--csv', join(folder, 'none.csv')]);
    expect(lost).toMatchObject({ code: 64, stderr: expect.stringContaining('cannot be read') });
  });
});

describe('dialops export --csv', () => {
  it('and back: the list of the example company gives the same list again', async () => {
    const first = join(folder, 'acme.csv');
    const exported = await dialops(['export', '--csv', first, acme]);
    expect(exported).toMatchObject({ code: 0, stdout: '' });
    expect(exported.stderr).toMatch(/not in the list: PrivilegeGrant .*\d+ people written\.\n$/s);
    const out = join(folder, 'acme');
    const imported = await dialops(['import', '--csv', first, '--out', out, '--extension-length', 'any']);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    const again = await dialops(['export', '--csv', '-', out]);
    expect(again.stdout).toBe(await readFile(first, 'utf8'));
    const profiles = (all: Awaited<ReturnType<typeof loadWhole>>) =>
      accountResources(all).filter(({ kind }) => kind === 'UserProfile').length;
    expect(profiles(await loadWhole(out))).toBe(profiles(await loadWhole(acme)));
  });

  it('writes a file for its owner alone, in the place of a link and not through it', async () => {
    const [target, link] = [join(folder, 'notes.txt'), join(folder, 'people.csv')];
    await writeFile(target, 'untouched');
    await symlink(target, link);
    expect(await dialops(['export', '--csv', link, acme])).toMatchObject({ code: 0 });
    expect(await readFile(target, 'utf8')).toBe('untouched');
    const { mode } = await lstat(link);
    expect((mode & 0o777).toString(8)).toBe('600');
    expect(await dialops(['export', '--csv', '/dev/null', acme])).toMatchObject({ code: 0 });
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('writes into a pipe, by any of its names', async () => {
    const { stdout } = await dialops(['export', '--csv', '-', acme]);
    expect(stdout.length).toBeGreaterThan(100);
    const env = { PATH: process.env.PATH, DIALOPS: command.executable, ACME: acme };
    for (const name of ['/dev/stdout', '/dev/fd/1', '>(cat)']) {
      const piped = await bash(`node "$DIALOPS" export --csv ${name} "$ACME" 2> /dev/null | cat`, env);
      expect(piped).toEqual({ code: 0, output: stdout });
    }
  });

  it('refuses files with faults, and says where to', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(
      file,
      'apiVersion: dialops.dev/v1alpha1\nkind: UserProfile\nmetadata:\n  name: jane\nspec: {}\n',
    );
    expect(await dialops(['export', '--csv', '-', file])).toMatchObject({ code: 1, stdout: '' });
    expect(await dialops(['export', acme])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--csv'),
    });
    expect((await dialops(['export', '--help'])).stdout).toMatch(/Examples:.*Exit codes:/s);
  });
});
