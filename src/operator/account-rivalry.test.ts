import { describe, expect, it } from 'vitest';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { olderRival } from './account-rivalry.ts';
import type { Stored } from './kinds.ts';

const endpoint = 'https://phones.example.com/admin';

function phoneSystem(
  name: string,
  created: string,
  spec: Partial<PhoneSystem['spec']> = {},
  customerId?: string,
): Stored<PhoneSystem> {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PhoneSystem',
    metadata: { name, namespace: 'acme', uid: name, resourceVersion: '1', creationTimestamp: created },
    spec: { endpoint, apiKeySecretRef: { name: 'key', key: 'key' }, ...spec },
    ...(customerId === undefined ? {} : { status: { customerId } }),
  };
}

const older = phoneSystem('older', '2026-01-01T00:00:00Z');
const rivalOf = (younger: Stored<PhoneSystem>, other = older) =>
  olderRival(younger, [younger, other])?.metadata.name;

describe('of two PhoneSystems on one account', () => {
  it('the older keeps it, however the address is written', () => {
    const younger = phoneSystem('younger', '2026-01-02T00:00:00Z', { endpoint: `${endpoint}/` });
    expect(rivalOf(younger)).toBe('older');
    expect(olderRival(older, [older, younger])).toBeUndefined();
  });

  it('nobody gives way to another address, or to one that is going away', () => {
    const elsewhere = { endpoint: 'https://phones.example.com/other' };
    expect(rivalOf(phoneSystem('younger', '2026-01-02T00:00:00Z', elsewhere))).toBeUndefined();
    const leaving = { ...older, metadata: { ...older.metadata, deletionTimestamp: '2026-01-03T00:00:00Z' } };
    expect(rivalOf(phoneSystem('younger', '2026-01-02T00:00:00Z'), leaving)).toBeUndefined();
  });

  it('customer ids tell accounts at one address apart, but only when both are known', () => {
    const younger = phoneSystem('younger', '2026-01-02T00:00:00Z', { customerId: 'B' });
    expect(rivalOf(younger)).toBe('older');
    const known = phoneSystem('older', '2026-01-01T00:00:00Z', {}, 'A');
    expect(rivalOf(younger, known)).toBeUndefined();
    expect(rivalOf(phoneSystem('same', '2026-01-02T00:00:00Z', { customerId: 'A' }), known)).toBe('older');
  });
});
