import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { seedCompany } from './company.ts';
import { at, SandboxFixture } from './sandbox-fixture.ts';

const company = seedCompany({ users: 25, seed: 5, sites: 3 });

function encode(filter: string): string {
  return encodeURIComponent(filter);
}

async function walk(fixture: SandboxFixture, path: string): Promise<string[]> {
  const ids: string[] = [];
  let page = await fixture.get(path);
  for (;;) {
    for (const row of Array.isArray(page.data) ? page.data : [])
      ids.push(String(at(row, 'basicInfo', 'userName')));
    const next = at(page, 'pagination', 'nextScrollId');
    if (at(page, 'pagination', 'hasMore') !== true) return ids;
    page = await fixture.get(`/users?scrollId=${String(next)}`);
  }
}

describe('scroll pagination', () => {
  it('walks all rows once, carrying filter and sort along', async () => {
    const fixture = new SandboxFixture({ company });
    const filter = encode('basicInfo.userName!=primary*');
    const names = await walk(fixture, `/users?pageSize=7&sort=-basicInfo.userName&filter=${filter}`);
    expect(names).toHaveLength(24);
    expect(names).toEqual([...new Set(names)].sort().reverse());
  });

  it('allows pageSize beside scrollId, and refuses filter and sort', async () => {
    const fixture = new SandboxFixture({ company });
    const id = at(await fixture.get('/users?pageSize=5'), 'pagination', 'nextScrollId');
    expect(await fixture.list(`/users?scrollId=${id}&pageSize=3`)).toHaveLength(3);
    for (const extra of ['filter=basicInfo.status==ACTIVE', 'sort=basicInfo.userName']) {
      expect(await fixture.refused('GET', `/users?scrollId=${id}&${extra}`)).toMatchObject({
        status: 400,
        error: { code: 'CONFLICTING_QUERY_PARAMETER' },
      });
    }
  });

  it('repeats a page whose answer was lost, and forgets it in the end', async () => {
    const fixture = new SandboxFixture({ company });
    const id = at(await fixture.get('/users?pageSize=5'), 'pagination', 'nextScrollId');
    const once = await fixture.list(`/users?scrollId=${id}`);
    expect(await fixture.list(`/users?scrollId=${id}`)).toEqual(once);
    await fixture.clock.sleep(10 * 60_000);
    for (const bad of [id, 'never-given']) {
      expect(await fixture.refused('GET', `/users?scrollId=${bad}`)).toMatchObject({
        status: 400,
        error: { code: 'VALIDATION_ERROR', field: 'scrollId' },
      });
    }
  });

  it('has the page sizes of the guides', async () => {
    const fixture = new SandboxFixture({ company });
    for (const [path, max] of Object.entries({
      users: 1000,
      'ring-groups': 1000,
      addresses: 100,
      'phone-numbers': 100,
    })) {
      expect(at(await fixture.get(`/${path}`), 'pagination', 'pageSize')).toBe(100);
      expect((await fixture.send('GET', `/${path}?pageSize=${max}`)).status).toBe(200);
      for (const size of ['0', String(max + 1), 'many']) {
        expect(await fixture.refused('GET', `/${path}?pageSize=${size}`)).toMatchObject({
          status: 400,
          error: { code: 'VALIDATION_ERROR', field: 'pageSize' },
        });
      }
    }
  });
});

describe('page pagination of sites', () => {
  it('counts pages from zero and has no scroll id', async () => {
    const fixture = new SandboxFixture({ company });
    const page = await fixture.get('/sites?pageSize=2&pageNumber=1');
    expect(page.pagination).toMatchObject({ pageNumber: 1, pageSize: 2, hasMore: false, nextScrollId: null });
    expect(page.data).toHaveLength(1);
  });

  it('filters by name alone, with one ==', async () => {
    const fixture = new SandboxFixture({ company });
    expect(await fixture.list(`/sites?filter=${encode('name==*office')}`)).toHaveLength(2);
    const refused = ['name!=x', 'id==x', 'name==a;name==b', 'name==a*b', 'name='];
    for (const filter of refused) {
      expect(await fixture.refused('GET', `/sites?filter=${encode(filter)}`)).toMatchObject({
        status: 400,
        error: { code: 'VALIDATION_ERROR', field: 'filter' },
      });
    }
  });
});

describe('filters', () => {
  const some = async (filter: string) =>
    (await new SandboxFixture({ company }).list(`/users?filter=${encode(filter)}`)).length;

  it('compare without regard to case, with wildcards, AND, OR and parentheses', async () => {
    expect(await some('basicInfo.userName==PRIMARY.ADMIN@example.com')).toBe(1);
    expect(await some('basicInfo.userName==*admin@*')).toBe(1);
    expect(await some("directoryInfo.department=='sales',directoryInfo.department!=Sales")).toBe(25);
    expect(
      await some('(basicInfo.status==active;basicInfo.userName==primary*),basicInfo.status==INACTIVE'),
    ).toBe(1);
  });

  it('compare instants', async () => {
    expect(await some('basicInfo.createdTime>2025-01-01T00:00:00Z')).toBe(25);
    expect(await some('basicInfo.createdTime<=2025-01-06T09:00:00Z')).toBe(25);
    expect(await some('basicInfo.createdTime<2025-01-06T09:00:00Z')).toBe(0);
  });

  it('are refused when malformed, too long, or of a field or operator that is not offered', async () => {
    const fixture = new SandboxFixture({ company });
    const filters = [
      'basicInfo.status=',
      'lastName==x',
      'basicInfo.site.id==x',
      'basicInfo.status=in=(a,b)',
      'x'.repeat(2001),
    ];
    for (const filter of filters) {
      expect(await fixture.refused('GET', `/users?filter=${encode(filter)}`)).toMatchObject({
        status: 400,
        error: { code: 'VALIDATION_ERROR', field: 'filter' },
      });
    }
  });

  it('find a number only when its plus is encoded', async () => {
    const fixture = new SandboxFixture({ company });
    expect(await fixture.list(`/phone-numbers?filter=${encode('phoneNumber==+14085550101')}`)).toHaveLength(
      1,
    );
    expect(await fixture.list('/phone-numbers?filter=phoneNumber==+14085550101')).toHaveLength(0);
  });
});

describe('sort', () => {
  it('takes several fields, but one alone for phone numbers', async () => {
    const fixture = new SandboxFixture({ company });
    const users = await fixture.list('/users?sort=directoryInfo.department,-basicInfo.userName');
    const keys = users.map((user: JsonObject) =>
      String(at(user, 'directoryInfo', 'department')).toLowerCase(),
    );
    expect(keys).toEqual([...keys].sort());
    for (const path of [
      '/phone-numbers?sort=country,category',
      '/users?sort=basicInfo.primaryEmail',
      '/users?sort=-',
    ]) {
      expect(await fixture.refused('GET', path)).toMatchObject({
        status: 400,
        error: { code: 'VALIDATION_ERROR', field: 'sort' },
      });
    }
  });
});

describe('list rows', () => {
  it('are GET one when complete', async () => {
    const fixture = new SandboxFixture({ company });
    const [user] = await fixture.list('/users');
    expect(await fixture.get(`/users/${at(user, 'basicInfo', 'userId')}`)).toEqual(user);
  });

  it('leave out most of the extensions and all assignments when sparse', async () => {
    const fixture = new SandboxFixture({ company: seedCompany({ users: 60, seed: 2 }), sparseRows: true });
    const [user] = await fixture.list('/users');
    expect(Object.keys(user ?? {})).toEqual(['basicInfo', 'directoryInfo', 'serviceInfo']);
    const extension = at(user, 'serviceInfo', 'extensions', 0);
    expect(Object.keys(extension ?? {})).toEqual(['id', 'extensionNumber', 'extensionType', 'phoneNumbers']);
    const [group] = await fixture.list('/ring-groups');
    expect(group?.members).toBeUndefined();
    expect((await fixture.get(`/ring-groups/${group?.id}`)).members).toHaveLength(5);
    await fixture.read('POST', '/_control/settings', { sparseRows: false });
    expect((await fixture.list('/ring-groups'))[0]?.members).toHaveLength(5);
  });
});

describe('a company of 10,000', () => {
  it('lists in ten pages', async () => {
    const fixture = new SandboxFixture({
      company: seedCompany({ users: 10_000, seed: 1, phoneNumbers: 10_000 }),
    });
    const names = await walk(fixture, '/users?pageSize=1000');
    expect(new Set(names).size).toBe(10_000);
    expect(at(await fixture.get('/_control/stats'), 'requests', 'GET /users')).toBe(10);
  });
});
