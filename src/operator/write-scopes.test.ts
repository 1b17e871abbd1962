import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SmallCluster } from './testing/small-cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

const scope = 'UC & CC Admin Operations';
const forReading = [
  'UC & CC User Admin',
  'UC & CC Number Admin',
  'UC Ring Group Admin',
  'UC Site Admin',
] as const;

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = await SmallCluster.start();
});
afterEach(async () => {
  await cluster.stop();
});

const becomes = (kind: 'PhoneSystem' | 'UserProfile', name: string, reason: RegExp) =>
  vi.waitFor(() => expect(cluster.ready(kind, name)).toMatch(reason), { timeout: 30_000, interval: 50 });
const missing = () => cluster.phoneSystem('main')?.status?.missingScopes;

it('a scope that a write lacks is named on both, until a write of it is taken, which the others follow', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001', forReading);
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.putProfile('joan', 'main');
  cluster.run();
  for (const name of ['jane', 'joan'])
    await becomes('UserProfile', name, new RegExp(`^MissingScope: .*"${scope}".* at the provider`));
  await becomes('PhoneSystem', 'main', new RegExp(`^MissingScope: .*${scope}`));
  expect(missing()).toEqual([scope]);
  // The key is given the scope, and one of the two is corrected meanwhile.
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.putProfile('jane', 'main', { jobTitle: 'Engineer' });
  for (const name of ['jane', 'joan']) await becomes('UserProfile', name, /^Synced/);
  await becomes('PhoneSystem', 'main', /^Synced/);
  expect(missing()).toBeUndefined();
  expect(cluster.errors).toEqual([]);
});

it('a scope that only a withdrawn declaration needed is missed no longer', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001', forReading);
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('PhoneSystem', 'main', /^MissingScope/);
  cluster.putProfile('jane', 'main', { firstName: 'Zoë' });
  await becomes('UserProfile', 'jane', /^InvalidField/);
  await becomes('PhoneSystem', 'main', /^Synced/);
  expect(missing()).toBeUndefined();
});

it('a write that is refused for something else is not sent again with every other that is taken', async () => {
  const phones = cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  let refused = 0;
  const handle = phones.handle.bind(phones);
  vi.spyOn(phones, 'handle').mockImplementation(async (request) => {
    const isOfJane = request.method === 'POST' && String(request.body).includes('jane@example.com');
    if (!isOfJane) return handle(request);
    refused++;
    const message = 'This user may not be managed here';
    return {
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 403, message }),
    };
  });
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('main');
  cluster.putProfile('jane', 'main');
  cluster.run();
  await becomes('UserProfile', 'jane', /^MissingScope/);
  for (const name of ['joan', 'bob', 'ann']) {
    cluster.putProfile(name, 'main');
    await becomes('UserProfile', name, /^Synced/);
  }
  await becomes('UserProfile', 'jane', /^RefusedByPhoneSystem: .*may not be managed here$/);
  expect(refused).toBe(2);
  expect(missing()).toBeUndefined();
});
