import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HostNotAllowed } from '../phonesystem/transport.ts';
import { SmallCluster } from './testing/small-cluster.ts';

let cluster: SmallCluster;
beforeEach(async () => {
  cluster = await SmallCluster.start();
});
afterEach(async () => {
  await cluster.stop();
});

it('says at the PhoneSystem that its audit records are where no key may go, and keeps the account all the same', async () => {
  cluster.addPhones('key-of-acme', '0012J00000ACME0001');
  cluster.alter = ({ path }, answer) => {
    if (path === '/trail') throw new HostNotAllowed('audit.example.net', 'nobody has allowed it');
    return answer;
  };
  cluster.putSecret('main', 'key-of-acme');
  cluster.putPhoneSystem('main', { audit: { endpoint: 'https://audit.example.net/trail' } });
  cluster.putProfile('jane', 'main');
  cluster.run();
  await vi.waitFor(
    () => {
      expect(cluster.ready('PhoneSystem', 'main')).toMatch(
        /^HostNotAllowed: spec\.audit\.endpoint: audit\.example\.net is not among the hosts .* who changes it stays unknown$/,
      );
      expect(cluster.ready('UserProfile', 'jane')).toMatch(/^Synced/);
    },
    { timeout: 30_000, interval: 50 },
  );
}, 60_000);
