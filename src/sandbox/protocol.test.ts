import { describe, expect, it } from 'vitest';
import { seedCompany } from './company.ts';
import { at, parse, rows, SandboxFixture } from './sandbox-fixture.ts';

describe('authentication and scopes', () => {
  it('answers 401 without errors to a missing or wrong key', async () => {
    const fixture = new SandboxFixture();
    for (const key of [undefined, 'wrong']) {
      const response = await fixture.send('GET', '/users', undefined, { 'x-api-key': key });
      expect(response.status).toBe(401);
      expect(parse(response).errors).toBeUndefined();
    }
  });

  it('refuses a key without the scope of the resource', async () => {
    const fixture = new SandboxFixture({
      apiKeys: [{ key: 'test-key', name: 'reader', scopes: ['UC & CC User Admin'] }],
    });
    expect((await fixture.send('GET', '/users')).status).toBe(200);
    expect(await fixture.refused('GET', '/sites')).toMatchObject({
      status: 403,
      error: { code: 'FORBIDDEN' },
    });
    const user = at(await fixture.get('/users'), 'data', 0, 'basicInfo', 'userId');
    expect((await fixture.send('DELETE', `/users/${user}`)).status).toBe(403);
  });
});

describe('media types', () => {
  it('answers in the resource type, and 406 or 415 to another', async () => {
    const fixture = new SandboxFixture();
    const accepted = await fixture.send('GET', '/users', undefined, {
      accept: 'application/vnd.users.v1+json',
    });
    expect(accepted.headers['content-type']).toBe('application/vnd.users.v1+json');
    expect(
      (await fixture.send('GET', '/users', undefined, { accept: 'application/vnd.users.v2+json' })).status,
    ).toBe(406);
    expect((await fixture.send('POST', '/users', {}, { 'content-type': 'application/json' })).status).toBe(
      415,
    );
  });

  it('serves sites and operations under each type that the documents name', async () => {
    const fixture = new SandboxFixture();
    for (const accept of ['application/json', 'application/vnd.sites.v1+json']) {
      const response = await fixture.send('GET', '/sites', undefined, { accept });
      expect(response.headers['content-type']).toBe(accept);
    }
    const user = at(await fixture.get('/users'), 'data', 1, 'basicInfo', 'userId');
    const operation = await fixture.read('DELETE', `/users/${user}`);
    for (const accept of ['application/vnd.operations.v1+json', 'application/vnd.users.v1+json']) {
      const response = await fixture.send('GET', `/operations/${operation.operationId}`, undefined, {
        accept,
      });
      expect(response.headers['content-type']).toBe(accept);
    }
  });

  it('reports errors of ring groups as application/json', async () => {
    const response = await new SandboxFixture().send('GET', '/ring-groups/unknown');
    expect([response.status, response.headers['content-type']]).toEqual([404, 'application/json']);
  });
});

describe('requests that cannot be routed or read', () => {
  it('answers 404, 405 and 400', async () => {
    const fixture = new SandboxFixture();
    expect((await fixture.send('GET', '/nothing')).status).toBe(404);
    expect((await fixture.send('DELETE', '/users')).status).toBe(405);
    const malformed = await fixture.sandbox.handle({
      method: 'POST',
      url: 'http://127.0.0.1/admin-provisioning/users',
      headers: { 'x-api-key': 'test-key', 'content-type': 'application/vnd.users.v1+json' },
      body: '{',
    });
    expect([malformed.status, at(parse(malformed), 'errors', 0, 'code')]).toEqual([400, 'BAD_REQUEST']);
  });

  it('returns the request id and a response id of its own', async () => {
    const id = '3f0c5c1e-6f3e-4d3e-9a53-0f3f4c1d2b11';
    const { headers } = await new SandboxFixture().send('GET', '/users', undefined, { 'x-request-id': id });
    expect(headers['x-request-id']).toBe(id);
    expect(headers['x-response-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('rate limits', () => {
  it('lets 20 requests through in 10 seconds and says when the next may come', async () => {
    const fixture = new SandboxFixture({ unlimited: false });
    for (let sent = 0; sent < 20; sent += 1) {
      const { headers, status } = await fixture.send('GET', '/sites');
      expect([status, headers['x-ratelimit-remaining']]).toEqual([200, String(99 - sent)]);
    }
    const refused = await fixture.send('GET', '/sites');
    expect(refused.status).toBe(429);
    expect(at(parse(refused), 'errors', 0, 'code')).toBe('TOO_MANY_REQUESTS');
    expect(refused.headers['x-ratelimit-remaining']).toBe('0');
    expect(Number(refused.headers['x-ratelimit-reset']) * 1000 - fixture.clock.now()).toBe(10_000);
    await fixture.clock.sleep(10_000);
    expect((await fixture.send('GET', '/sites')).status).toBe(200);
  });

  it('lets 100 requests through in a minute, counted per key', async () => {
    const fixture = new SandboxFixture({
      unlimited: false,
      apiKeys: [
        { key: 'test-key', name: 'one' },
        { key: 'other-key', name: 'two' },
      ],
    });
    for (let sent = 0; sent < 100; sent += 1) {
      if (sent % 20 === 0) await fixture.clock.sleep(10_000);
      expect((await fixture.send('GET', '/sites')).status).toBe(200);
    }
    await fixture.clock.sleep(10_000);
    expect((await fixture.send('GET', '/sites')).status).toBe(429);
    expect((await fixture.send('GET', '/sites', undefined, { 'x-api-key': 'other-key' })).status).toBe(200);
    await fixture.clock.sleep(10_001);
    expect((await fixture.send('GET', '/sites')).status).toBe(200);
  });

  it('refuses and counts an operation beyond those allowed in flight', async () => {
    const fixture = new SandboxFixture({
      unlimited: false,
      company: seedCompany({ users: 20, seed: 1 }),
      limits: { burst: { requests: 50, perMs: 10_000 } },
    });
    const users = (await fixture.list('/users')).map((user) => at(user, 'basicInfo', 'userId'));
    for (const user of users.slice(1, 11))
      expect((await fixture.send('DELETE', `/users/${user}`)).status).toBe(202);
    expect(await fixture.refused('DELETE', `/users/${users[11]}`)).toMatchObject({
      status: 429,
      error: { code: 'TOO_MANY_REQUESTS' },
    });
    expect(at(await fixture.get('/_control/stats'), 'operations')).toEqual({
      maxInFlight: 10,
      overInFlight: 1,
    });
    await fixture.clock.sleep(10_000);
    expect((await fixture.send('DELETE', `/users/${users[11]}`)).status).toBe(202);
  });
});

describe('operations', () => {
  it('go from PENDING to IN_PROGRESS to COMPLETED, and only then change anything', async () => {
    const fixture = new SandboxFixture({ operationLatency: { min: 4000, max: 4000 } });
    const user = at(await fixture.get('/users'), 'data', 1, 'basicInfo', 'userId');
    const started = await fixture.read('DELETE', `/users/${user}`);
    expect(started).toMatchObject({ status: 'PENDING', resourceType: 'USER', operationType: 'DELETE' });
    const poll = () => fixture.get(`/operations/${started.operationId}`);
    await fixture.clock.sleep(1500);
    expect((await poll()).status).toBe('IN_PROGRESS');
    expect((await fixture.send('GET', `/users/${user}`)).status).toBe(200);
    await fixture.clock.sleep(2500);
    expect(await poll()).toMatchObject({ status: 'COMPLETED', resourceId: user });
    expect((await fixture.send('GET', `/users/${user}`)).status).toBe(404);
  });

  it('take longer in the tail', async () => {
    const fixture = new SandboxFixture({
      operationLatency: { min: 0, max: 0, tail: { share: 1, ms: 60_000 } },
    });
    const user = at(await fixture.get('/users'), 'data', 1, 'basicInfo', 'userId');
    const started = await fixture.read('DELETE', `/users/${user}`);
    await fixture.clock.sleep(59_000);
    expect((await fixture.get(`/operations/${started.operationId}`)).status).toBe('IN_PROGRESS');
    await fixture.clock.sleep(1000);
    expect((await fixture.get(`/operations/${started.operationId}`)).status).toBe('COMPLETED');
  });

  it('answer 404 when unknown', async () => {
    expect(await new SandboxFixture().refused('GET', '/operations/op')).toMatchObject({
      status: 404,
      error: { code: 'NOT_FOUND' },
    });
  });
});

describe('the company of a seed', () => {
  it('is the same for the same seed and another for another', async () => {
    const names = async (seed: number) =>
      rows(await new SandboxFixture({ company: seedCompany({ users: 30, seed }) }).get('/users'));
    expect(await names(3)).toEqual(await names(3));
    expect(await names(3)).not.toEqual(await names(4));
  });

  it('has the counts that a benchmark asks for', async () => {
    const company = seedCompany({
      users: 10_000,
      seed: 1,
      phoneNumbers: 10_000,
      ringGroups: 200,
      sites: 50,
      addresses: 50,
    });
    expect([company.users.length, company.extensions.length, company.phoneNumbers.length]).toEqual([
      10_000, 10_000, 10_000,
    ]);
    expect([company.ringGroups.length, company.sites.length, company.addresses.length]).toEqual([
      200, 50, 50,
    ]);
    expect(company.phoneNumbers.every((number) => /^\+1\d{3}55501\d\d$/.test(number.id))).toBe(true);
    expect(new Set(company.users.map((user) => user.userName)).size).toBe(10_000);
    expect(new Set(company.phoneNumbers.map((number) => number.id)).size).toBe(10_000);
    expect(new Set(company.extensions.map((one) => `${one.siteId}/${one.extensionNumber}`)).size).toBe(
      10_000,
    );
  });
});
