import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dialops } from './support/command.ts';
import { examples, Workshop } from './support/workshop.ts';

describe.each([
  ['complete', false, ['people', 'extensions', 'administrators.yaml']],
  ['sparse', true, ['people/riverside.yaml']],
])('a saved plan, as a user saves and applies it, with %s list rows', (_rows, sparseRows, parts) => {
  let workshop: Workshop;
  let company = '';
  let people = '';
  let plan = '';
  let others = '';

  beforeAll(async () => {
    workshop = await Workshop.open({ latencyMs: { min: 20, max: 50 }, sparseRows });
    company = join(workshop.folder, 'company');
    others = await mkdtemp(join(tmpdir(), 'dialops-others-'));
    people = join(company, 'people', 'riverside.yaml');
    plan = join(workshop.folder, 'plan.json');
    for (const part of ['phone-system.yaml', ...parts]) {
      await cp(join(examples, 'acme', part), join(company, part), { recursive: true });
    }
    const limits = 'limits: { requestsPerMinute: 6000, burstRequests: 1000, operationsInFlight: 10 }';
    const system = join(company, 'phone-system.yaml');
    await writeFile(system, (await readFile(system, 'utf8')).replace(/^spec:$/m, `spec:\n  ${limits}`));
  });

  afterAll(async () => {
    await workshop.close();
    await rm(others, { recursive: true });
  });

  const run = (...args: string[]) => workshop.run(...args);

  /** Somebody changes a user in the console. */
  async function change(userName: string, merge: object): Promise<void> {
    const lock: {
      resources: { kind: string; metadata: { name: string }; status: { externalId: string } }[];
    } = parse(await readFile(join(company, 'dialops.lock.yaml'), 'utf8'));
    const user = lock.resources.find(
      ({ kind, metadata }) => kind === 'UserProfile' && metadata.name === userName,
    );
    await workshop.change(`/users/${user?.status.externalId}`, merge);
  }

  async function edit(from: string, to: string): Promise<void> {
    const before = await readFile(people, 'utf8');
    expect(before).toContain(from);
    await writeFile(people, before.replace(from, to));
  }

  it('makes everything from nothing, and nothing is left to do', async () => {
    const saved = await run('plan', company, '--out', plan);
    expect(saved).toMatchObject({ code: 2, stderr: expect.stringContaining(`dialops apply --plan ${plan}`) });
    expect((await stat(plan)).mode & 0o077).toBe(0);
    const applied = await run('apply', '--plan', plan, '--yes');
    expect(applied.stderr).not.toContain('failed:');
    expect(applied.code).toBe(0);
    const again = await run('plan', company);
    expect(again).toEqual({ code: 0, stderr: '', stdout: 'Nothing to do: the account is as declared.\n' });
  });

  it('has nothing to do a second time', async () => {
    const { code, stdout } = await run('apply', '--plan', plan, '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '0 changes made. Nothing to do: the account is as declared.\n',
    });
  });

  it('makes what was reviewed, and not what changed elsewhere meanwhile', async () => {
    await edit('jobTitle: Support Lead', 'jobTitle: Head of Support');
    await run('plan', company, '--out', plan);
    await change('carl-jennings', { directoryInfo: { jobTitle: 'Pirate' } });
    const { code, stderr, stdout } = await run('apply', '--plan', plan, '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '1 change made. 1 to make that the plan does not hold: dialops plan shows what.\n',
    });
    expect(stderr).toContain('UserProfile amara-diallo');
    expect(stderr).not.toContain('carl-jennings');
    const { stdout: left } = await run('plan', company);
    expect(left).toContain('UserProfile carl-jennings');
    expect(left).not.toContain('amara-diallo');
  });

  it('refuses, and writes nothing, where the account has another value by now', async () => {
    await edit('jobTitle: Head of Support', 'jobTitle: Director of Support');
    await edit('jobTitle: Support Agent', 'jobTitle: Senior Support Agent');
    await run('plan', company, '--out', plan);
    await change('amara-diallo', { directoryInfo: { jobTitle: 'Captain' } });
    const { code, stderr, stdout } = await run('apply', '--plan', plan, '--yes');
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(
      'user of UserProfile amara-diallo: spec.jobTitle has another value in the account now',
    );
    expect(stderr).toContain('plan again. Nothing was changed');
    const { stdout: left } = await run('plan', company);
    expect(left).toContain('jonas-keller');
  });

  it.each([
    ['another name', () => join(workshop.folder, 'authorized_keys')],
    ['the folder of others', () => join(others, 'dialops.lock.yaml')],
  ])('makes no new file of its choice: %s', async (_what, at) => {
    const saved = await readFile(plan, 'utf8');
    await writeFile(plan, JSON.stringify({ ...JSON.parse(saved), lockFile: at() }));
    const { code, stderr } = await run('apply', '--plan', plan, '--yes').finally(() =>
      writeFile(plan, saved),
    );
    expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('--lock-file') });
    await expect(stat(at())).rejects.toThrow('ENOENT');
  });

  it('has the key sent to no port of this machine that it alone names', async () => {
    const heard: unknown[] = [];
    const listener = createServer(({ headers }, answer) => {
      heard.push(headers);
      answer.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const endpoint = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    const saved = await readFile(plan, 'utf8');
    await writeFile(plan, JSON.stringify({ ...JSON.parse(saved), endpoint }));
    const { DIALOPS_ENDPOINT: _named, ...env } = workshop.env;
    const { code, stderr } = await dialops(['apply', '--plan', plan, '--yes'], env).finally(async () => {
      listener.closeAllConnections();
      listener.close();
      await writeFile(plan, saved);
    });
    expect({ code, stderr, heard }).toEqual({
      code: 64,
      stderr: expect.stringContaining(`say so with --endpoint ${endpoint}`),
      heard: [],
    });
  });

  it('is carried out at a port of this machine that was allowed', async () => {
    const { DIALOPS_ENDPOINT: _named, ...env } = workshop.env;
    const { host } = new URL(workshop.endpoint);
    const apply = ['apply', '--plan', plan, '--yes', '--allow-host', host];
    // It gets there: what the account holds has moved since.
    expect(await dialops(apply, env)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('has another value in the account now'),
    });
  });

  it('makes a port of an extension that it makes itself, and submits it', async () => {
    const port = join(workshop.folder, 'port');
    const secrets = join(workshop.folder, 'secrets');
    await cp(join(examples, 'acme', 'phone-system.yaml'), join(port, 'phone-system.yaml'));
    const order = await readFile(join(examples, 'acme', 'port.yaml'), 'utf8');
    await writeFile(join(port, 'port.yaml'), order.replaceAll('conference-room', 'port-room'));
    await writeFile(
      join(port, 'room.yaml'),
      [
        'apiVersion: dialops.dev/v1alpha1',
        'kind: Extension',
        'metadata: {name: port-room}',
        'spec: {number: "1980", type: UC, site: {name: Springfield HQ}}',
      ].join('\n'),
    );
    const secret = join(secrets, 'port-riverbend-telecom');
    await mkdir(secret, { recursive: true });
    for (const [key, content] of Object.entries({
      'account-number': '12345',
      pin: '4321',
      'letter.pdf': '%PDF-1.4\n%%EOF\n',
      'bill.pdf': '%PDF-1.4\nbill\n%%EOF\n',
    })) {
      await writeFile(join(secret, key), content);
    }
    await run('plan', port, '--secrets-dir', secrets, '--out', plan);
    const { code, stderr, stdout } = await run('apply', '--plan', plan, '--secrets-dir', secrets, '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '3 changes made. Nothing to do: the account is as declared.\n',
    });
    expect(stderr).toContain('done: submit portingOrder of PortingOrder front-desk-numbers');
    expect(await run('plan', port, '--secrets-dir', secrets)).toMatchObject({ code: 0 });
  });

  it('says what is wrong with a file that is no saved plan', async () => {
    await writeFile(plan, '{"format":"dialops.dev/saved-plan/v1"}');
    const { code, stderr } = await run('apply', '--plan', plan, '--yes');
    expect(code).toBe(64);
    expect(stderr).toContain(`${plan} is no saved plan of this version of dialops`);
    const both = await run('apply', company, '--plan', plan);
    expect(both).toMatchObject({ code: 64, stderr: expect.stringContaining('give --plan without them') });
    const neither = await run('apply');
    expect(neither).toMatchObject({ code: 64, stderr: expect.stringContaining('Name what to apply') });
  });
});
