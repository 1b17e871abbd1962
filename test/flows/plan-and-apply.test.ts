import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialops, launcher } from './support/command.ts';
import { bash } from './support/github-action.ts';
import { examples, Workshop, workshopKey } from './support/workshop.ts';

describe.each([
  ['complete', false, Number.POSITIVE_INFINITY],
  ['sparse', true, 5],
])('plan and apply, as a user runs them, with %s list rows', (_rows, sparseRows, resources) => {
  let workshop: Workshop;
  let folder = '';
  let env: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    workshop = await Workshop.open({ sparseRows });
    folder = workshop.folder;
    env = {
      DIALOPS_ENDPOINT: workshop.endpoint,
      DIALOPS_API_KEY: workshopKey,
      XDG_CONFIG_HOME: folder,
    };
    await mkdir(join(folder, 'company'));
    const acme = join(examples, 'acme');
    await cp(join(acme, 'phone-system.yaml'), join(folder, 'company', 'phone-system.yaml'));
    const people = await readFile(join(acme, 'people', 'riverside.yaml'), 'utf8');
    await writeFile(
      join(folder, 'company', 'people.yaml'),
      people.split(/^---$/m).slice(0, resources).join('---'),
    );
  });

  afterAll(() => workshop.close());

  /** dialops in a terminal that shows the sandbox's company. */
  function run(...args: string[]) {
    return dialops(args, env);
  }

  it('shows what would be made, with exit code 2, and writes nothing', async () => {
    const { code, stderr, stdout } = await run('plan', join(folder, 'company'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^Changes\n {2}\+ create user of UserProfile /);
    expect(stdout).toMatch(
      /\d+ to create\. About \d+ requests, [\d.]+ min at least\.( \d+ invitations by email\.)?\n$/,
    );
    await expect(readFile(join(folder, 'company', 'dialops.lock.yaml'))).rejects.toThrow('ENOENT');
  });

  it('gives the same plan as JSON and as Markdown', async () => {
    const json = await run('plan', join(folder, 'company'), '-o', 'json');
    const report = JSON.parse(json.stdout);
    expect(report).toMatchObject({ format: 'dialops.dev/plan/v1', problems: [] });
    expect(report.summary.create).toBeGreaterThan(3);
    const markdown = await run('plan', join(folder, 'company'), '-o', 'markdown');
    expect(markdown.stdout).toMatch(/^### dialops plan: phone system `default`\n/);
    expect(markdown.stdout).toContain('**create** `user of UserProfile');
  });

  it('asks somebody before it applies, or refuses', async () => {
    const { code, stderr } = await run('apply', join(folder, 'company'));
    expect(code).toBe(64);
    expect(stderr).toContain('apply with --yes. Nothing was changed');
  });

  it('applies, keeps what it knows in the lock file, and has nothing left to do', async () => {
    const applied = await run('apply', join(folder, 'company'), '--yes');
    expect(applied.stderr).not.toContain('failed:');
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ changes made\. Nothing to do/),
    });
    const lock = await readFile(join(folder, 'company', 'dialops.lock.yaml'), 'utf8');
    expect(lock).toContain('externalId:');
    expect(lock).not.toContain(workshopKey);
    const again = await run('plan', join(folder, 'company'));
    expect(again).toEqual({ code: 0, stderr: '', stdout: 'Nothing to do: the account is as declared.\n' });
  });

  it('goes on to the end where nobody reads what it says', async () => {
    const file = join(folder, 'company', 'people.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/jobTitle: .*/, 'jobTitle: Clerk'));
    const { code, output } = await bash(`node "$DIALOPS" apply "$COMPANY" --yes 2>&1 | head -n 1`, {
      PATH: process.env.PATH,
      DIALOPS: launcher,
      COMPANY: join(folder, 'company'),
      ...env,
    });
    expect({ code, output }).toEqual({ code: 0, output: 'Changes\n' });
    expect(await run('plan', join(folder, 'company'))).toMatchObject({ code: 0 });
  });

  it.each([
    ['plan', []],
    ['apply', ['--yes']],
  ])('never says that all is as declared where a list could not be read: %s', async (command, more) => {
    const path = '^/users$';
    const fault = { match: { method: 'GET', path }, times: 100, respond: { status: 403, code: 'FORBIDDEN' } };
    await workshop.control('POST', 'faults', fault);
    const { code, stderr, stdout } = await run(command, join(folder, 'company'), ...more).finally(() =>
      workshop.control('DELETE', 'faults'),
    );
    expect(stdout + stderr).toMatch(/UserProfile amara-diallo: .*GET \/users was answered 403/);
    expect(stdout).toMatch(/\d+ not known\.\n$/);
    expect(code).toBe(1);
  });

  it('names file, line and field of a fault, and applies nothing', async () => {
    const bad = join(folder, 'bad.yaml');
    const [first = ''] = (await readFile(join(folder, 'company', 'people.yaml'), 'utf8')).split(/^---$/m);
    await writeFile(bad, first.replace(/firstName:/, 'fristName:'));
    const { code, stderr, stdout } = await run('apply', bad, '--yes');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+: spec\.fristName: /);
    expect(stderr).toContain('nothing was changed');
  });

  it.each([
    ['validate'],
    ['plan'],
    ['plan', '--out', 'plan.json'],
    ['apply', '--yes'],
    ['drift'],
    ['export', '--csv', '-'],
  ])('says of a path that leads nowhere that it does, and ends with 1: %s', async (...args) => {
    const { code, stderr, stdout } = await run(...args, join(folder, 'nowhere'));
    expect(stderr + stdout).toContain('there is no such file or folder');
    expect(code).toBe(1);
  });

  it('sends the key to no host that only the files name', async () => {
    const { DIALOPS_ENDPOINT: _endpoint, ...without } = env;
    const elsewhere = join(folder, 'elsewhere.yaml');
    const text = await readFile(join(folder, 'company', 'phone-system.yaml'), 'utf8');
    await writeFile(
      elsewhere,
      text.replace(/endpoint: .*/, 'endpoint: https://phones.example.com/admin-provisioning'),
    );
    const { code, stderr } = await dialops(['plan', elsewhere], without);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nothing was sent to phones\.example\.com: it is not among the allowed hosts/);
  });

  it('says what is missing when there is no key', async () => {
    const { code, stderr } = await dialops(['plan', folder], { XDG_CONFIG_HOME: folder });
    expect(code).toBe(64);
    expect(stderr).toMatch(/No API key: put it into a file/);
  });
});
