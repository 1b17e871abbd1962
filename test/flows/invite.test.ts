import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialops, killCommands, startDialops } from './support/command.ts';

const examples = new URL('../../examples/acme/', import.meta.url).pathname;

let folder = '';
let company = '';
let endpoint = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-invite-'));
  company = join(folder, 'company');
  await writeFile(join(folder, 'key'), 'a-key-for-this-test');
  await writeFile(join(folder, 'token'), 'a-token-for-this-test');
  const sandbox = startDialops([
    'sandbox',
    ...['--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--company', join(examples, 'account.json'), '--control-token-file', join(folder, 'token')],
  ]);
  endpoint = await sandbox.says(/endpoint (\S+),/);
  await mkdir(company);
  await cp(join(examples, 'phone-system.yaml'), join(company, 'phone-system.yaml'));
  const people = await readFile(join(examples, 'people', 'riverside.yaml'), 'utf8');
  await writeFile(join(company, 'people.yaml'), people.split(/^---$/m).slice(0, 2).join('---'));
});

afterAll(async () => {
  killCommands();
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const env = { DIALOPS_ENDPOINT: endpoint, DIALOPS_API_KEY_FILE: join(folder, 'key') };
  return dialops(args, { ...env, XDG_CONFIG_HOME: folder });
}

/** To whom the phone system has sent mail. */
async function outbox(): Promise<string[]> {
  const headers = { authorization: 'Bearer a-token-for-this-test' };
  const answer = await fetch(new URL('/_control/outbox', endpoint), { headers });
  const mails: { to: string }[] = JSON.parse(await answer.text());
  return mails.map(({ to }) => to);
}

describe('dialops invite', () => {
  it('mails those who are named once more, and leaves nothing to do', async () => {
    expect(await run('apply', company, '--yes')).toMatchObject({ code: 0 });
    const before = await outbox();
    const { code, stderr, stdout } = await run('invite', company, '--profile', 'carl-jennings');
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: 'Invited UserProfile carl-jennings.\n',
      stdout: '1 of 1 invited\n',
    });
    expect((await outbox()).slice(before.length)).toEqual(['carl.jennings@example.com']);
    expect(await run('plan', company)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to do/),
    });
    expect(await run('apply', company, '--yes')).toMatchObject({ code: 0 });
    expect(await outbox()).toHaveLength(before.length + 1);
  }, 90_000);

  it('invites nobody when one of the names is wrong', async () => {
    const before = await outbox();
    const wrong = await run('invite', company, '--profile', 'carl-jennings', '--profile', 'amara-dialo');
    expect(wrong).toMatchObject({ code: 64, stdout: '' });
    expect(wrong.stderr).toContain(
      'no UserProfile amara-dialo; did you mean amara-diallo? Nobody was invited',
    );
    expect(await run('invite', company)).toMatchObject({ code: 64 });
    expect(await outbox()).toEqual(before);
  });
});
