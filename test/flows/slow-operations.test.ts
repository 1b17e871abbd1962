import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
import { isJsonObject } from '../../src/foundation/json.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { company, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

const slow = { min: 400_000, max: 400_000 };
const people = [profile('jane', { invitation: 'Hold' })];

async function slowAccount(first: readonly AccountResource[], leavesOverdue = false): Promise<Flow> {
  const flow = new Flow({ resources: first, company, secrets: portSecrets, leavesOverdue });
  await flow.apply();
  await flow.control('/settings', { latencyMs: slow });
  return flow;
}

/** What makes something: secrets may go out again after a restart, which remembers none. */
function writesOf(flow: Flow, since: number): string[] {
  return flow.sent.slice(since).flatMap(({ method, path }) => {
    const makes =
      method === 'POST' ? path !== '/porting-documents' : method === 'PUT' && path.startsWith('/users');
    return makes ? [`${method} ${path}`] : [];
  });
}

describe('an operation that takes longer than the five minutes of the guide', () => {
  it.each<[string, readonly AccountResource[]]>([
    ['a user', [...people, profile('joan', { invitation: 'Hold' })]],
    ['a shared extension', [...people, sharedExtension('lobby', '7200')]],
    ['a port', [...people, port('desk')]],
    ['an extension of a user', [...people, extension('jane', '7001')]],
  ])('is followed to its end, and %s is made once', async (_name, resources) => {
    const flow = await slowAccount(people);
    const before = flow.sent.length;
    await flow.apply(resources);
    expect(flow.overdue).toEqual([expect.stringMatching(/^Operation \S+ has not ended within 5 minutes/u)]);
    expect(writesOf(flow, before)).toHaveLength(1);
    const asked = flow.sent.slice(before).filter(({ path }) => path.startsWith('/operations/')).length;
    expect(asked).toBeLessThan(40);
    expect(flow.failures).toEqual([]);
    for (const [key, reason] of Object.entries(flow.reasons())) expect(reason, key).toMatch(/Synced|Draft/u);
  });

  it.each<[string, readonly AccountResource[]]>([
    ['a user', [...people, profile('joan', { invitation: 'Hold' })]],
    ['a shared extension', [...people, sharedExtension('lobby', '7200')]],
    ['a port', [...people, port('desk')]],
    ['an extension of a user', [...people, extension('jane', '7001')]],
  ])('is left by a run that ends, and the next one finds %s', async (_name, resources) => {
    const flow = await slowAccount(people, true);
    const before = flow.sent.length;
    await flow.apply(resources);
    expect(flow.failures.map(({ reason, running }) => ({ reason, running }))).toContainEqual({
      reason: 'Unconfirmed',
      running: true,
    });
    await flow.restart();
    await flow.apply(resources);
    await flow.clock.sleep(10 * 60_000);
    await flow.control('/settings', { latencyMs: { min: 1_000, max: 2_000 } });
    await flow.restart();
    await flow.apply(resources);
    expect(writesOf(flow, before)).toHaveLength(1);
    for (const [key, reason] of Object.entries(flow.reasons())) expect(reason, key).toMatch(/Synced|Draft/u);
  });
});

it('operations that hang do not keep the rest of the account from being written', async () => {
  const flow = new Flow({ resources: people, company, sandbox: { unlimited: true } });
  await flow.apply();
  const days = 48 * 3_600_000;
  await flow.control('/settings', { latencyMs: { min: days, max: days } });
  const hung = Array.from({ length: 10 }, (_, index) => profile(`hung${index}`, { invitation: 'Hold' }));
  flow.resources = [...people, ...hung];
  flow.loop.nudge('edit');
  const stop = new AbortController();
  const run = flow.loop.run(stop.signal).catch(() => undefined);
  await flow.clock.sleep(120_000);
  await flow.control('/settings', { latencyMs: { min: 1_000, max: 2_000 } });
  const before = flow.sent.length;
  flow.resources = [...flow.resources, profile('joan', { invitation: 'Hold' })];
  flow.loop.nudge('edit');
  await flow.clock.sleep(5 * 60_000);
  stop.abort(new Error('over'));
  await run;
  expect(flow.reasons()['UserProfile/acme/joan']).toBe('Synced');
  expect(writesOf(flow, before)).toEqual(['POST /users']);
});

it.each([3_000, 20_000])('what is over late and shows %i ms after that is made once', async (lagMs) => {
  const flow = await slowAccount(people);
  let shownAt = Number.POSITIVE_INFINITY;
  flow.tamper((request, answer) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET') return undefined;
    if (pathname.includes('/operations/') && String(answer.body).includes('"COMPLETED"')) {
      shownAt = Math.min(shownAt, flow.clock.now() + lagMs);
    }
    if (flow.clock.now() >= shownAt) return undefined;
    if (/porting-orders\/[^/]+$/u.test(pathname)) {
      return { ...answer, status: 404, body: '{"errors":[{"code":"NOT_FOUND","message":"not found"}]}' };
    }
    return pathname.endsWith('/porting-orders') ? { ...answer, body: withoutRows(answer.body) } : undefined;
  });
  const before = flow.sent.length;
  await flow.apply([...people, port('desk')]);
  await flow.clock.sleep(10 * 60_000);
  await flow.resync();
  expect(writesOf(flow, before)).toEqual(['POST /porting-orders']);
  expect(flow.failures).toEqual([]);
});

function withoutRows(body: unknown): string {
  const page: unknown = JSON.parse(String(body));
  const emptied = Object.entries(isJsonObject(page) ? page : {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? [] : value,
  ]);
  return JSON.stringify(Object.fromEntries(emptied));
}

it('a write of an earlier run that added an extension is looked for before it is sent again', async () => {
  const flow = new Flow({
    resources: people,
    company,
    onRequest: (number, when) => {
      if (when !== 'after' || flow.sent[number - 1]?.method !== 'PUT') return;
      flow.loop.stop(new Error('crash')).catch(() => undefined);
    },
  });
  await flow.apply();
  await flow.control('/settings', { latencyMs: { min: 35_000, max: 35_000 } });
  const before = flow.sent.length;
  const resources = [...people, extension('jane', '7001')];
  await flow.apply(resources).catch(() => undefined);
  await flow.restart();
  await flow.apply(resources);
  expect(writesOf(flow, before)).toHaveLength(1);
  expect(new Set(Object.values(flow.reasons()))).toEqual(new Set(['Synced']));
});
