import { describe, expect, it } from 'vitest';
import type { Json } from '../foundation/json.ts';
import { AuditClient, AuditTrailTooLong } from '../phonesystem/audit.ts';
import { answer, type Script, scripted } from '../phonesystem/testing/scripted.ts';
import { Authors } from './authors.ts';

const minute = 60_000;

function authors(script: Script) {
  const errors: unknown[] = [];
  const { requester, requests } = scripted(script, {
    endpoint: 'https://api.8x8.com/administration/audit/v1/audits',
  });
  const audit = new AuditClient(requester);
  const { clock } = requester;
  const trail = new Authors({
    audit: () => audit,
    clock,
    signal: new AbortController().signal,
    onError: (error) => errors.push(error),
  });
  const record = (id: string, objectId: string, minutesAgo = 0): Json => ({
    id,
    entityType: 'user',
    entityKey: objectId,
    eventType: 'update',
    auditUserId: `who-${id}`,
    auditTimestamp: new Date(clock.now() - minutesAgo * minute).toISOString(),
  });
  return { trail, errors, requests, record, clock };
}

describe('who changed what', () => {
  it('is waited for a few seconds, and told later when it takes longer', async () => {
    let asked = 0;
    const { trail, clock, record, requests } = authors(() => {
      asked++;
      // Tried again four times, for some 17 seconds.
      return asked >= 2 && asked <= 5 ? answer(503) : answer(200, { data: [record('1', `u${asked}`)] });
    });
    expect(await trail.refreshSoon()).toEqual([]);
    const since = clock.now();
    for (const wait of [5, 10, 15]) {
      expect(await trail.refreshSoon()).toEqual([]);
      expect(clock.now() - since).toBe(wait * 1_000);
    }
    expect(await trail.refreshSoon()).toEqual([{ type: 'user', id: 'u6' }]);
    expect(requests).toHaveLength(6);
  });

  it('is told of the latest of many changes, in whatever order they come', async () => {
    const { trail, record } = authors(() =>
      answer(200, { data: [record('1', 'u1', 1), record('3', 'u1', 3), record('2', 'u1', 2)] }),
    );
    await trail.refresh();
    expect(trail.lastChange('u1', ['basicInfo.firstName'])?.actor).toBe('who-1');
  });

  it('names what was changed since the last look, each object once', async () => {
    let second = false;
    const { trail, record } = authors(() =>
      answer(200, {
        data: second ? [record('3', 'u2'), record('2', 'u1'), record('1', 'u1', 5)] : [record('1', 'u1', 5)],
      }),
    );
    expect(await trail.refresh()).toEqual([]);
    second = true;
    expect(await trail.refresh()).toEqual([
      { type: 'user', id: 'u1' },
      { type: 'user', id: 'u2' },
    ]);
    expect(await trail.refresh()).toEqual([]);
  });

  it('is read to an end although the trail has none, and goes on from there', async () => {
    const { trail, errors, requests, record } = authors((_request, index) =>
      answer(200, { data: [record(`${index}`, `u${index}`)], meta: { scrollId: `s${index}` } }),
    );
    await trail.refresh();
    expect(requests).toHaveLength(1_000);
    expect(errors).toEqual([expect.any(AuditTrailTooLong)]);
    expect(trail.lastChange('u0', [])?.actor).toBe('who-0');
  });

  it('looks again from where it was when the trail could not be read', async () => {
    let broken = false;
    const { trail, errors, record } = authors(() =>
      broken ? answer(403, {}) : answer(200, { data: [record('1', 'u1')] }),
    );
    await trail.refresh();
    broken = true;
    expect(await trail.refresh()).toEqual([]);
    expect(errors).toHaveLength(1);
  });
});
