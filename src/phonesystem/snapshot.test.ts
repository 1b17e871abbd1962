import { describe, expect, it } from 'vitest';
import { objectTypes } from '../account/objects.ts';
import { readAccount } from './snapshot.ts';
import {
  answer,
  connectionError,
  page,
  problem,
  sandboxEndpoint,
  scripted,
  user,
} from './testing/scripted.ts';

const { signal } = new AbortController();
const published = ['user', 'ringGroup', 'site', 'address', 'phoneNumber'] as const;

describe('readAccount', () => {
  it('reads whole collections, each in the largest pages', async () => {
    const from = scripted((request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname.endsWith('/users')) {
        return search.includes('scrollId') ? page([user('b')]) : page([user('a')], 'next');
      }
      if (pathname.endsWith('/phone-numbers')) return page([{ phoneNumber: '+14085550123' }]);
      return page([{ id: `${pathname.split('/').at(-1)}-1` }]);
    });
    const snapshot = await readAccount(from.client, { types: published, clock: from.clock, signal });
    const users = snapshot.collections.user;
    expect(users.state === 'read' && [...users.objects.keys()]).toEqual(['a', 'b']);
    expect(users.state === 'read' && users.objects.get('a')).toEqual({
      type: 'user',
      id: 'a',
      body: user('a'),
      source: 'row',
      readAt: from.clock.now(),
    });
    const numbers = snapshot.collections.phoneNumber;
    expect(numbers.state === 'read' && numbers.objects.has('+14085550123')).toBe(true);
    expect(snapshot.requests).toBe(6);
    expect(snapshot.collections.license).toEqual({ state: 'unknown', reason: 'Not read yet' });
  });

  it('lets the others stand when one fails, and says why and what is missing', async () => {
    const from = scripted((request) => {
      if (request.url.includes('/ring-groups')) return problem(403, 'FORBIDDEN');
      if (request.url.includes('/sites')) return connectionError('ECONNRESET');
      return page([]);
    });
    const snapshot = await readAccount(from.client, { types: published, clock: from.clock, signal });
    expect(published.map((type) => snapshot.collections[type].state)).toEqual([
      'read',
      'unknown',
      'unknown',
      'read',
      'read',
    ]);
    expect(snapshot.collections.ringGroup).toMatchObject({
      reason: expect.stringContaining('UC Ring Group Admin'),
    });
    expect(snapshot.missingScopes).toEqual(['UC Ring Group Admin']);
    expect([...snapshot.failures.keys()].sort()).toEqual(['ringGroup', 'site']);
  });

  it('takes a collection that broke off half-way for unknown, not for short', async () => {
    const from = scripted((request) =>
      request.url.includes('scrollId') ? problem(500, 'UNKNOWN') : page([user('a')], 'next'),
    );
    const snapshot = await readAccount(from.client, { types: ['user'], clock: from.clock, signal });
    expect(snapshot.collections.user.state).toBe('unknown');
  });

  it('takes a row without an id for a collection that cannot be read', async () => {
    const from = scripted(() => page([user('a'), { basicInfo: { userName: 'kim' } }]));
    const snapshot = await readAccount(from.client, { types: ['user'], clock: from.clock, signal });
    expect(snapshot.collections.user).toEqual({
      state: 'unknown',
      reason: 'The list of /users has a row without basicInfo.userId',
    });
  });

  it('marks what the endpoint does not offer as unsupported, without asking for it', async () => {
    const from = scripted(
      (request) => {
        if (request.url.endsWith('/.well-known/dialops.json')) {
          return answer(200, { offers: ['administrator', 'privilegeTree'], customerId: 'c1' });
        }
        if (request.url.endsWith('/privilege-tree')) {
          return answer(200, {
            sections: [
              { name: 'Billing', privileges: [{ name: 'ViewBills', access: 'VIEW' }, { name: 'New' }] },
            ],
          });
        }
        return request.url.includes('/administrators') ? page([{ userId: 'u1' }]) : page([]);
      },
      { endpoint: sandboxEndpoint },
    );
    const snapshot = await readAccount(from.client, { types: objectTypes, clock: from.clock, signal });
    expect(snapshot.collections.administrator.state).toBe('read');
    expect(snapshot.collections.portingOrder.state).toBe('unsupported');
    expect(snapshot.privilegeTree).toEqual([
      {
        name: 'Billing',
        title: 'Billing',
        privileges: [
          { name: 'ViewBills', title: 'ViewBills', access: 'VIEW' },
          { name: 'New', title: 'New', access: 'CHANGE' },
        ],
      },
    ]);
    expect(from.asked().filter((path) => path.includes('well-known'))).toHaveLength(1);
    expect(from.asked().some((path) => path.includes('porting'))).toBe(false);
  });

  it.each([
    ['without a word', answer(404)],
    ["in a gateway's words", { ...answer(404), body: '<html>No such route</html>' }],
  ])('takes a discovery document that is not there, %s, for the published API alone', async (_name, none) => {
    const from = scripted((request) => (request.url.includes('well-known') ? none : page([])), {
      endpoint: sandboxEndpoint,
    });
    const snapshot = await readAccount(from.client, {
      types: ['user', 'license'],
      clock: from.clock,
      signal,
    });
    expect([snapshot.collections.user.state, snapshot.collections.license.state]).toEqual([
      'read',
      'unsupported',
    ]);
  });

  it('looks again with the next full reading whether still nothing is offered beyond the published API', async () => {
    let rolledOut = false;
    const from = scripted(
      (request) => {
        if (!request.url.includes('well-known')) return page([]);
        return rolledOut ? answer(200, { offers: ['license'] }) : answer(404);
      },
      { endpoint: sandboxEndpoint },
    );
    const reading = () => readAccount(from.client, { types: ['license'], clock: from.clock, signal });
    expect((await reading()).collections.license.state).toBe('unsupported');
    rolledOut = true;
    expect((await reading()).collections.license.state).toBe('unsupported');
    await from.clock.sleep(15 * 60_000);
    expect((await reading()).collections.license.state).toBe('read');
    await from.clock.sleep(24 * 60 * 60_000);
    await reading();
    expect(from.asked().filter((path) => path.includes('well-known'))).toHaveLength(2);
  });

  it('never asks the hosts of the vendor', async () => {
    const from = scripted(() => page([]));
    for (const hours of [0, 1, 24]) {
      await from.clock.sleep(hours * 60 * 60_000);
      await readAccount(from.client, { types: ['user', 'license'], clock: from.clock, signal });
    }
    expect(from.asked().filter((path) => path.includes('well-known'))).toEqual([]);
  });

  it('asks for the discovery document again after it could not be read', async () => {
    let down = true;
    const from = scripted(
      (request) => {
        if (!request.url.includes('well-known')) return page([]);
        return down ? problem(503) : answer(200, { offers: ['license'] });
      },
      { endpoint: sandboxEndpoint },
    );
    const first = await readAccount(from.client, { types: ['license'], clock: from.clock, signal });
    expect(first.collections.license.state).toBe('unknown');
    down = false;
    const second = await readAccount(from.client, { types: ['license'], clock: from.clock, signal });
    expect(second.collections.license.state).toBe('read');
  });

  it('rejects when the key is refused, since then nothing can be read', async () => {
    const from = scripted(() => answer(401));
    await expect(
      readAccount(from.client, { types: published, clock: from.clock, signal }),
    ).rejects.toMatchObject({
      kind: 'unauthorized',
    });
  });

  it('rejects when there is none of the collections, since then the address is wrong', async () => {
    const from = scripted(() => problem(404, 'NOT_FOUND'));
    const reading = readAccount(from.client, { types: published, clock: from.clock, signal });
    await expect(reading).rejects.toThrow(/path is wrong; that of 8x8 ends in \/admin-provisioning/);
  });

  it('leaves what it is not asked for as it was', async () => {
    const from = scripted((request) => page(request.url.includes('/users') ? [user('a')] : [{ id: 's1' }]));
    const first = await readAccount(from.client, { types: ['user', 'site'], clock: from.clock, signal });
    const second = await readAccount(from.client, {
      types: ['site'],
      previous: first,
      clock: from.clock,
      signal,
    });
    expect(second.collections.user).toBe(first.collections.user);
    expect(second.collections.site).not.toBe(first.collections.site);
  });
});
