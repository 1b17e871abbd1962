import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SmallCluster } from './testing/small-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = await SmallCluster.start();
});
afterEach(async () => {
  await cluster.stop();
});

const becomes = (name: string, reason: RegExp) =>
  vi.waitFor(() => expect(cluster.ready('UserProfile', name)).toMatch(reason), {
    timeout: 30_000,
    interval: 50,
  });

it('the edit of one person overtakes the many who are new', async () => {
  cluster.addPhones('key', '0012J00000ACME0001');
  cluster.putSecret('main', 'key');
  cluster.putPhoneSystem('main', {
    limits: { operationsInFlight: 2, requestsPerMinute: 1_000, burstRequests: 100 },
  });
  cluster.putProfile('zoe', 'main');
  cluster.run();
  await becomes('zoe', /^Synced/);
  const before = cluster.sent.length;
  const crowd = Array.from({ length: 12 }, (_, index) => `crowd-${index}`);
  for (const name of crowd) cluster.putProfile(name, 'main');
  const writes = (method: string) =>
    cluster.sent.slice(before).filter((sent) => sent.method === method && sent.path.includes('/users'));
  await vi.waitFor(() => expect(writes('POST').length).toBeGreaterThan(2), { timeout: 30_000 });
  cluster.putProfile('zoe', 'main', { jobTitle: 'Director' });
  await vi.waitFor(() => expect(writes('PUT')).toHaveLength(1), { timeout: 30_000 });
  expect(writes('POST').length).toBeLessThan(crowd.length - 2);
  await becomes('crowd-11', /^Synced/);
});
