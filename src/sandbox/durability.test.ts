import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { seedCompany } from './company.ts';
import { listen } from './listen.ts';
import { createSandbox } from './sandbox.ts';
import { at, SandboxFixture } from './sandbox-fixture.ts';

const directories: string[] = [];

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dialops-sandbox-'));
  directories.push(directory);
  return join(directory, 'phone-system.db');
}

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

describe('a sandbox with a data file', () => {
  it('has its objects, pending operations and audit after a restart, and never gives an id twice', async () => {
    const dataFile = await newFile();
    const before = new SandboxFixture({ dataFile });
    const users = await before.list('/users');
    const [, gone, going] = users.map((user) => String(at(user, 'basicInfo', 'userId')));
    const finished = await before.write('DELETE', `/users/${gone}`);
    const pending = await before.read('DELETE', `/users/${going}`);
    before.sandbox.close();

    const after = new SandboxFixture({ dataFile, company: seedCompany({ users: 1, seed: 99 }) });
    await after.clock.sleep(10_000);
    expect((await after.list('/users')).length).toBe(users.length - 1);
    expect((await after.get(`/operations/${finished.operationId}`)).status).toBe('COMPLETED');
    expect((await after.get(`/operations/${pending.operationId}`)).status).toBe('PENDING');
    await after.clock.sleep(10_000);
    expect((await after.get(`/operations/${pending.operationId}`)).status).toBe('COMPLETED');
    expect((await after.send('GET', `/users/${going}`)).status).toBe(404);
    const left = String(at((await after.list('/users'))[1], 'basicInfo', 'userId'));
    const next = await after.read('DELETE', `/users/${left}`);
    expect([finished.operationId, pending.operationId]).not.toContain(next.operationId);
    after.sandbox.close();
  });
});

describe('a listening sandbox', () => {
  it('serves over HTTP, drops connections when told, and closes gracefully', async () => {
    const sandbox = createSandbox({
      clock: systemClock,
      seed: 1,
      customerId: 'example',
      apiKeys: [{ key: 'test-key', name: 'automation' }],
      company: seedCompany({ users: 3, seed: 1 }),
      controlToken: 'test-token',
    });
    const listener = await listen(sandbox);
    expect(listener.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/admin-provisioning$/);
    const get = (path: string) =>
      fetch(`${listener.endpoint}${path}`, { headers: { 'x-api-key': 'test-key' } });
    const response = await get('/users?pageSize=2');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.users.v1+json',
    ]);
    expect((await fetch(`${listener.endpoint}/users`, { method: 'PATCH' })).status).toBe(401);
    const armed = await fetch(`${listener.origin}/_control/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-token' },
      body: JSON.stringify({ match: {}, times: 1, drop: 'before' }),
    });
    expect(armed.status).toBe(200);
    await expect(get('/users')).rejects.toThrow();
    await listener.close();
    await expect(get('/users')).rejects.toThrow();
    sandbox.close();
  });
});
