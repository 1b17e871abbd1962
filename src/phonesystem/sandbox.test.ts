import { describe, expect, it } from 'vitest';
import { objectTypes } from '../account/objects.ts';
import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { seedCompany } from '../sandbox/company.ts';
import { extensionsModule } from '../sandbox/extensions/module.ts';
import { createSandbox, type SandboxOptions } from '../sandbox/sandbox.ts';
import { AuditClient } from './audit.ts';
import { RequestBudget } from './budget.ts';
import { readChanges } from './changes.ts';
import { PhoneSystemClient, type RequestOptions } from './client.ts';
import { collections, idOf } from './collections.ts';
import { toPutBody } from './put-body.ts';
import type { RequesterOptions } from './requester.ts';
import { readAccount } from './snapshot.ts';

const { signal } = new AbortController();
const options: RequestOptions = { priority: 'sync', signal };

/** The client, its budget and a company of the sandbox, all on one simulated clock. */
function connect(users: number, overrides: Partial<SandboxOptions> = {}) {
  const clock = new SimulatedClock();
  const sandbox = createSandbox({
    clock,
    seed: 1,
    customerId: '0012J00042NkZQIQA3',
    apiKeys: [{ key: 'key-one', name: 'dialops' }],
    company: seedCompany({ users, seed: 1 }),
    modules: [extensionsModule],
    ...overrides,
  });
  const budget = new RequestBudget({ clock });
  const requester: RequesterOptions = {
    endpoint: 'http://127.0.0.1:8080/admin-provisioning',
    apiKey: async () => 'key-one',
    transport: (request) => sandbox.handle(request),
    budget,
    clock,
    random: () => 0.5,
  };
  return { client: new PhoneSystemClient(requester), clock, budget, requester };
}

async function ended(client: PhoneSystemClient, clock: SimulatedClock, operationId: string) {
  for (;;) {
    await clock.sleep(2_000);
    const state = await client.operation(operationId, options);
    if (state.status === 'COMPLETED' || state.status === 'FAILED') return state;
  }
}

describe('the client and the sandbox', () => {
  it('read a whole account of 3,000 people at the pace of the limits, without one 429', async () => {
    const { client, clock, budget } = connect(3_000);
    const start = clock.now();
    const account = await readAccount(client, { types: objectTypes, clock, signal });
    expect([...account.failures.keys()]).toEqual([]);
    let pages = 2; // discovery and privilege tree
    for (const type of objectTypes) {
      const collection = account.collections[type];
      if (collection.state === 'read') {
        pages += Math.max(1, Math.ceil(collection.objects.size / collections[type].maxPageSize));
      }
    }
    expect(budget.statistics).toMatchObject({ requests: pages, rateLimited: 0 });
    expect(clock.now() - start).toBeLessThan((pages / 100 + 0.5) * 60_000);
  });

  it('find an idle account unchanged with at most five requests, again and again', async () => {
    const { client, clock, budget } = connect(3_000);
    let account = await readAccount(client, { types: objectTypes, clock, signal });
    for (let round = 0; round < 5; round++) {
      await clock.sleep(60_000);
      const before = budget.statistics.requests;
      const changes = await readChanges(client, account, { types: objectTypes, clock, signal });
      expect(budget.statistics.requests - before).toBeLessThanOrEqual(5);
      expect(changes.changed).toEqual([]);
      account = changes;
    }
  });

  it('change a user with the body it got, and see the change as the newest', async () => {
    const { client, clock } = connect(1_500);
    const account = await readAccount(client, { types: ['user'], clock, signal });
    const users = account.collections.user;
    const id = users.state === 'read' ? [...users.objects.keys()][700] : undefined;
    const body = await client.get('user', id ?? '', options);
    if (!body || id === undefined) throw new Error('The company has no such user');
    const { directoryInfo } = body;
    const edited: JsonObject = {
      ...body,
      directoryInfo: { ...(isJsonObject(directoryInfo) ? directoryInfo : {}), jobTitle: 'Pilot' },
    };
    const result = await client.replace('user', id, toPutBody('user', edited), options);
    if (result.kind !== 'operation') throw new Error('A user PUT must be asynchronous');
    expect(await ended(client, clock, result.operationId)).toMatchObject({
      status: 'COMPLETED',
      resourceId: id,
    });
    const changes = await readChanges(client, account, { types: ['user'], clock, signal });
    expect(changes.changed.map((object) => [object.id, object.body.directoryInfo])).toMatchObject([
      [id, { jobTitle: 'Pilot' }],
    ]);
    const after = await client.get('user', id, options);
    expect(after?.serviceInfo).toEqual(body.serviceInfo);
    expect(after?.assignmentInfo).toEqual(body.assignmentInfo);
  });

  it('go on with a list whose scroll id expired meanwhile, each id once', async () => {
    const { client, clock } = connect(1_500);
    const seen: (string | undefined)[] = [];
    let first = true;
    for await (const page of client.list('user', { ...options, pageSize: 500 })) {
      for (const row of page.objects) seen.push(idOf('user', row));
      if (first) await clock.sleep(11 * 60_000);
      first = false;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(1_500);
  });

  it('tell who changed what', async () => {
    const { client, clock, requester } = connect(5);
    const start = clock.now();
    const offer = await client.discover(options);
    const audit = new AuditClient({ ...requester, endpoint: offer.auditUrl ?? '' });
    const { value: first } = await client.list('site', { ...options }).next();
    const site = first?.objects[0];
    const id = site && idOf('site', site);
    if (!site || id === undefined) throw new Error('The company has no site');
    const result = await client.replace('site', id, { ...toPutBody('site', site), name: 'Renamed' }, options);
    if (result.kind === 'operation') await ended(client, clock, result.operationId);
    const found = [];
    for await (const change of audit.changesSince({ from: start, to: clock.now() + 1 }, options))
      found.push(change);
    expect(found).toMatchObject([
      { objectType: 'site', objectId: id, event: 'update', actor: 'dialops', fields: ['name'] },
    ]);
  });

  it('read sparse rows, too', async () => {
    const { client, clock } = connect(1_200, { sparseRows: true });
    const account = await readAccount(client, { types: objectTypes, clock, signal });
    expect([...account.failures.keys()]).toEqual([]);
    await clock.sleep(60_000);
    const changes = await readChanges(client, account, { types: objectTypes, clock, signal });
    expect(changes.changed).toEqual([]);
    expect(changes.requests).toBeLessThanOrEqual(5);
  });
});
