import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dialops, killCommands, startDialops } from './support/command.ts';

const examples = new URL('../../examples/acme/', import.meta.url).pathname;

let folder = '';
let endpoint = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialops-interrupted-'));
  await writeFile(join(folder, 'key'), 'a-key-for-this-test');
  const sandbox = startDialops([
    'sandbox',
    ...['--listen', '127.0.0.1:0', '--api-key-file', join(folder, 'key'), '--unlimited'],
    ...['--company', join(examples, 'account.json')],
  ]);
  endpoint = await sandbox.says(/endpoint (\S+),/);
  await cp(join(examples, 'phone-system.yaml'), join(folder, 'company', 'phone-system.yaml'));
  await cp(join(examples, 'people', 'riverside.yaml'), join(folder, 'company', 'people.yaml'));
});

afterAll(async () => {
  killCommands();
  await rm(folder, { recursive: true, force: true });
});

it('stops cleanly at Ctrl-C in the middle of an apply, and a second run goes on where it stopped', async () => {
  const env = {
    DIALOPS_ENDPOINT: endpoint,
    DIALOPS_API_KEY_FILE: join(folder, 'key'),
    XDG_CONFIG_HOME: folder,
  };
  const company = join(folder, 'company');
  const first = startDialops(['apply', company, '--yes'], env);
  await first.says(/^done: create user/m);
  first.signal('SIGINT');
  const stopped = await first.ended;
  expect(stopped.code, stopped.stderr).not.toBe(0);
  expect(stopped.stderr).toContain('SIGINT: stopping');
  const made = stopped.stderr.match(/^done: create user/gm)?.length ?? 0;
  const second = await dialops(['apply', company, '--yes'], env);
  expect(second, second.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  const again = second.stderr.match(/^done: create user/gm)?.length ?? 0;
  expect(made + again).toBeLessThanOrEqual(10);
  const headers = { 'x-api-key': 'a-key-for-this-test', accept: 'application/vnd.users.v1+json' };
  const answer = await fetch(`${endpoint}/users?pageSize=100`, { headers });
  const users: { data: { basicInfo: { userName: string } }[] } = JSON.parse(await answer.text());
  const names = users.data.map(({ basicInfo }) => basicInfo.userName);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(11);
}, 120_000);
