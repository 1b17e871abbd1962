import { describe, expect, it } from 'vitest';
import type { ObjectType } from '../account/objects.ts';
import type { HttpResponse } from '../foundation/http.ts';
import type { Json } from '../foundation/json.ts';
import { readChanges } from './changes.ts';
import { readAccount } from './snapshot.ts';
import { answer, page, problem, type Scripted, scripted, user } from './testing/scripted.ts';

const { signal } = new AbortController();

function at(minute: number, second = 0): string {
  return new Date(Date.UTC(2026, 0, 5, 8, minute, second)).toISOString();
}

/** A phone system with so many users, of whom some changed, and small collections of the rest. */
class Company {
  readonly users = new Map<string, string>();
  readonly numbers = new Map<string, string>();
  failing: string | undefined;

  constructor(users: number, numbers = 1) {
    for (let i = 0; i < users; i++) this.users.set(`u${i}`, at(0));
    for (let i = 0; i < numbers; i++) this.numbers.set(`+1408555${String(i).padStart(4, '0')}`, 'AVAILABLE');
  }

  answer(url: string): HttpResponse {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace('/admin-provisioning', '');
    if (this.failing !== undefined && path.startsWith(this.failing)) return problem(403, 'FORBIDDEN');
    if (path === '/users') return this.#page(searchParams, this.#users());
    if (path === '/phone-numbers') {
      const rows = [...this.numbers].map(([phoneNumber, status]) => ({ phoneNumber, status }));
      const filtered = searchParams.get('filter')?.includes('PORTING') === true;
      return this.#page(
        searchParams,
        rows.filter(({ status }) => !filtered || status.endsWith('PORTING')),
      );
    }
    const [, collection, id] = path.split('/');
    if (collection === 'phone-numbers' && id !== undefined) {
      const phoneNumber = decodeURIComponent(id);
      const status = this.numbers.get(phoneNumber);
      return status === undefined ? answer(404) : answer(200, { phoneNumber, status });
    }
    if (collection === 'users' && id !== undefined) {
      const time = this.users.get(id);
      return time === undefined ? answer(404) : answer(200, user(id, time));
    }
    return page([{ id: `${collection}-1` }]);
  }

  #users(): Json[] {
    return [...this.users].sort(([, a], [, b]) => (a < b ? 1 : -1)).map(([id, time]) => user(id, time));
  }

  #page(query: URLSearchParams, rows: readonly Json[]): HttpResponse {
    const [from, size] = (query.get('scrollId') ?? `0,${query.get('pageSize')}`).split(',').map(Number);
    const end = (from ?? 0) + (size ?? 0);
    return page(rows.slice(from, end), end < rows.length ? `${end},${size}` : undefined);
  }
}

function clientOf(company: Company): Scripted {
  return scripted((request) => company.answer(request.url));
}

const published: readonly ObjectType[] = ['user', 'ringGroup', 'site', 'address', 'phoneNumber'];

async function fullyRead(company: Company, types = published) {
  const from = clientOf(company);
  const previous = await readAccount(from.client, { types, clock: from.clock, signal });
  from.requests.splice(0);
  await from.clock.sleep(60_000);
  return {
    from,
    previous,
    check: () => readChanges(from.client, previous, { types, clock: from.clock, signal }),
  };
}

describe('readChanges', () => {
  it('costs at most five requests while nothing has changed, and changes nothing', async () => {
    const { from, previous, check } = await fullyRead(new Company(2_500, 2_500));
    const changes = await check();
    expect(from.requests.length).toBeLessThanOrEqual(5);
    expect(changes.requests).toBe(from.requests.length);
    expect(changes.changed).toEqual([]);
    expect(changes.missing).toEqual([]);
    expect(changes.collections.user).toBe(previous.collections.user);
    expect(Object.fromEntries(changes.covered)).toEqual({
      user: 'newest',
      ringGroup: 'whole',
      site: 'whole',
      address: 'whole',
    });
  });

  it('finds changed and new users without reading the others', async () => {
    const company = new Company(2_500);
    const { from, previous, check } = await fullyRead(company, ['user']);
    company.users.set('u7', at(10));
    company.users.set('new', at(11));
    const changes = await check();
    expect(from.asked()).toEqual(['/users?pageSize=100&sort=-basicInfo.lastUpdatedTime']);
    expect(changes.changed.map(({ id }) => id).sort()).toEqual(['new', 'u7']);
    const users = changes.collections.user;
    expect(users.state === 'read' && users.objects.size).toBe(2_501);
    expect(users.state === 'read' && users.readAt).toBe(
      previous.collections.user.state === 'read' && previous.collections.user.readAt,
    );
  });

  it('reads down to what is known when many have changed, in large pages', async () => {
    const company = new Company(5_000);
    const { from, check } = await fullyRead(company, ['user']);
    for (let i = 0; i < 1_500; i++) company.users.set(`u${i}`, at(10));
    const changes = await check();
    expect(changes.changed).toHaveLength(1_500);
    expect(from.requests).toHaveLength(3);
  });

  it('sees a deletion in a collection that fits one page', async () => {
    const company = new Company(50);
    const { check } = await fullyRead(company, ['user']);
    company.users.delete('u3');
    const changes = await check();
    expect(changes.missing.map(({ id }) => id)).toEqual(['u3']);
    expect(changes.covered.get('user')).toBe('whole');
  });

  it('follows numbers being ported when the inventory is too large to read', async () => {
    const company = new Company(10, 2_500);
    company.numbers.set('+14085550003', 'PORTING');
    company.numbers.set('+14085550004', 'PRE_PORTING');
    const { from, check } = await fullyRead(company, ['user', 'phoneNumber']);
    company.numbers.set('+14085550003', 'ASSIGNED');
    const changes = await check();
    expect(from.requests.length).toBeLessThanOrEqual(5);
    expect(changes.changed.map(({ id, body }) => [id, body.status])).toEqual([['+14085550003', 'ASSIGNED']]);
  });

  it('knows that a temporary number is gone once its port is over', async () => {
    const company = new Company(10, 2_500);
    company.numbers.set('+14085550003', 'PORTING');
    const { check } = await fullyRead(company, ['phoneNumber']);
    company.numbers.delete('+14085550003');
    const changes = await check();
    expect(changes.missing.map(({ id }) => id)).toEqual(['+14085550003']);
    expect([...changes.gone.keys()]).toEqual(['phoneNumber/+14085550003']);
  });

  it('looks at the others in turn, the longest unread first', async () => {
    const company = new Company(10);
    const { from, previous } = await fullyRead(company);
    const options = { types: published, clock: from.clock, signal, maxRequests: 3 };
    const first = await readChanges(from.client, previous, options);
    await from.clock.sleep(60_000);
    const second = await readChanges(from.client, first, options);
    expect([...first.covered.keys(), ...second.covered.keys()].sort()).toEqual([
      'address',
      'phoneNumber',
      'ringGroup',
      'site',
      'user',
      'user',
    ]);
  });

  it('reads suspects one by one, and tells what is gone for sure', async () => {
    const company = new Company(2_500);
    const { from, previous } = await fullyRead(company, ['user']);
    company.users.delete('u9');
    const changes = await readChanges(from.client, previous, {
      types: ['user'],
      clock: from.clock,
      signal,
      suspects: [
        { type: 'user', id: 'u8' },
        { type: 'user', id: 'u9' },
      ],
    });
    const users = changes.collections.user;
    expect(users.state === 'read' && users.objects.get('u8')?.source).toBe('single');
    expect([...changes.gone.keys()]).toEqual(['user/u9']);
  });

  it('keeps what is known of a collection that it cannot read now', async () => {
    const company = new Company(10);
    const { previous, check } = await fullyRead(company);
    company.failing = '/sites';
    const changes = await check();
    expect(changes.collections.site).toBe(previous.collections.site);
    expect(changes.failures.get('site')).toMatchObject({ kind: 'forbidden' });
    expect(changes.covered.has('site')).toBe(false);
  });

  it('does not claim to have seen the newest when rows do not show their time', async () => {
    const sparse = (id: string): Json => ({ basicInfo: { userId: id } });
    const rows = Array.from({ length: 1_200 }, (_, i) => sparse(`u${i}`));
    const from = scripted((request) => {
      const next = new URL(request.url).searchParams.get('scrollId');
      return next === null ? page(rows.slice(0, 1_000), 'next') : page(rows.slice(1_000));
    });
    const previous = await readAccount(from.client, { types: ['user'], clock: from.clock, signal });
    const changes = await readChanges(from.client, previous, { types: ['user'], clock: from.clock, signal });
    expect(changes.changed).toEqual([]);
  });
});
