import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import { printLock } from '../../src/workspace/lock-text.ts';
import { BuiltCommand } from './support/built-command.ts';

const fixtures = fileURLToPath(new URL('./fixtures/validate/', import.meta.url));
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

let command: BuiltCommand;
let folder: string;
beforeAll(async () => {
  command = await BuiltCommand.build();
  folder = await mkdtemp(join(tmpdir(), 'validate-'));
}, 120_000);
afterAll(async () => {
  await command.remove();
  await rm(folder, { recursive: true });
});

const golden = (name: string) => join(import.meta.dirname, 'golden', 'validate', name);
const validate = (args: readonly string[], stdin?: string, cwd = fixtures) =>
  command.run(['validate', ...args], { cwd, ...(stdin === undefined ? {} : { stdin }) });

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return name;
}

function object(text: string): JsonObject {
  const value: Json = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error('not an object');
  return value;
}

function list(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

const profile = (name: string, rest = '') => `apiVersion: dialops.dev/v1alpha1
kind: UserProfile
metadata:
  name: ${name}
spec:
  firstName: Jane
  lastName: Example
  email: ${name}@example.com
  site:
    name: Springfield HQ
${rest}`;

describe('dialops validate, on faulty files', () => {
  it.each(['text', 'json', 'sarif', 'github'])('says all that is wrong, and where, as %s', async (format) => {
    const { code, stderr, stdout } = await validate(['faulty', '-o', format]);
    expect(code).toBe(1);
    await expect(stdout).toMatchFileSnapshot(golden(`faulty.${format}`));
    await expect(stderr).toMatchFileSnapshot(golden('faulty.stderr'));
    expect(stdout + stderr).not.toContain('a-made-up-key-that-is-never-shown');
  });

  it('takes what a file that can not be parsed declares for unknown, not for missing', async () => {
    const { code, stderr, stdout } = await validate(['broken', '-o', 'json']);
    expect(code).toBe(1);
    expect(stderr).toContain('not checked: references, because something could not be read');
    const report = object(stdout);
    expect(report).toMatchObject({ valid: false, complete: false, errors: 1 });
    expect(list(report.findings)).toMatchObject([
      { rule: 'syntax-error', file: 'broken/half.yaml', line: 8 },
    ]);
    const alone = object((await validate(['broken/good.yaml', '-o', 'json'])).stdout);
    expect(list(alone.findings)).toMatchObject([{ rule: 'reference-not-found', line: 9, column: 5 }]);
  });

  it('writes SARIF that fits its schema', async () => {
    const { stdout } = await validate(['faulty', 'broken', '-o', 'sarif']);
    const file = createRequire(import.meta.url).resolve(
      '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const { $schema: _draft, id: _id, ...schema } = object(await readFile(file, 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    const fits = ajv.compile(schema);
    fits(object(stdout));
    expect(fits.errors).toBeNull();
  });

  it.each([
    ['validate', []],
    ['validate', ['-o', 'json']],
    ['validate', ['-o', 'github']],
    ['validate', ['-o', 'markdown']],
    ['plan', ['--endpoint', 'https://phones.example.com']],
  ])('lets no file give orders to the runner of the job: %s %j', async (name, flags) => {
    const file = await write(
      '::error ::x/forged.yaml',
      [
        'apiVersion: dialops.dev/v1alpha1',
        'kind: "Oops\\n::error::forged"',
        'metadata: {name: "x\\n  ::error::forged"}',
        '---',
        profile('jane', '  "\\n::error::forged ##[error]forged": 1\n'),
      ].join('\n'),
    );
    const { code, stderr, stdout } = await command.run([name, file, ...flags], {
      cwd: folder,
      env: { DIALOPS_API_KEY: 'a-key-for-tests' },
    });
    expect(code).toBe(1);
    expect(stderr + stdout).toContain('forged');
    expect(stderr + stdout).not.toMatch(/^\s*::error(?! file=)/mu);
    expect(stderr + stdout).not.toContain('##[');
  });

  it.each([
    ['deep/nested.yaml', Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
    ['deep/list.json', '['.repeat(50_000)],
    [
      'deep/kustomization.yaml',
      `a0: &a0 [x]\n${Array.from({ length: 1_500 }, (_, of) => `a${of + 1}: &a${of + 1} [*a${of}, *a${of}]\n`).join('')}`,
    ],
  ])('names the file that is more than any reader takes: %s', async (name, text) => {
    const file = await write(name, text);
    const { code, stderr, stdout } = await validate([file], undefined, folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${file}:\\d+:\\d+: error \\[syntax-error\\] `));
    expect(stderr).not.toContain('error: ');
  });

  it('escapes what would end a command of GitHub', async () => {
    await write('odd, 100%:name.yaml', profile('jane', '  "a\\nb%": 1\n'));
    const { stdout } = await validate(['odd, 100%:name.yaml', '-o', 'github'], undefined, folder);
    expect(stdout).toBe(
      '::error file=odd%2C 100%25%3Aname.yaml,line=11,col=3,title=unknown-field::UserProfile jane spec["a\\nb%25"]: there is no such field%0ACorrect the name of the field, or take it out; `dialops explain` lists the fields.\n',
    );
  });
});

describe('dialops validate, on good files', () => {
  it('has no error to say of the examples', async () => {
    const { code, stderr, stdout } = await validate(['acme'], undefined, examples);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).not.toContain(': error');
    expect(stderr).toMatch(
      /passed over: 1 Kustomization\n.*valid: 58 resources in \d+ files, 0 errors, 4 warnings\n$/s,
    );
  });

  it('reads the standard input: several documents, lists and JSON', async () => {
    const two = `${profile('jane')}---\n${profile('john')}`;
    expect(await validate(['-'], two)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'valid: 2 resources in 1 file, 0 errors, 0 warnings\n',
    });
    const item = (name: string) => ({
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'UserProfile',
      metadata: {
        name,
        uid: 'x',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '2030-01-31T17:00:00Z',
      },
      spec: { firstName: 'Jane', lastName: 'Example', email: `${name}@example.com`, site: { name: 'HQ' } },
      status: { externalId: 'known' },
    });
    for (const head of [
      { apiVersion: 'v1', kind: 'List' },
      { apiVersion: 'dialops.dev/v1alpha1', kind: 'UserProfileList' },
    ]) {
      const text = JSON.stringify({ ...head, metadata: {}, items: [item('jane'), item('john')] });
      expect((await validate(['-'], text)).stderr).toBe(
        'valid: 2 resources in 1 file, 0 errors, 0 warnings\n',
      );
    }
  });

  it('reads patterns and folders once, but neither hidden files nor node_modules', async () => {
    await write('team/a.yaml', profile('a'));
    await write('team/deep/b.yml', profile('b'));
    await write('team/c.json', '{"not": "a resource"}');
    await write('team/node_modules/d.yaml', 'a: [');
    await write('team/.e.yaml', 'a: [');
    await write('team/f.txt', 'a: [');
    const all = await validate(['team', 'team/*.yaml', 'team/**/*.yml'], undefined, folder);
    expect(all.code).toBe(0);
    expect(all.stderr).toMatch(/valid: 2 resources in 3 files/);
  });

  it('passes over the patches of a kustomization, which are no resources by themselves', async () => {
    await write('overlay/kustomization.yaml', 'resources: [base.yaml]\npatches:\n  - path: title.yaml\n');
    await write('overlay/base.yaml', profile('jane'));
    await write('overlay/title.yaml', profile('jane').replace(/ {2}firstName.*/s, '  jobTitle: Manager\n'));
    const whole = await validate(['overlay'], undefined, folder);
    expect(whole.stderr).toContain('passed over: 1 kustomize patch');
    expect(whole.stderr).toContain('valid: 1 resource in 3 files, 0 errors');
    expect((await validate(['overlay/title.yaml'], undefined, folder)).code).toBe(1);
  });

  it('does not follow links to folders, which may lead back', async () => {
    await write('loop/a.yaml', profile('a'));
    await symlink(join(folder, 'loop'), join(folder, 'loop', 'again'));
    expect((await validate(['loop'], undefined, folder)).stderr).toMatch(/valid: 1 resource in 1 file/);
  });

  it('reads scalars as kubectl does, where no is false and a number in front of colons is a text', async () => {
    const { stdout } = await validate(
      ['-', '-o', 'json'],
      profile('jane', '  jobTitle: no\n  department: 0123\n'),
    );
    expect(list(object(stdout).findings)).toMatchObject([
      { rule: 'wrong-type', field: 'spec.jobTitle', message: 'must be a text, not false' },
      { rule: 'wrong-type', field: 'spec.department', message: 'must be a text, not the number 83' },
    ]);
  });
});

describe('dialops validate, as a command', () => {
  it('explains itself with examples and exit codes', async () => {
    const { code, stderr, stdout } = await validate(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Examples:\n.*dialops validate .*Exit codes:/s);
  });

  it.each([
    ['nothing', []],
    ['another format', ['faulty', '-o', 'xml']],
  ])('exits with 64, given %s', async (_what, args) => {
    expect(await validate(args)).toMatchObject({ code: 64, stdout: '' });
  });

  it('finds fault with what is not there: a typing error must not look valid', async () => {
    for (const path of ['nowhere.yaml', 'nowhere/*.yaml']) {
      const { code, stdout } = await validate([path, '-o', 'json']);
      expect(code).toBe(1);
      expect(list(object(stdout).findings)).toMatchObject([{ rule: 'unreadable-file', file: path }]);
    }
  });

  it('takes the lock file beside the files for no file of theirs', async () => {
    await write('locked/jane.yaml', profile('jane'));
    await write(
      'locked/dialops.lock.yaml',
      printLock({ version: 1, customerId: '0012J00000SANDBOX1', removals: [] }, []),
    );
    const { code, stderr } = await validate(['locked'], undefined, folder);
    expect(code).toBe(0);
    expect(stderr).toBe('valid: 1 resource in 1 file, 0 errors, 0 warnings\n');
  });

  it('finds fault with an empty input, and with files in another encoding', async () => {
    const empty = await validate(['-'], '\n');
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain('-:1:1: error [unreadable-file] the standard input is empty');
    await writeFile(join(folder, 'utf-16.yaml'), Buffer.from(`\ufeff${profile('jane')}`, 'utf16le'));
    const encoded = await validate(['utf-16.yaml'], undefined, folder);
    expect(encoded.code).toBe(1);
    expect(encoded.stdout).toContain('[unreadable-file] is not UTF-8 text');
  });

  it('colours only a terminal, and nothing with NO_COLOR', async () => {
    const forced = await command.run(['validate', 'faulty'], { cwd: fixtures, env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain('\u001b[31merror');
    expect((await validate(['faulty'])).stdout).not.toContain('\u001b');
  });
});
