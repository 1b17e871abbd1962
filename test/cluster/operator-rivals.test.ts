import { expect, it } from 'vitest';
import { seedCompany } from '../../src/sandbox/company.ts';
import { Workplace } from './support/workplace.ts';

const work = new Workplace({
  prefix: 'rivals',
  company: seedCompany({ users: 2, seed: 9 }),
  phoneSystem: false,
});

it('a PhoneSystem waits while an older one may have its account, and no longer than that', async () => {
  const unnamed = { apiKeySecretRef: { name: 'not-yet', key: 'api-key' } };
  await work.apply(work.phoneSystem('older', unnamed));
  await work.becomes('phonesystem/older', 'SecretNotFound');
  await work.apply(work.phoneSystem('younger', { customerId: 'another' }));
  expect(await work.becomes('phonesystem/younger', 'AccountAlreadyManaged')).toContain('older');
  await work.secret('not-yet', { 'api-key': work.phones.apiKey });
  await work.becomes('phonesystem/older', 'Synced', { timeoutMs: 90_000 });
  // The older one's account is known now, and is not the one that the younger names.
  await work.becomes('phonesystem/younger', 'CustomerMismatch', { timeoutMs: 90_000 });
});
