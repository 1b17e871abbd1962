import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
import type { Extension } from '../../src/resources/generated/extension.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { company, profile, sharedExtension } from './support/resources.ts';
import { statusIn } from './support/status.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('the groups of an extension, in its status, with %s list rows', (_rows, sparseRows) => {
  const desk = extension('jane', '7001');
  const second = extension('second', '7002', { userProfileRef: { name: 'jane' } });
  const lobby = sharedExtension('lobby', '7003');
  const siteId = company.sites[0]?.id ?? '';
  const makeGroup = async (run: Flow, name: string, ...members: readonly Extension[]) => {
    await run.inConsole('POST', '/ring-groups', {
      name,
      extensionNumber: name === 'Sales' ? '7801' : '7802',
      ringPattern: 'SEQUENTIAL',
      ringTimeout: 20,
      inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
      site: { id: siteId },
      members: members.map((member) => ({ extensionId: run.externalId(member) ?? null })),
    });
    await run.resync();
  };

  const flow = (...resources: readonly AccountResource[]) =>
    new Flow({ resources, company, sandbox: { sparseRows }, showsMembers: true });

  it('are its own, not those of the other extensions of its user', async () => {
    const run = flow(profile('jane'), desk, second, lobby);
    await run.apply();
    await makeGroup(run, 'Sales', desk);
    await makeGroup(run, 'Support', second, lobby);
    expect(statusIn(run, desk).ringGroups).toEqual(['Sales']);
    expect(statusIn(run, second).ringGroups).toEqual(['Support']);
    expect(statusIn(run, lobby).ringGroups).toEqual(['Support']);
    expect(run.plan?.changes).toEqual([]);
  });

  it('cost a request for each group whose row hides them, once for each reading of the whole account', async () => {
    const run = flow(profile('jane'), desk);
    await run.apply();
    await makeGroup(run, 'Sales', desk);
    const reads = () => run.sent.filter(({ path }) => path.startsWith('/ring-groups/')).length;
    const groups = company.ringGroups.length + 1;
    const before = reads();
    await run.resync();
    expect(reads() - before).toBe(sparseRows ? groups : 0);
    const stopping = new AbortController();
    const running = run.loop.run(stopping.signal);
    await run.clock.sleep(5 * 60_000);
    stopping.abort();
    await running;
    expect(run.sent.filter(({ path }) => path === '/ring-groups').length).toBeGreaterThan(5);
    expect(reads() - before).toBe(sparseRows ? groups : 0);
    expect(statusIn(run, desk).ringGroups).toEqual(['Sales']);
  });

  it('stay as they were shown while a group that is new can not be read', async () => {
    const run = flow(profile('jane'), desk);
    await run.apply();
    await makeGroup(run, 'Sales', desk);
    const shown = { ...desk, status: statusIn(run, desk) };
    expect(shown.status.ringGroups).toEqual(['Sales']);
    await run.control('/faults', {
      match: { method: 'GET', path: '/ring-groups/.' },
      times: 99,
      respond: { status: 500, code: 'UNKNOWN' },
    });
    run.resources = [profile('jane'), shown];
    await makeGroup(run, 'Support', desk);
    expect(statusIn(run, desk).ringGroups).toEqual(sparseRows ? ['Sales'] : ['Sales', 'Support']);
    await run.control('/faults', {}, 'DELETE');
    await run.resync();
    expect(statusIn(run, desk).ringGroups).toEqual(['Sales', 'Support']);
  });

  it('are those of its user where the key may not read groups and there is no other extension', async () => {
    const forbidden = {
      match: { method: 'GET', path: '/ring-groups' },
      times: 99,
      respond: { status: 403, code: 'FORBIDDEN' },
    };
    const alone = flow(profile('jane'), desk);
    await alone.apply();
    await makeGroup(alone, 'Sales', desk);
    await alone.control('/faults', forbidden);
    await alone.restart();
    await alone.apply();
    expect(alone.loop.view.collections.ringGroup.state).toBe('unknown');
    // Reading each user for this alone would cost a request a person: what its row hides is left unknown.
    if (sparseRows) expect(statusIn(alone, desk)).not.toHaveProperty('ringGroups');
    else expect(statusIn(alone, desk)).toMatchObject({ ringGroups: ['Sales'] });
    const both = flow(profile('jane'), desk, second);
    await both.apply();
    await makeGroup(both, 'Sales', desk);
    await both.control('/faults', forbidden);
    await both.restart();
    await both.apply();
    expect(statusIn(both, desk)).not.toHaveProperty('ringGroups');
    expect(both.reasons()['Extension/acme/jane']).toBe('Synced');
  });
});
