import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../foundation/json.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AuditClient } from './audit.ts';
import type { AuditChange } from './audit-record.ts';
import { RequestBudget } from './budget.ts';
import { readChanges } from './changes.ts';
import { PhoneSystemClient } from './client.ts';
import { idOf } from './collections.ts';
import type { RequesterOptions } from './requester.ts';
import { readAccount } from './snapshot.ts';
import { endpoint, options, user, wideBudget } from './testing/scripted.ts';
import { fetchTransport } from './transport.ts';

// Where the documents contradict each other, the phone system may be either way: each is answered over the wire.

const base = '/admin-provisioning';
const auditPath = '/administration/audit/v1/audits';

let clock: SimulatedClock;
let client: PhoneSystemClient;
/** Path and query of each request, in order. */
let asked: string[];

beforeEach(() => {
  nock.disableNetConnect();
  clock = new SimulatedClock();
  asked = [];
  client = new PhoneSystemClient(requester());
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function requester(overrides: Partial<RequesterOptions> = {}): RequesterOptions {
  return {
    endpoint,
    apiKey: async () => 'key-one',
    transport: fetchTransport(),
    budget: wideBudget(clock),
    clock,
    random: () => 0,
    ...overrides,
  };
}

type Reply = readonly [status: number, body: JsonObject, headers?: Record<string, string>];

/** Answers every GET below the vendor's host as `reply` says. */
function phoneSystem(reply: (query: URLSearchParams, path: string, index: number) => Reply): void {
  nock('https://api.8x8.com')
    .persist()
    .get(/.*/)
    .reply((request: Request) => {
      const url = new URL(request.url);
      asked.push(url.pathname.replace(base, '') + url.search);
      const [status, body, headers = {}] = reply(url.searchParams, url.pathname, asked.length - 1);
      return [status, JSON.stringify(body), { 'content-type': 'application/json', ...headers }];
    });
}

function refusal(code: string, field?: string): Reply {
  const entry: JsonObject = { code, message: 'No', ...(field === undefined ? {} : { field }) };
  return [400, { status: 400, title: 'Bad Request', errors: [entry] }];
}

function pageOf(data: readonly Json[], pagination: JsonObject): Reply {
  return [200, { data: [...data], pagination }];
}

async function idsOf(type: 'user' | 'phoneNumber', query: { filter?: string; sort?: string } = {}) {
  const ids: (string | undefined)[] = [];
  for await (const page of client.list(type, { ...options, ...query }))
    ids.push(...page.objects.map((object) => idOf(type, object)));
  return ids;
}

const users = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => user(`u${from + index}`));
const names = (from: number, to: number) => users(from, to).map((_, index) => `u${from + index}`);

describe('C5: the largest page of users is 1000, or 100', () => {
  const total = 250;

  it.each([
    ['takes 1000', (size: number) => size, ['1000']],
    ['refuses more than 100', (size: number) => (size > 100 ? undefined : size), ['1000', '100']],
    ['grants 100 whatever is asked for', (size: number) => Math.min(size, 100), ['1000']],
  ])('reads all where the phone system %s', async (_name, grant, sizes) => {
    phoneSystem((query) => {
      const scroll = query.get('scrollId');
      const [at = 0, known] = scroll?.split('-').map(Number) ?? [0];
      const size = known ?? grant(Number(query.get('pageSize')));
      if (size === undefined) return refusal('VALIDATION_ERROR', 'pageSize');
      const end = Math.min(at + size, total);
      return pageOf(users(at, end), {
        pageSize: size,
        pageNumber: at / size,
        hasMore: end < total,
        nextScrollId: end < total ? `${end}-${size}` : null,
      });
    });
    expect(await idsOf('user')).toEqual(names(0, total));
    const asks = asked.flatMap((path) => new URLSearchParams(path.split('?')[1]).get('pageSize') ?? []);
    expect(asks).toEqual(sizes);
  });
});

describe('C6: a scroll id alone, or beside the parameters of the first page', () => {
  const first = { filter: "basicInfo.status=='ACTIVE'", sort: '-basicInfo.lastUpdatedTime' };

  it.each([
    ['refuses filter and sort beside it', (others: string[]) => others.some((name) => name !== 'pageSize')],
    ['refuses anything beside it', (others: string[]) => others.length > 0],
    ['takes anything beside it', () => false],
  ])('reads all where the phone system %s', async (_name, refuses) => {
    phoneSystem((query) => {
      const scroll = query.get('scrollId');
      const others = [...query.keys()].filter((name) => name !== 'scrollId');
      if (scroll !== null && refuses(others)) return refusal('CONFLICTING_QUERY_PARAMETER', others[0]);
      return scroll === null
        ? pageOf(users(0, 2), { hasMore: true, nextScrollId: 'two' })
        : pageOf(users(2, 3), { hasMore: false, nextScrollId: null });
    });
    expect(await idsOf('user', first)).toEqual(names(0, 3));
    expect(asked).toEqual([expect.stringContaining('filter='), '/users?scrollId=two']);
  });
});

describe('C7: a scroll is a snapshot, or moves with what changes and expires', () => {
  it('reads each once where rows move from one page to the next', async () => {
    phoneSystem((query) =>
      query.get('scrollId') === null
        ? pageOf(users(0, 3), { hasMore: true, nextScrollId: 'two' })
        : pageOf(users(1, 5), { hasMore: false }),
    );
    expect(await idsOf('user')).toEqual(names(0, 5));
  });

  it('begins anew where the scroll id has expired, with one that no earlier listing had', async () => {
    let given = 0;
    const alive = new Set<string>();
    phoneSystem((query) => {
      const scroll = query.get('scrollId');
      if (scroll !== null && !alive.delete(scroll)) return refusal('VALIDATION_ERROR', 'scrollId');
      given++;
      const next = `scroll-${given}`;
      // The first one is gone before it is used.
      if (given > 1) alive.add(next);
      return scroll === null
        ? pageOf(users(0, 2), { hasMore: true, nextScrollId: next })
        : pageOf(users(2, 4), { hasMore: false });
    });
    expect(await idsOf('user')).toEqual(names(0, 4));
    expect(await idsOf('user')).toEqual(names(0, 4));
    const scrolls = asked.flatMap((path) => /scrollId=(.*)/.exec(path)?.[1] ?? []);
    expect(new Set(scrolls).size).toBe(scrolls.length);
  });
});

describe('C18 and C19: words of enumerations as they are written, paths in full', () => {
  const numbers = Array.from({ length: 600 }, (_, index) => ({
    phoneNumber: `+1408555${String(index).padStart(4, '0')}`,
    status: index === 7 ? 'PORTING' : index === 8 ? 'PRE_PORTING' : 'AVAILABLE',
  }));
  const people = Array.from({ length: 1_001 }, (_, index) => user(`u${index}`));

  /** The words of an RSQL expression that is a list of alternatives. */
  const alternatives = (filter: string) => filter.split(',').map((term) => term.split('=='));

  it.each([
    ['to the letter', (word: string) => word],
    ['without regard to case', (word: string) => word.toLowerCase()],
  ])('finds what is being ported where the phone system compares %s', async (_name, as) => {
    let whole = true;
    phoneSystem((query, path) => {
      if (path.endsWith('/users')) return usersPage(query);
      const filter = query.get('filter');
      if (filter === null) {
        const at = Number(query.get('scrollId') ?? 0);
        const more = at + 100 < numbers.length;
        return pageOf(numbers.slice(at, at + 100), {
          hasMore: more,
          nextScrollId: more ? String(at + 100) : null,
        });
      }
      whole = false;
      const wanted = alternatives(filter).map(([, word = '']) => as(word));
      return pageOf(
        numbers.filter(({ status }) => wanted.includes(as(status))),
        { hasMore: false },
      );
    });
    const types = ['user', 'phoneNumber'] as const;
    const { signal } = options;
    const previous = await readAccount(client, { types, clock, signal });
    expect(whole).toBe(true);
    asked.splice(0);
    await clock.sleep(60_000);
    const changes = await readChanges(client, previous, { types, clock, signal, maxRequests: 2 });
    expect(changes.covered.get('phoneNumber')).toBe('newest');
    expect(changes.failures.size).toBe(0);
    // None of them had to be asked for by itself, as one would that is not found any more.
    expect(asked.filter((path) => path.startsWith('/phone-numbers'))).toEqual([
      expect.stringContaining('filter='),
    ]);
  });

  /** Sorted or not, all in one or two pages. */
  function usersPage(query: URLSearchParams): Reply {
    const at = Number(query.get('scrollId') ?? 0);
    const more = at + 1_000 < people.length;
    return pageOf(people.slice(at, at + 1_000), {
      hasMore: more,
      nextScrollId: more ? String(at + 1_000) : null,
    });
  }

  it('asks for what changed by a path in full, and keeps what is known where that is refused', async () => {
    phoneSystem((query) =>
      query.get('sort')?.includes('basicInfo.') ? refusal('INVALID_SORT', 'sort') : usersPage(query),
    );
    const { signal } = options;
    const types = ['user'] as const;
    const previous = await readAccount(client, { types, clock, signal });
    asked.splice(0);
    await clock.sleep(60_000);
    const changes = await readChanges(client, previous, { types, clock, signal });
    expect(asked).toEqual([expect.stringContaining('sort=-basicInfo.lastUpdatedTime')]);
    expect(changes.failures.get('user')).toMatchObject({ kind: 'invalid' });
    expect(changes.collections.user).toBe(previous.collections.user);
    expect(changes.missing).toEqual([]);
    // A full reading names no path at all.
    expect((await readAccount(client, { types, clock, signal })).failures.size).toBe(0);
  });
});

describe('C25: the first wait after a 429 is the reset, or two seconds', () => {
  /** When the second request is sent, in milliseconds after the first was refused. */
  async function waitAfter(status: number, headers: Record<string, string>): Promise<number> {
    const times: number[] = [];
    const budget = new RequestBudget({ clock, marginMs: 0 });
    client = new PhoneSystemClient(requester({ budget }));
    phoneSystem((_query, _path, index) => {
      times.push(clock.now());
      return index === 0 ? [status, {}, headers] : [200, {}];
    });
    await client.get('user', 'u1', options);
    return (times[1] ?? 0) - (times[0] ?? 0);
  }
  const date = () => new Date(clock.now()).toUTCString();
  const inSeconds = (seconds: number) => String(clock.now() / 1_000 + seconds);

  it('waits for the reset where the answer tells it', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(23), date: date() };
    expect(await waitAfter(429, headers)).toBe(23_000);
  });

  it('waits two seconds where it tells nothing', async () => {
    expect(await waitAfter(429, {})).toBe(2_000);
  });

  it('waits a second after a fault that is no refusal', async () => {
    expect(await waitAfter(503, {})).toBe(1_000);
  });
});

describe('C30: operations as the samples have them', () => {
  it.each([
    ['completed', 'COMPLETED'],
    ['Failed', 'FAILED'],
    ['in_progress', 'IN_PROGRESS'],
    ['pending', 'PENDING'],
    ['unknown', 'UNKNOWN'],
  ])('reads the status %s as %s', async (written, status) => {
    phoneSystem(() => [200, { operationId: 'op_1', status: written, resourceId: 'u1' }]);
    const state = await client.operation('op_1', options);
    expect(state.status).toBe(status);
    expect(state.reported).toBeUndefined();
    expect(state.resourceId).toBe(status === 'COMPLETED' ? 'u1' : undefined);
  });

  it('believes in no end that only the samples know', async () => {
    phoneSystem(() => [200, { status: 'cancelled', resourceId: 'u1' }]);
    expect(await client.operation('op_1', options)).toEqual({
      operationId: 'op_1',
      status: 'UNKNOWN',
      reported: 'cancelled',
    });
  });

  it('tells why one failed where the error has a message and no errors[]', async () => {
    phoneSystem(() => [200, { status: 'failed', error: { code: 'CONFLICT', message: 'Taken' } }]);
    expect((await client.operation('op_1', options)).error).toEqual({
      code: 'CONFLICT',
      message: 'Taken',
      fields: [],
    });
  });

  it('asks without a version in the path', async () => {
    phoneSystem(() => [200, { status: 'COMPLETED' }]);
    await client.operation('op_1', options);
    await client.get('user', 'u1', options);
    expect(asked).toEqual(['/operations/op_1', '/users/u1']);
  });
});

describe('C32: audit records that hold writes alone, or views as well, by whatever name', () => {
  const record = (id: string, more: JsonObject): JsonObject => ({
    id,
    entityType: 'user',
    entityKey: 'u1',
    eventType: 'update',
    auditUserId: 'admin-1',
    auditTimestamp: '2026-01-05T08:30:00Z',
    details: null,
    ...more,
  });

  async function changes(): Promise<AuditChange[]> {
    const audit = new AuditClient(requester({ endpoint: `https://api.8x8.com${auditPath}` }));
    const query = { from: clock.now() - 3_600_000, to: clock.now(), entityTypes: ['user'] };
    const found: AuditChange[] = [];
    for await (const change of audit.changesSince(query, options)) found.push(change);
    return found;
  }

  it.each([
    ['the user name', 'kim.lee@example.com'],
    ['first and last name', 'Kim Lee'],
    ['nothing', null],
  ])('knows whom a record is about by its key where displayName is %s', async (_name, displayName) => {
    phoneSystem(() => [200, { data: [record('1', { displayName })], meta: { scrollId: null } }]);
    expect(await changes()).toMatchObject([{ objectType: 'user', objectId: 'u1', event: 'update' }]);
    // Which end of a name its wildcard stands for is not agreed upon: it is not asked for by name.
    expect(asked).toEqual([expect.not.stringMatching(/displayName|%2A|\*/)]);
  });

  it('leaves out who only looked, and takes no record for one of what was asked for', async () => {
    const data = [
      record('1', { eventType: 'view' }),
      record('2', { eventType: 'EXPORT' }),
      record('3', { eventType: 'Create' }),
      record('4', { entityType: 'ringgroup', entityKey: 'g1' }),
    ];
    phoneSystem(() => [200, { data, meta: { scrollId: null } }]);
    const found = await changes();
    expect(found.map(({ event, objectType, objectId }) => [event, objectType, objectId])).toEqual([
      ['create', 'user', 'u1'],
      ['update', 'ringGroup', 'g1'],
    ]);
  });

  it('repeats all parameters with the scroll id, and ends without one', async () => {
    phoneSystem((query) => {
      const scroll = query.get('scrollId');
      const required = ['startTime', 'endTime', 'service'].filter((name) => query.get(name) === null);
      if (required.length > 0) return [400, { status: 400, error: 'Bad Request', message: required.join() }];
      return [
        200,
        {
          data: [record(scroll ?? 'first', {})],
          meta: { scrollId: scroll === null ? 'second' : null, totalRecordCount: 1 },
        },
      ];
    });
    expect((await changes()).map(({ id }) => id)).toEqual(['first', 'second']);
  });
});
