import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
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
