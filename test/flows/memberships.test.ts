import { describe, expect, it } from 'vitest';
import type { Extension } from '../../src/resources/generated/extension.ts';
import { Flow } from './support/account.ts';
import { company, extension, profile, sharedExtension } from './support/resources.ts';
import { statusIn } from './support/status.ts';

const someone = { actor: { userName: 'someone@example.com' } };

describe('the groups of an extension, in its status', () => {
  const desk = extension('jane', '7001');
  const second = extension('second', '7002', { userProfileRef: { name: 'jane' } });
  const lobby = sharedExtension('lobby', '7003');
  const siteId = company.sites[0]?.id ?? '';
  const makeGroup = async (run: Flow, name: string, ...members: readonly Extension[]) => {
    await run.control('/console', {
      ...someone,
      method: 'POST',
      path: '/ring-groups',
      body: {
        name,
        extensionNumber: name === 'Sales' ? '7801' : '7802',
        ringPattern: 'SEQUENTIAL',
        ringTimeout: 20,
        inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
        site: { id: siteId },
        members: members.map((member) => ({ extensionId: run.externalId(member) })),
      },
    });
    await run.resync();
  };

  it('are its own, not those of the other extensions of its user', async () => {
    const run = new Flow({ resources: [profile('jane'), desk, second, lobby], company });
    await run.apply();
    await makeGroup(run, 'Sales', desk);
    await makeGroup(run, 'Support', second, lobby);
    expect(statusIn(run, desk).ringGroups).toEqual(['Sales']);
    expect(statusIn(run, second).ringGroups).toEqual(['Support']);
    expect(statusIn(run, lobby).ringGroups).toEqual(['Support']);
    expect(run.plan?.changes).toEqual([]);
  });

  it('are those of its user where the key may not read groups and there is no other extension', async () => {
    const forbidden = {
      match: { method: 'GET', path: '/ring-groups' },
      times: 99,
      respond: { status: 403, code: 'FORBIDDEN' },
    };
    const alone = new Flow({ resources: [profile('jane'), desk], company });
    await alone.apply();
    await makeGroup(alone, 'Sales', desk);
    await alone.control('/faults', forbidden);
    await alone.restart();
    await alone.apply();
    expect(alone.loop.view.collections.ringGroup.state).toBe('unknown');
    expect(statusIn(alone, desk)).toMatchObject({ ringGroups: ['Sales'] });
    const both = new Flow({ resources: [profile('jane'), desk, second], company });
    await both.apply();
    await makeGroup(both, 'Sales', desk);
    await both.control('/faults', forbidden);
    await both.restart();
    await both.apply();
    expect(statusIn(both, desk)).not.toHaveProperty('ringGroups');
    expect(both.reasons()['Extension/acme/jane']).toBe('Synced');
  });
});
