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
  // Rotated back: all goes on as before.
  cluster.putSecret('main', 'key-of-acme');
  await becomes('PhoneSystem', 'main', /^Synced/);
  await becomes('UserProfile', 'jane', /^Synced/);
  expect(cluster.errors).toEqual([]);
});
