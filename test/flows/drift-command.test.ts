import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialops, killCommands, startDialops } from './support/command.ts';

const examples = new URL('../../examples/acme/', import.meta.url).pathname;
const schema = new URL('../../schemas/drift.schema.json', import.meta.url);
const apiKey = 'a-key-for-this-test';
const token = 'a-made-up-token';

let folder = '';
let company = '';
let origin = '';
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-drift-'));
  company = join(folder, 'company');
  await writeFile(join(folder, 'key'), apiKey);
  await writeFile(join(folder, 'token'), token);
  const sandbox = startDialops([
    'sandbox',
    ...['--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--control-token-file', join(folder, 'token'), '--company', join(examples, 'account.json')],
  ]);
  const endpoint = await sandbox.says(/endpoint (\S+),/);
  origin = new URL(endpoint).origin;
  env = { DIALOPS_ENDPOINT: endpoint, DIALOPS_API_KEY: apiKey, XDG_CONFIG_HOME: folder };
  await cp(join(examples, 'phone-system.yaml'), join(company, 'phone-system.yaml'));
  await cp(join(examples, 'people', 'riverside.yaml'), join(company, 'people.yaml'));
  expect(await run('apply', company, '--yes')).toMatchObject({ code: 0 });
}, 60_000);

afterAll(async () => {
  killCommands();
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  return dialops(args, env);
}

/** What the lock file knows a resource by. */
async function idOf(name: string): Promise<string> {
  const lock = await readFile(join(company, 'dialops.lock.yaml'), 'utf8');
  const own = lock.split(/^ {2}- /m).find((entry) => new RegExp(`^ +name: ${name}$`, 'm').test(entry));
  return /externalId: "?([\w-]+)/.exec(own ?? '')?.[1] ?? '';
}

/** Somebody in the web console changes a user. */
async function change(name: string, merge: unknown): Promise<void> {
  const response = await fetch(`${origin}/_control/console/patch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({
      actor: { userName: 'someone@example.com' },
      path: `/users/${await idOf(name)}`,
      merge,
    }),
  });
  expect(await response.text()).toContain('userId');
}

describe('drift, as a user runs it', () => {
  it('ends with 0 while there is none', async () => {
    const { code, stderr, stdout } = await run('drift', company);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/No drift: \d+ managed resources\. \d+ unmanaged\.\n$/);
  });

  it('ends with 2 and says what, who and how to accept it, with values about persons left out', async () => {
    await change('amara-diallo', {
      directoryInfo: { jobTitle: 'Pirate' },
      basicInfo: { timezone: 'America/Denver' },
    });
    const hidden = await run('drift', company);
    expect(hidden).toMatchObject({ code: 2, stderr: '' });
    expect(hidden.stdout).not.toContain('Pirate');
    expect(hidden.stdout).toMatch(/spec\.jobTitle +Support Lead → \(not shown\)\n/);
    expect(hidden.stdout).toMatch(/\n- {2}timezone: America\/Los_Angeles\n\+ {2}timezone: America\/Denver\n/);
    const shown = await run('drift', company, '--show-values');
    expect(shown.stdout).toMatch(/~ UserProfile amara-diallo {2}\S+people\.yaml:\d+\n/);
    expect(shown.stdout).toMatch(/last changed by someone@example\.com, \d{4}-/);
    expect(shown.stdout).toMatch(/\n- {2}jobTitle: Support Lead\n\+ {2}jobTitle: Pirate\n/);
  });

  it('is the same as JSON by its schema, JUnit, SARIF, Markdown and a page with a chart of earlier runs', async () => {
    const json = await run('drift', company, '-o', 'json');
    expect(json.code).toBe(2);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(
      JSON.parse(await readFile(schema, 'utf8')),
    );
    validate(JSON.parse(json.stdout));
    expect(validate.errors ?? []).toEqual([]);
    const earlier = join(folder, 'earlier.json');
    await writeFile(earlier, json.stdout);
    const page = await run('drift', company, '-o', 'html', '--history', earlier);
    expect(page.stdout.match(/<g class="run">/g)).toHaveLength(2);
    expect(page.stdout).not.toContain('Pirate');
    expect((await run('drift', company, '-o', 'junit')).stdout).toContain('failures="1"');
    expect((await run('drift', company, '-o', 'sarif')).stdout).toContain('"ruleId": "drift-changed"');
    expect((await run('drift', company, '-o', 'markdown')).stdout).toContain('`UserProfile amara-diallo`');
    const wrong = await run('drift', company, '-o', 'html', '--history', join(company, 'people.yaml'));
    expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('people.yaml') });
  }, 60_000);

  it('accepts it into the lines that drifted, and then there is none', async () => {
    const file = join(company, 'people.yaml');
    const before = await readFile(file, 'utf8');
    const { code, stderr, stdout } = await run('drift', company, '--accept');
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Written: ${file}\n` });
    expect(stdout).toMatch(/No drift: /);
    const after = await readFile(file, 'utf8');
    const [old, now] = [before.split('\n'), after.split('\n')];
    expect(now).toHaveLength(old.length);
    expect(now.filter((line, index) => line !== old[index])).toEqual([
      '  timezone: America/Denver',
      '  jobTitle: Pirate',
    ]);
    expect((await run('plan', company)).stdout).toBe('Nothing to do: the account is as declared.\n');
  });

  it('knows afterwards that the old value is drift again', async () => {
    await change('amara-diallo', { directoryInfo: { jobTitle: 'Support Lead' } });
    const { code, stdout } = await run('drift', company, '--show-values');
    expect(code).toBe(2);
    expect(stdout).toMatch(/spec\.jobTitle +Pirate → Support Lead\n/);
  });
});
