import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { JsonObject } from '../../src/foundation/json.ts';
import { loadCompanyFile } from '../../src/sandbox/company-file.ts';
import { dialops } from '../flows/support/command.ts';
import { applyAcme, portSecret } from './support/acme.ts';
import { TestPhoneSystem } from './support/phone-system.ts';
import { member, Workplace } from './support/workplace.ts';

const account = fileURLToPath(new URL('../../examples/acme/account.json', import.meta.url));
const { company } = await loadCompanyFile(account, 5);
const sandbox = { operationLatency: { min: 20, max: 50 } };
const work = new Workplace({ prefix: 'same', company, sandbox, phoneSystem: false, startOperator: false });
/** The same account once more, which the command line works on. */
let twin: TestPhoneSystem;
let folder = '';

beforeAll(async () => {
  twin = await TestPhoneSystem.start(company, sandbox);
  folder = await mkdtemp(join(work.cluster.folder, 'same-'));
  await mkdir(join(folder, 'secrets', 'port-riverbend-telecom'), { recursive: true });
  for (const [key, value] of Object.entries(portSecret)) {
    await writeFile(join(folder, 'secrets', 'port-riverbend-telecom', key), value);
  }
});
afterAll(() => twin.stop());

/** What the operator's cluster declares, as files for the command line. */
async function commandLine(): Promise<void> {
  const objects = await work.all();
  const files = objects.map(({ apiVersion, kind, metadata, spec }) => {
    const { name, namespace } = member({ metadata: metadata ?? {} }, 'metadata');
    return stringify({ apiVersion, kind, metadata: { name, namespace }, spec });
  });
  await writeFile(join(folder, 'all.yaml'), files.join('---\n'));
  const env = { DIALOPS_ENDPOINT: twin.endpoint, DIALOPS_API_KEY: twin.apiKey, XDG_CONFIG_HOME: folder };
  const args = ['apply', join(folder, 'all.yaml'), '--secrets-dir', join(folder, 'secrets'), '--yes'];
  const { code, stderr } = await dialops(args, env);
  expect(code, stderr).toBe(0);
}

/** How often each kind of write was sent. */
async function writesTo(phones: TestPhoneSystem): Promise<Record<string, number>> {
  const { requests } = await phones.stats();
  return Object.fromEntries(Object.entries(requests).filter(([route]) => !route.startsWith('GET ')));
}

/** All people with what is theirs; ids and times differ from account to account. */
async function peopleIn(phones: TestPhoneSystem): Promise<readonly string[]> {
  const users = await phones.list('users');
  return users
    .map((user) =>
      JSON.stringify(user)
        .replaceAll(/"(?:[\w-]{22}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})"/g, '"<id>"')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'),
    )
    .sort();
}

/** The same is changed in both accounts by hand. */
async function inBoth(userName: string, merge: JsonObject): Promise<void> {
  for (const phones of [work.phones, twin]) {
    const id = member(await phones.user(userName), 'basicInfo').userId;
    await phones.console('owner@example.com', `/users/${String(id)}`, merge);
  }
}

describe('the operator and the command line, on the same input', () => {
  it('make a whole company by the same writes', async () => {
    await applyAcme(work);
    await work.startOperator();
    for (const kind of ['userprofiles', 'extensions', 'privilegegrants', 'portingorders']) {
      await work.waitFor('Ready', kind, '--all');
    }
    await work.comesToRest();
    await commandLine();
    const writes = await writesTo(twin);
    expect(Object.keys(writes).length).toBeGreaterThan(4);
    expect(await writesTo(work.phones)).toEqual(writes);
    expect(await peopleIn(work.phones)).toEqual(await peopleIn(twin));
  }, 240_000);

  it('put drift right by the same writes, and write an edit by the same', async () => {
    await work.operator.stop();
    for (const phones of [work.phones, twin]) await phones.control('/stats', undefined, 'DELETE');
    await inBoth('tom.beckett@example.com', { directoryInfo: { jobTitle: 'Emperor' } });
    await work.patch('userprofile/sam-hollis', { spec: { department: 'Informatics' } });
    await work.patch('extension/warehouse', { spec: { callerId: { externalName: 'Depot' } } });
    await work.kubectl('delete', 'privilegegrant/accounting', '--wait=false');
    await work.startOperator();
    await work.isGone('privilegegrant/accounting');
    await work.becomes('userprofile/sam-hollis', 'Synced');
    await work.becomes('extension/warehouse', 'Synced');
    await work.becomes('userprofile/tom-beckett', 'Synced');
    await work.comesToRest();
    await commandLine();
    const pruned = await dialops(
      ['apply', join(folder, 'all.yaml'), '--secrets-dir', join(folder, 'secrets'), '--yes', '--prune'],
      { DIALOPS_ENDPOINT: twin.endpoint, DIALOPS_API_KEY: twin.apiKey, XDG_CONFIG_HOME: folder },
    );
    expect(pruned.code, pruned.stderr).toBe(0);
    const writes = await writesTo(twin);
    expect(Object.keys(writes)).not.toEqual([]);
    expect(await writesTo(work.phones)).toEqual(writes);
    expect(await peopleIn(work.phones)).toEqual(await peopleIn(twin));
  }, 240_000);
});
