import { describe, expect, it } from 'vitest';
import { deleting } from '../../src/account/testing/resources.ts';
import type { HttpRequest } from '../../src/foundation/http.ts';
import { isJsonObject } from '../../src/foundation/json.ts';
import { Flow } from './support/account.ts';
import { company, profile, sharedExtension } from './support/resources.ts';

describe('what is found to be done already when it is to be written', () => {
  const clerk = profile('jane', { invitation: 'Hold', jobTitle: 'Clerk' });
  const director = profile('jane', { invitation: 'Hold', jobTitle: 'Director' });

  it('is not written: a read of the object stands before each update', async () => {
    const flow = new Flow({ resources: [clerk], company });
    await flow.apply();
    const id = flow.externalId(clerk);
    // Nobody has read the account since: the plan rests on the title of before.
    await flow.patchInConsole(`/users/${id}`, { directoryInfo: { jobTitle: 'Director' } });
    const before = flow.sent.length;
    await flow.apply([director]);
    const requests = flow.sent.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(requests).toContain(`GET /users/${id}`);
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
    expect(flow.failures).toEqual([]);
    expect(flow.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced' });
  });

  it('is written where one of its fields is not done', async () => {
    const flow = new Flow({ resources: [clerk], company });
    await flow.apply();
    const id = flow.externalId(clerk);
    await flow.patchInConsole(`/users/${id}`, { directoryInfo: { jobTitle: 'Director' } });
    const before = flow.sent.length;
    await flow.apply([profile('jane', { ...director.spec, department: 'Sales' })]);
    const requests = flow.sent.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(requests.slice(0, 2)).toEqual([`GET /users/${id}`, `PUT /users/${id}`]);
    expect(requests.slice(2).filter((request) => !request.startsWith('GET '))).toEqual([]);
  });
});

describe('a deletion whose operation ends UNKNOWN', () => {
  const operation = ({ url }: HttpRequest) => url.includes('/operations/');

  it.each([
    ['a user', profile('jane', { deletionPolicy: 'Delete', invitation: 'Hold' }), 'user', '/users/'],
    [
      'an extension',
      sharedExtension('lobby', '7302', { deletionPolicy: 'Delete' }),
      'extension',
      '/extensions/',
    ],
  ] as const)('is not done while %s is there, and counts as no removal', async (_name, one, type, path) => {
    const flow = new Flow({ resources: [one], company });
    await flow.apply();
    const id = flow.externalId(one) ?? '';
    const match = { method: 'DELETE', path };
    await flow.control('/faults', { match, times: 1, failOperation: { code: 'UNKNOWN' } });
    flow.tamper((request, answer) => {
      const body: unknown = operation(request) ? JSON.parse(answer.body) : undefined;
      if (!isJsonObject(body) || body.status !== 'FAILED') return undefined;
      return { ...answer, body: JSON.stringify({ ...body, status: 'UNKNOWN', error: null }) };
    });
    await flow.apply([deleting(one)]);
    expect(await flow.object(type, id)).toBeDefined();
    expect(flow.failures).toMatchObject([
      { reason: 'Unconfirmed', message: 'A deletion did not take effect; it is sent again' },
    ]);
    expect(flow.removals.recent(flow.clock.now())).toBe(0);
    expect(Object.values(flow.reasons())).not.toContain('Deleted: Nothing is left to do');
    await flow.clock.sleep(60_000);
    await flow.apply();
    expect(await flow.object(type, id)).toBeUndefined();
    expect(flow.sent.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
    expect(flow.removals.recent(flow.clock.now())).toBe(1);
    expect(Object.values(flow.reasons())).toEqual(['Deleted: Nothing is left to do']);
  });
});
