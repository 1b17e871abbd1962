import { describe, expect, it } from 'vitest';
import type { Json } from '../foundation/json.ts';
import { AuditClient, authorOf } from './audit.ts';
import { type AuditChange, parseAuditRecord } from './audit-record.ts';
import { answer, options, problem, type Script, scripted } from './testing/scripted.ts';

const endpoint = 'https://api.8x8.com/administration/audit/v1/audits';
const day = 24 * 60 * 60_000;
const from = Date.UTC(2026, 0, 1);

function item(id: string, more: Record<string, Json> = {}): Json {
  return {
    id,
    entityType: 'user',
    entityKey: 'u1',
    eventType: 'update',
    auditUserId: 'kim.lee@example.com',
    auditTimestamp: '2026-01-02T03:04:05Z',
    details: '{"new":{"loginId":"b"},"old":{"loginId":"a","firstName":"A"}}',
    ...more,
  };
}

async function changes(script: Script, query: { from: number; to: number; entityTypes?: string[] }) {
  const { requester, requests } = scripted(script, { endpoint });
  const found: AuditChange[] = [];
  for await (const change of new AuditClient(requester).changesSince(query, options)) found.push(change);
  return { found, requests, queries: requests.map(({ url }) => new URL(url).searchParams) };
}

describe('AuditClient', () => {
  it('tells who changed what and when, in the words of the API', async () => {
    const { found, requests } = await changes(
      () => answer(200, { data: [item('1')], meta: { scrollId: null } }),
      {
        from,
        to: from + day,
        entityTypes: ['user'],
      },
    );
    expect(found).toEqual([
      {
        id: '1',
        objectType: 'user',
        entityType: 'user',
        objectId: 'u1',
        event: 'update',
        actor: 'kim.lee@example.com',
        at: Date.UTC(2026, 0, 2, 3, 4, 5),
        fields: ['firstName', 'userName'],
      },
    ]);
    expect(found[0] && authorOf(found[0])).toEqual({
      actor: 'kim.lee@example.com',
      at: '2026-01-02T03:04:05.000Z',
    });
    expect(requests[0]?.url).toBe(
      `${endpoint}?startTime=2026-01-01T00%3A00%3A00.000Z&endTime=2026-01-02T00%3A00%3A00.000Z&service=platform&size=100&entityTypes=user`,
    );
  });

  it('repeats all parameters with the scroll id, and ends without one', async () => {
    const { found, queries } = await changes(
      (_request, index) =>
        answer(200, {
          data: [item(`${index}`)],
          meta: { scrollId: index === 0 ? 's1' : null, totalRecordCount: 1 },
        }),
      { from, to: from + day },
    );
    expect(found.map(({ id }) => id)).toEqual(['0', '1']);
    expect(queries[1]?.get('scrollId')).toBe('s1');
    expect(queries[1]?.get('startTime')).toBe(queries[0]?.get('startTime'));
  });

  it('asks in slices of at most 31 days, the latest first', async () => {
    const { queries } = await changes(() => answer(200, { data: [], meta: {} }), {
      from,
      to: from + 70 * day,
    });
    const spans = queries.map((query) =>
      [query.get('startTime'), query.get('endTime')].map((t) => Date.parse(t ?? '')),
    );
    expect(spans.map(([start, end]) => [((start ?? 0) - from) / day, ((end ?? 0) - from) / day])).toEqual([
      [39, 70],
      [8, 39],
      [0, 8],
    ]);
  });

  it('asks nothing for an empty span, and gives each record once', async () => {
    expect((await changes(() => answer(200, { data: [] }), { from, to: from })).requests).toEqual([]);
    const { found } = await changes(() => answer(200, { data: [item('same'), item('same')] }), {
      from,
      to: from + day,
    });
    expect(found).toHaveLength(1);
  });

  it('leaves out who only looked', async () => {
    const data = [
      item('1', { eventType: 'view' }),
      item('2', { eventType: 'Export' }),
      item('3', { eventType: 'DELETE' }),
    ];
    const { found } = await changes(() => answer(200, { data }), { from, to: from + day });
    expect(found.map(({ event }) => event)).toEqual(['delete']);
  });

  it('explains a refusal in the audit API’s own form', async () => {
    const refused = changes(
      () =>
        answer(400, {
          timestamp: 'x',
          status: 400,
          error: 'Bad Request',
          message: 'service is required',
          path: '/',
        }),
      { from, to: from + day },
    );
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('service is required'),
    });
    await expect(changes(() => problem(403), { from, to: from + day })).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});

const longItem = { entityType: 'user', entityKey: 'u1', auditTimestamp: 1_700_000_000_000 };

describe('parseAuditRecord', () => {
  it.each([
    ['ringgroup', 'ringGroup'],
    ['RingGROUP', 'ringGroup'],
    ['ring group', 'ringGroup'],
    ['User Basic Info', 'user'],
    ['Phone Number', 'phoneNumber'],
    ['EXTENSION', 'extension'],
    ['callQueue', undefined],
  ])('knows %s as %s', (entityType, objectType) => {
    expect(parseAuditRecord(item('1', { entityType }))?.objectType).toBe(objectType);
  });

  it.each<[string, Json, string[] | undefined]>([
    ['flat details', '{"timeZoneId":"x"}', ['timezone']],
    ['details that are an object already', { new: { name: 'x' } }, ['name']],
    ['broken details', '{"new":{"a":1},', undefined],
    ['details that are a list', '[1]', undefined],
    ['no details', null, undefined],
  ])('reads %s', (_name, details, fields) => {
    expect(parseAuditRecord(item('1', { details }))?.fields).toEqual(fields);
  });

  it('reads a time without a zone as UTC, and one in milliseconds', () => {
    expect(parseAuditRecord(item('1', { auditTimestamp: '2026-01-02T03:04:05' }))?.at).toBe(
      Date.UTC(2026, 0, 2, 3, 4, 5),
    );
    expect(parseAuditRecord(item('1', { auditTimestamp: 1_700_000_000_000 }))?.at).toBe(1_700_000_000_000);
  });

  it.each([
    { ...longItem, entityKey: 'x'.repeat(300) },
    { ...longItem, auditTimestamp: 1e20 },
    null,
    'text',
    [],
    {},
    { entityType: 'user' },
    { entityType: 'user', entityKey: 'u1', auditTimestamp: 'never' },
  ])('gives nothing for %j', (broken) => {
    expect(parseAuditRecord(broken)).toBeUndefined();
  });
});
