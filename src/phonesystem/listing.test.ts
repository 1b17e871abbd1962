import { describe, expect, it } from 'vitest';
import type { ObjectType } from '../account/objects.ts';
import { idOf } from './collections.ts';
import { type ListedPage, type ListQuery, listPages } from './listing.ts';
import { answer, options, page, problem, type Scripted, scripted, user } from './testing/scripted.ts';

async function readAll(
  from: Scripted,
  type: ObjectType = 'user',
  query: ListQuery = {},
): Promise<ListedPage[]> {
  const pages: ListedPage[] = [];
  for await (const next of from.client.list(type, { ...options, ...query })) pages.push(next);
  return pages;
}

function ids(pages: readonly ListedPage[], type: ObjectType = 'user'): (string | undefined)[] {
  return pages.flatMap(({ objects }) => objects.map((object) => idOf(type, object)));
}

describe('a scrolled collection', () => {
  it('goes on with the newest scroll id, sent alone', async () => {
    const from = scripted((_request, index) =>
      index === 0
        ? page([user('a')], 'scroll/one+')
        : index === 1
          ? page([user('b')], 'two')
          : page([user('c')]),
    );
    const pages = await readAll(from, 'user', {
      filter: 'basicInfo.status==ACTIVE',
      sort: '-basicInfo.lastUpdatedTime',
    });
    expect(from.asked()).toEqual([
      '/users?pageSize=1000&filter=basicInfo.status%3D%3DACTIVE&sort=-basicInfo.lastUpdatedTime',
      '/users?scrollId=scroll%2Fone%2B',
      '/users?scrollId=two',
    ]);
    expect(ids(pages)).toEqual(['a', 'b', 'c']);
    expect(pages.map(({ last, requests }) => [last, requests])).toEqual([
      [false, 1],
      [false, 2],
      [true, 3],
    ]);
  });

  it.each([
    ['hasMore false beside a scroll id', { hasMore: false, nextScrollId: 'stale' }],
    ['no scroll id', { hasMore: true, nextScrollId: null }],
    ['no pagination at all', undefined],
  ])('ends at %s', async (_name, pagination) => {
    const from = scripted(() => answer(200, { data: [user('a')], ...(pagination ? { pagination } : {}) }));
    expect((await readAll(from)).map(({ last }) => last)).toEqual([true]);
  });

  it('gives each id once when the phone system repeats rows', async () => {
    const from = scripted((_request, index) =>
      index === 0 ? page([user('a'), user('b')], 's') : page([user('b'), user('c')]),
    );
    expect(ids(await readAll(from))).toEqual(['a', 'b', 'c']);
  });

  it('begins anew when the scroll id has expired, and still gives each id once', async () => {
    const from = scripted((request, index) => {
      if (request.url.includes('scrollId=old')) return problem(400, 'VALIDATION_ERROR', 'scrollId');
      if (request.url.includes('scrollId=new')) return page([user('c')]);
      return page([user('a'), user('b')], index === 0 ? 'old' : 'new');
    });
    expect(ids(await readAll(from))).toEqual(['a', 'b', 'c']);
    expect(from.requests).toHaveLength(4);
  });

  it('does not begin anew for ever', async () => {
    const from = scripted((request) =>
      request.url.includes('scrollId')
        ? problem(400, 'VALIDATION_ERROR', 'scrollId')
        : page([user('a')], 's'),
    );
    await expect(readAll(from)).rejects.toMatchObject({ kind: 'invalid' });
    expect(from.requests).toHaveLength(8);
  });

  it.each([
    ['VALIDATION_ERROR on the field', problem(400, 'VALIDATION_ERROR', 'pageSize')],
    ['INVALID_PAGE_SIZE', problem(400, 'INVALID_PAGE_SIZE')],
  ])('asks for smaller pages after %s, and remembers it', async (_name, refusal) => {
    const from = scripted((request) => (request.url.includes('pageSize=1000') ? refusal : page([user('a')])));
    await readAll(from);
    await readAll(from);
    expect(from.asked()).toEqual(['/users?pageSize=1000', '/users?pageSize=100', '/users?pageSize=100']);
  });

  it('does not hide a refused filter', async () => {
    const from = scripted(() => problem(400, 'INVALID_FILTER'));
    await expect(readAll(from)).rejects.toMatchObject({ kind: 'invalid', code: 'INVALID_FILTER' });
  });

  it('stops after the pages asked for', async () => {
    const from = scripted((_request, index) => page([user(`u${index}`)], `s${index}`));
    expect(await readAll(from, 'user', { maxPages: 2, pageSize: 30 })).toHaveLength(2);
    expect(from.asked()).toEqual(['/users?pageSize=30', '/users?scrollId=s0']);
  });

  it('gives up a list that goes on without rows', async () => {
    const from = scripted(() => page([], 'same'));
    await expect(readAll(from)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(from.requests.length).toBeLessThan(10);
  });

  it('gives up a list that shows the same rows for ever', async () => {
    const from = scripted((_request, index) => {
      if (index > 50) throw new Error('It went on');
      return page([user('a')], 'same');
    });
    await expect(readAll(from)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(from.requests.length).toBeLessThan(10);
  });

  it.each([
    ['pages', 1, 10_000],
    ['text', 64 * 1024 * 1024, 9],
  ])('gives up a list of too many %s, which would fill the memory', async (_name, size, pages) => {
    let asked = 0;
    const get = async () => {
      asked++;
      const body = { data: [user(`u${asked}`)], pagination: { hasMore: true, nextScrollId: `s${asked}` } };
      return { status: 200, body, size, requestId: 'r' };
    };
    const read = async () => {
      for await (const _page of listPages('user', {}, get, new Map()));
    };
    await expect(read()).rejects.toThrow(/The list of \/users goes on after \d+ pages .*; it was given up/);
    expect(asked).toBe(pages);
  });

  it('is not taken for going in circles while it reads again what it had before the scroll id expired', async () => {
    const rows = 12;
    let expired = false;
    const from = scripted((request) => {
      const at = Number(/scrollId=(\d+)/.exec(request.url)?.[1] ?? 0);
      if (at === rows - 1 && !expired) {
        expired = true;
        return problem(400, 'VALIDATION_ERROR', 'scrollId');
      }
      return page([user(`u${at}`)], at < rows - 1 ? String(at + 1) : undefined);
    });
    expect(ids(await readAll(from))).toHaveLength(rows);
  });

  it.each([
    ['phoneNumber', '/phone-numbers?pageSize=100'],
    ['address', '/addresses?pageSize=100'],
    ['ringGroup', '/ring-groups?pageSize=1000'],
  ] as const)('asks for the largest pages of %s that are surely accepted', async (type, asked) => {
    const from = scripted(() => page([]));
    await readAll(from, type);
    expect(from.asked()).toEqual([asked]);
  });
});

describe('sites', () => {
  it('are read by page number, each id once', async () => {
    const from = scripted((_request, index) =>
      answer(200, {
        data: index === 0 ? [{ id: 's1' }, { id: 's2' }] : [{ id: 's2' }, { id: 's3' }],
        pagination: { pageNumber: index, pageSize: 2, hasMore: index === 0 },
      }),
    );
    expect(ids(await readAll(from, 'site', { filter: 'name==H*' }), 'site')).toEqual(['s1', 's2', 's3']);
    expect(from.asked()).toEqual([
      '/sites?pageSize=100&filter=name%3D%3DH%2A',
      '/sites?pageSize=100&filter=name%3D%3DH%2A&pageNumber=1',
    ]);
  });

  it('are given up when the page number is not minded', async () => {
    const from = scripted((_request, index) => {
      if (index > 50) throw new Error('It went on');
      return answer(200, { data: [{ id: 's1' }], pagination: { pageSize: 1, hasMore: true } });
    });
    await expect(readAll(from, 'site')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(from.requests.length).toBeLessThan(10);
  });

  it('go on while pages are as full as granted, when nothing says whether there are more', async () => {
    const from = scripted((_request, index) =>
      answer(200, { data: index < 2 ? [{ id: `s${index}` }] : [], pagination: { pageSize: 1 } }),
    );
    expect(ids(await readAll(from, 'site'), 'site')).toEqual(['s0', 's1']);
  });
});
