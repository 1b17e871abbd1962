import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { ConnectionDropped } from '../request-handler.ts';
import { at, parse, rows, SandboxFixture } from '../sandbox-fixture.ts';
import { ControlRouter } from './control-router.ts';

const actor = { userName: 'pat.reed@example.com' };

async function someone(fixture: SandboxFixture): Promise<string> {
  return String(at((await fixture.list('/users'))[1], 'basicInfo', 'userId'));
}

async function audits(fixture: SandboxFixture, more = ''): Promise<JsonObject[]> {
  const now = fixture.clock.now();
  const range = `startTime=${new Date(now - 86_400_000).toISOString()}&endTime=${new Date(now + 1000).toISOString()}`;
  return rows(await fixture.get(`/administration/audit/v1/audits?service=platform&${range}${more}`));
}

describe('the control API', () => {
  it('is off without a token and closed to a wrong one', async () => {
    expect(() => new ControlRouter(undefined).handle('GET', '/_control/stats', 'Bearer ', undefined)).toThrow(
      'The control API is off',
    );
    const wrong = { authorization: 'Bearer wrong' };
    expect((await new SandboxFixture().send('GET', '/_control/stats', undefined, wrong)).status).toBe(401);
  });

  it('moves the clock, and with it operations and rate limits', async () => {
    const fixture = new SandboxFixture();
    const started = await fixture.read('DELETE', `/users/${await someone(fixture)}`);
    const before = await fixture.get('/_control/clock');
    const after = await fixture.read('POST', '/_control/clock', { advanceMs: 60_000 });
    expect(Date.parse(String(after.now)) - Date.parse(String(before.now))).toBe(60_000);
    expect((await fixture.get(`/operations/${started.operationId}`)).status).toBe('COMPLETED');
  });

  it('counts requests by route, responses by status, and writes', async () => {
    const fixture = new SandboxFixture();
    await fixture.send('DELETE', `/users/${await someone(fixture)}`);
    await fixture.send('GET', '/users/unknown');
    expect(await fixture.get('/_control/stats')).toEqual({
      requests: { 'GET /users': 1, 'DELETE /users/{userId}': 1, 'GET /users/{userId}': 1 },
      responses: { 200: 1, 202: 1, 404: 1 },
      operations: { maxInFlight: 1, overInFlight: 0 },
      writes: 1,
    });
    await fixture.read('DELETE', '/_control/stats');
    expect(await fixture.get('/_control/stats')).toMatchObject({ requests: {}, writes: 0 });
  });

  it('changes settings and refuses nonsense', async () => {
    const fixture = new SandboxFixture();
    expect(
      await fixture.read('POST', '/_control/settings', {
        latencyMs: { min: 1, max: 2 },
        tail: { share: 0.5, ms: 9 },
      }),
    ).toMatchObject({ latencyMs: { min: 1, max: 2 }, tail: { share: 0.5, ms: 9 }, unlimited: true });
    expect((await fixture.refused('POST', '/_control/settings', { sparseRows: 'yes' })).error.field).toBe(
      'sparseRows',
    );
    expect((await fixture.refused('GET', '/_control/nothing')).status).toBe(404);
  });
});

describe('injected faults', () => {
  it('answer with an error so many times', async () => {
    const fixture = new SandboxFixture();
    await fixture.read('POST', '/_control/faults', {
      match: { method: 'GET', path: '^/users' },
      times: 2,
      respond: { status: 503 },
    });
    expect((await fixture.refused('GET', '/users')).error.code).toBe('SERVICE_UNAVAILABLE');
    expect((await fixture.send('GET', '/sites')).status).toBe(200);
    expect((await fixture.send('GET', '/users/x')).status).toBe(503);
    expect((await fixture.send('GET', '/users')).status).toBe(200);
  });

  it('close the connection before or after the work', async () => {
    const fixture = new SandboxFixture();
    const user = await someone(fixture);
    for (const [drop, left] of [
      ['before', 200],
      ['after', 404],
    ] as const) {
      await fixture.read('POST', '/_control/faults', { match: { method: 'DELETE' }, times: 1, drop });
      await expect(fixture.send('DELETE', `/users/${user}`)).rejects.toThrow(ConnectionDropped);
      await fixture.clock.sleep(10_000);
      expect((await fixture.send('GET', `/users/${user}`)).status).toBe(left);
    }
  });

  it('delay an answer by the clock', async () => {
    const fixture = new SandboxFixture();
    await fixture.read('POST', '/_control/faults', { match: {}, times: 1, delayMs: 7000 });
    const before = fixture.clock.now();
    await fixture.send('GET', '/users');
    expect(fixture.clock.now() - before).toBe(7000);
  });

  it('fail an operation that was accepted', async () => {
    const fixture = new SandboxFixture();
    const failOperation = { code: 'CONFLICT', field: 'x', message: 'Taken' };
    await fixture.read('POST', '/_control/faults', { match: { method: 'DELETE' }, times: 1, failOperation });
    const user = await someone(fixture);
    const operation = await fixture.write('DELETE', `/users/${user}`);
    expect(operation).toMatchObject({ status: 'FAILED', error: { errors: [failOperation] } });
    expect((await fixture.send('GET', `/users/${user}`)).status).toBe(200);
  });

  it('are cleared, and refused when malformed', async () => {
    const fixture = new SandboxFixture();
    await fixture.read('POST', '/_control/faults', { match: {}, times: 9, respond: { status: 500 } });
    await fixture.read('DELETE', '/_control/faults');
    expect((await fixture.send('GET', '/users')).status).toBe(200);
    const malformed = await fixture.refused('POST', '/_control/faults', { match: { path: '(' } });
    expect(malformed.error.field).toBe('match.path');
  });
});

describe('the console', () => {
  it('changes an object at once, as that person, with a merge patch', async () => {
    const fixture = new SandboxFixture();
    const path = `/users/${await someone(fixture)}`;
    await fixture.clock.sleep(60_000);
    const merge = {
      basicInfo: { timezone: 'Europe/London' },
      directoryInfo: { jobTitle: 'Lead', department: null },
    };
    const after = await fixture.read('POST', '/_control/console/patch', { actor, path, merge });
    expect(after).toMatchObject({
      basicInfo: { timezone: 'Europe/London' },
      directoryInfo: { jobTitle: 'Lead', department: null },
    });
    expect(await fixture.get(path)).toEqual(after);
    const [record] = await audits(fixture);
    expect(record).toMatchObject({
      auditUserId: actor.userName,
      eventType: 'update',
      entityType: 'user',
      entityKey: at(after, 'basicInfo', 'userId'),
      service: 'platform',
    });
    const details = JSON.parse(String(record?.details));
    expect(details.new).toEqual({ timeZoneId: 'Europe/London', jobTitle: 'Lead', department: null });
    expect(Object.keys(details.old)).toEqual(Object.keys(details.new));
  });

  it('can leave the time stamp alone', async () => {
    const fixture = new SandboxFixture();
    const path = `/users/${await someone(fixture)}`;
    const before = at(await fixture.get(path), 'basicInfo', 'lastUpdatedTime');
    const merge = { directoryInfo: { jobTitle: 'Lead' } };
    const patch = { actor, path, merge, keepLastUpdatedTime: true };
    const after = await fixture.read('POST', '/_control/console/patch', patch);
    expect(at(after, 'basicInfo', 'lastUpdatedTime')).toBe(before);
    expect(at(after, 'directoryInfo', 'jobTitle')).toBe('Lead');
  });

  it('deletes and creates, and is told what is wrong', async () => {
    const fixture = new SandboxFixture();
    const path = `/users/${await someone(fixture)}`;
    await fixture.read('POST', '/_control/console', { actor, method: 'DELETE', path });
    expect((await fixture.send('GET', path)).status).toBe(404);
    const body = { actor, method: 'POST', path: '/users', body: { basicInfo: {} } };
    expect((await fixture.refused('POST', '/_control/console', body)).error.field).toBe('basicInfo.userName');
    const [record] = await audits(fixture, '&eventTypes=delete&entityTypes=USER');
    expect(record).toMatchObject({ auditUserId: actor.userName, entityType: 'user' });
  });
});

describe('the audit trail', () => {
  it('names the key that wrote, and uses internal names', async () => {
    const fixture = new SandboxFixture();
    const user = (await fixture.list('/users'))[1] ?? {};
    const id = at(user, 'basicInfo', 'userId');
    await fixture.write('DELETE', `/users/${id}`);
    const records = await audits(fixture);
    expect(records.map((record) => [record.entityType, record.auditUserId])).toEqual([
      ['extension', 'automation'],
      ['user', 'automation'],
    ]);
    expect(records[0]).toMatchObject({ correlationType: 'user', correlationId: id });
    const { old } = JSON.parse(String(records[1]?.details));
    expect(old).toMatchObject({
      loginId: at(user, 'basicInfo', 'userName'),
      branchId: at(user, 'basicInfo', 'site', 'id'),
    });
  });

  it('is read in pages that repeat the query', async () => {
    const fixture = new SandboxFixture();
    for (const user of (await fixture.list('/users')).slice(1)) {
      await fixture.write('DELETE', `/users/${at(user, 'basicInfo', 'userId')}`);
    }
    const now = fixture.clock.now();
    const query = `service=platform&size=4&startTime=${new Date(now - 3_600_000).toISOString()}&endTime=${new Date(now).toISOString()}`;
    const path = `/administration/audit/v1/audits?${query}`;
    const seen: unknown[] = [];
    let page = await fixture.get(path);
    for (;;) {
      seen.push(...rows(page).map((record) => record.id));
      const scrollId = at(page, 'meta', 'scrollId');
      if (scrollId === null) break;
      page = await fixture.get(`${path}&scrollId=${scrollId}`);
    }
    expect(new Set(seen).size).toBe(10);
    expect(at(page, 'meta', 'totalRecordCount')).toBe(2);
  });

  it('is refused without a service, a right time range or size, in its own error format', async () => {
    const fixture = new SandboxFixture();
    const time = (daysAgo: number) => new Date(fixture.clock.now() - daysAgo * 86_400_000).toISOString();
    for (const query of [
      'service=platform',
      `service=platform&startTime=${time(0)}&endTime=${time(1)}`,
      `service=platform&startTime=${time(32)}&endTime=${time(0)}`,
      `startTime=${time(1)}&endTime=${time(0)}`,
      `service=platform&startTime=${time(1)}&endTime=${time(0)}&size=101`,
    ]) {
      const response = await fixture.send('GET', `/administration/audit/v1/audits?${query}`);
      expect(response.status).toBe(400);
      expect(Object.keys(parse(response))).toEqual(['timestamp', 'status', 'error', 'message', 'path']);
    }
  });
});
