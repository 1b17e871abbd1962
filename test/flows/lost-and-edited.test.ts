import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
import { isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { idOf } from '../../src/phonesystem/collections.ts';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

const jane = profile('jane', { invitation: 'Hold' });

/** Somebody of the company whom nobody declares. */
async function foreigner(flow: Flow): Promise<{ id: string; before: JsonObject }> {
  const own = flow.externalId(jane);
  for (const row of await flow.objects('user')) {
    const id = idOf('user', row);
    const before = await flow.object('user', id);
    if (id !== undefined && id !== own && before) return { id, before };
  }
  throw new Error('there is nobody else');
}

function textIn(body: JsonObject, name: string): string {
  return isJsonObject(body.basicInfo) ? String(body.basicInfo[name]) : '';
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('a write that was lost, with %s list rows', (_rows, sparseRows) => {
  function losing(method: string): { flow: Flow; lose: { now: boolean } } {
    const lose = { now: false };
    const flow: Flow = new Flow({
      resources: [jane],
      company,
      sandbox: { sparseRows },
      onRequest: (number, when) => {
        const sent = flow.sent[number - 1];
        const isIt = sent?.method === method && sent.path.startsWith('/users');
        if (lose.now && isIt && when === 'before') throw new TypeError('fetch failed');
      },
    });
    return { flow, lose };
  }

  it('of a user gives the profile no claim on whom its new user name belongs to', async () => {
    const { flow, lose } = losing('POST');
    await flow.apply();
    const { before, id } = await foreigner(flow);
    lose.now = true;
    await flow.apply([jane, profile('joan', { invitation: 'Hold' })]);
    lose.now = false;
    const userName = textIn(before, 'userName');
    await flow.apply([jane, profile('joan', { invitation: 'Hold', userName })]);
    expect(flow.reasons()['UserProfile/acme/joan']).toMatch(/^Conflict/u);
    expect(await flow.object('user', id)).toEqual(before);
  });

  it('of a user gives the profile no claim on whom a person makes days later', async () => {
    const { flow, lose } = losing('POST');
    await flow.apply();
    const joan = profile('joan', { invitation: 'Hold' });
    lose.now = true;
    await flow.apply([jane, joan]);
    lose.now = false;
    // As between two runs of the CLI: nobody tries again, and what was lost is remembered.
    await flow.restart();
    await flow.clock.sleep(3 * 24 * 3_600_000);
    const [site] = await flow.objects('site');
    await flow.inConsole('POST', '/users', {
      basicInfo: {
        userName: 'joan@example.com',
        firstName: 'By',
        lastName: 'Hand',
        primaryEmail: 'joan@example.com',
        site: { id: String(site?.id), name: String(site?.name) },
      },
    });
    await flow.apply([jane, joan]);
    expect(flow.reasons()['UserProfile/acme/joan']).toMatch(/^Conflict/u);
  });

  it('of an extension gives it no claim on the number of somebody else', async () => {
    const { flow, lose } = losing('PUT');
    const bob = profile('bob', { invitation: 'Hold' });
    await flow.apply([jane, bob, extension('bob', '7005')]);
    const id = flow.externalId(bob);
    for (const key of ['UserProfile/acme/bob', 'Extension/acme/bob']) flow.store.forget(key);
    await flow.apply([jane]);
    await flow.resync();
    const before = await flow.object('user', id);
    lose.now = true;
    await flow.apply([jane, extension('jane', '7001')]);
    lose.now = false;
    await flow.apply([jane, extension('jane', '7005')]);
    expect(flow.reasons()['Extension/acme/jane']).toMatch(/^Conflict/u);
    expect(await flow.object('user', id)).toEqual(before);
  });
});
