import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HttpResponse } from '../foundation/http.ts';
import { type Exchange, SmallCluster } from './testing/small-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = await SmallCluster.start();
});
afterEach(async () => {
  await cluster.stop();
});

const becomes = (kind: 'PhoneSystem' | 'UserProfile', name: string, reason: RegExp) =>
  vi.waitFor(() => expect(cluster.ready(kind, name)).toMatch(reason), { timeout: 30_000, interval: 50 });

it('writes nothing with a key that was rotated to another account', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.addPhones('key-of-another', '0012J00000OTHER001');
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('UserProfile', 'jane', /^Synced/);
  cluster.putSecret('main', 'key-of-another');
  cluster.putProfile('joan', 'main');
  await becomes('PhoneSystem', 'main', /^CustomerMismatch/);
  expect(cluster.writes('key-of-another')).toEqual([]);
  // It stays another's, however often it is looked at.
  const reads = cluster.sent.filter(({ key }) => key === 'key-of-another').length;
  const looks = cluster.secretReads;
  await vi.waitFor(() => expect(cluster.secretReads).toBeGreaterThan(looks + 3), { timeout: 30_000 });
  expect(cluster.ready('PhoneSystem', 'main')).toMatch(/^CustomerMismatch/);
  expect(cluster.phoneSystem('main')?.status?.customerId).toBe('0012J00000ACME0001');
  expect(cluster.sent.filter(({ key }) => key === 'key-of-another')).toHaveLength(reads);
  // Rotated back: all goes on as before.
  cluster.putSecret('main', 'key-of-acme');
  await becomes('PhoneSystem', 'main', /^Synced/);
  await becomes('UserProfile', 'jane', /^Synced/);
  expect(cluster.errors).toEqual([]);
});

/** An endpoint that does not say whose the key is, but where `shows` says so. */
function hideCustomer(shows: (exchange: Exchange) => boolean) {
  return (exchange: Exchange, answer: HttpResponse): HttpResponse =>
    shows(exchange) ? answer : { ...answer, body: answer.body.replaceAll('"customerId":', '"hidden":') };
}

it('learns from a user in a list whose account it is, where the endpoint does not say so', async () => {
  cluster.addPhones('key-of-another', '0012J00000OTHER001');
  cluster.alter = hideCustomer(({ path }) => /\/users$/.test(path));
  cluster.putSecret('main', 'key-of-another');
  cluster.putPhoneSystem('main', { customerId: '0012J00000ACME0001' });
  cluster.run();
  await becomes('PhoneSystem', 'main', /^CustomerMismatch: .*0012J00000OTHER001/);
  expect(cluster.sent.filter(({ path }) => path.includes('/users'))).toHaveLength(1);
});

it('asks for one user where no row says which account the key belongs to', async () => {
  cluster.addPhones('key-of-another', '0012J00000OTHER001');
  cluster.alter = hideCustomer(({ path }) => /\/users\/[^/]+$/.test(path));
  cluster.putSecret('main', 'key-of-another');
  cluster.putPhoneSystem('main', { customerId: '0012J00000ACME0001' });
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('PhoneSystem', 'main', /^CustomerMismatch: .*0012J00000OTHER001/);
  expect(cluster.writes('key-of-another')).toEqual([]);
});

it('writes nothing to an account that must be a certain one and does not say which it is', async () => {
  cluster.addPhones('key-of-another', '0012J00000OTHER001');
  cluster.alter = hideCustomer(() => false);
  cluster.putSecret('main', 'key-of-another');
  cluster.putPhoneSystem('main', { customerId: '0012J00000ACME0001' });
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('PhoneSystem', 'main', /^CustomerMismatch: .*does not say/);
  expect(cluster.writes('key-of-another')).toEqual([]);
});

it('keeps an account that says nothing of itself where none is declared', async () => {
  cluster.addPhones('key', '0012J00000ACME0001');
  cluster.alter = hideCustomer(() => false);
  cluster.putSecret('main', 'key');
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('UserProfile', 'jane', /^Synced/);
  const singles = cluster.sent.filter(({ method, path }) => method === 'GET' && /\/users\/[^/]+$/.test(path));
  expect(singles.length).toBeLessThanOrEqual(1);
});

const first = '2026-01-01T09:00:00Z';

it('lets nobody keep others from their account without a key to it', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.putSecret('squatter', 'useless');
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('squatter', { customerId: '0012J00000ACME0001' }, first);
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('UserProfile', 'jane', /^Synced/);
  await becomes('PhoneSystem', 'squatter', /^Unauthorized/);
});

it('sees that two have one account, however their addresses are written, and lets the older one keep it', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.putSecret('older', 'key-of-acme');
  cluster.putSecret('younger', 'key-of-acme');
  cluster.putPhoneSystem('younger', { endpoint: 'http://localhost:8480/admin-provisioning' });
  cluster.putProfile('joan', 'younger');
  cluster.run();
  await becomes('UserProfile', 'joan', /^Synced/);
  cluster.putPhoneSystem('older', {}, first);
  cluster.putProfile('jane', 'older');
  await becomes('UserProfile', 'jane', /^Synced/);
  await becomes('PhoneSystem', 'younger', /^AccountAlreadyManaged: PhoneSystem acme\/older manages/);
  await becomes('UserProfile', 'joan', /^PhoneSystemNotReady: .*acme\/older/);
  cluster.removePhoneSystem('older');
  await becomes('PhoneSystem', 'younger', /^Synced/);
  await becomes('UserProfile', 'joan', /^Synced/);
  expect(cluster.errors).toEqual([]);
});

it('writes to no account that may be the one of another at the same address', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.addPhones('key-of-another', '0012J00000OTHER001');
  cluster.alter = (exchange, answer) =>
    exchange.key === 'key-of-another' ? hideCustomer(() => false)(exchange, answer) : answer;
  cluster.putSecret('main', 'key-of-acme');
  cluster.putSecret('silent', 'key-of-another');
  cluster.putPhoneSystem('silent', {}, first);
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'silent');
  cluster.run();
  await becomes('PhoneSystem', 'main', /^Synced/);
  await becomes('PhoneSystem', 'silent', /^AccountAlreadyManaged: .*does not say.*acme\/main/);
  await becomes('UserProfile', 'jane', /^PhoneSystemNotReady/);
});

it('sends no more than the limits allow, however often a worker is made anew', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.putSecret('main', 'key-of-acme');
  const limits = { requestsPerMinute: 1_000, burstRequests: 5, burstSeconds: 10 };
  for (const incremental of ['31s', '32s', '33s', '34s']) {
    const before = cluster.sent.length;
    cluster.putPhoneSystem('main', { limits, sync: { incremental } });
    if (before === 0) cluster.run();
    await vi.waitFor(() => expect(cluster.sent.length).toBeGreaterThan(before + 2), { timeout: 10_000 });
  }
  // The audit API counts by itself.
  const times = cluster.sent.filter(({ path }) => !path.includes('/audit')).map(({ at }) => at);
  const inTenSeconds = times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length);
  expect(Math.max(...inTenSeconds)).toBeLessThanOrEqual(5);
});
