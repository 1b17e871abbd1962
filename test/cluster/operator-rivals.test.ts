import { expect, it } from 'vitest';
import { seedCompany } from '../../src/sandbox/company.ts';
import { profile } from './support/resources.ts';
import { Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 2, seed: 9 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'rivals', company, phoneSystem: false });
const patient = { timeoutMs: 90_000 };

const notYet = { apiKeySecretRef: { name: 'not-yet', key: 'api-key' } };
const of = (phoneSystem: string, name: string) => profile(name, { site, phoneSystem });

it('a PhoneSystem without a key keeps nobody from his account, whatever it declares', async () => {
  await work.apply(work.phoneSystem('older', { ...notYet, customerId: '0012J00000ACME0001' }));
  await work.becomes('phonesystem/older', 'SecretNotFound');
  await work.apply(work.phoneSystem('younger', { customerId: 'another' }));
  await work.becomes('phonesystem/younger', 'CustomerMismatch');
  await work.kubectl('delete', 'phonesystem/younger');
  await work.apply(work.phoneSystem('younger'), of('younger', 'joan'));
  await work.becomes('userprofile/joan', 'Synced');
});

it('the older one has it once it has shown a key, and the younger one when that is gone', async () => {
  await work.secret('not-yet', { 'api-key': work.phones.apiKey });
  await work.becomes('phonesystem/older', 'Synced', patient);
  expect(await work.becomes('phonesystem/younger', 'AccountAlreadyManaged', patient)).toContain('/older');
  expect(await work.becomes('userprofile/joan', 'PhoneSystemNotReady')).toContain('AccountAlreadyManaged');
  await work.apply(of('older', 'jane'));
  await work.becomes('userprofile/jane', 'Synced');
});

it('which of the two it is does not change with a restart, and the other one writes nothing meanwhile', async () => {
  await work.operator.stop();
  await work.patch('userprofile/joan', { spec: { jobTitle: 'Rival' } });
  await work.startOperator();
  await work.becomes('userprofile/jane', 'Synced');
  await work.becomes('phonesystem/younger', 'AccountAlreadyManaged');
  await work.becomes('userprofile/joan', 'PhoneSystemNotReady');
  const titles = (await work.phones.list('users')).map((user) => JSON.stringify(user));
  expect(titles.filter((user) => user.includes('Rival'))).toEqual([]);
  await work.kubectl('delete', 'phonesystem/older');
  await work.becomes('userprofile/joan', 'Synced', patient);
});
