import { describe, expect, it } from 'vitest';
import { type Contender, goesBefore, mayShareAccount } from './account-rivalry.ts';

const endpoint = 'https://phones.example.com/admin-provisioning';

function contender(parts: Partial<Contender> = {}): Contender {
  return { name: 'acme/one', endpoint, customerId: undefined, created: '2026-01-01T00:00:00Z', ...parts };
}

describe('two PhoneSystems may share an account', () => {
  it.each([
    'https://phones.example.com/admin-provisioning/',
    'https://phones.example.com//admin-provisioning',
    'https://phones.example.com/admin%2Dprovisioning',
    'https://phones.example.com/other/../admin-provisioning',
    'https://phones.example.com/other/%2e%2e/admin-provisioning',
    'https://phones.example.com./admin-provisioning',
    'https://phones.example.com:443/admin-provisioning',
    'https://PHONES.example.com/admin-provisioning',
  ])('at one address that is also written %s', (other) => {
    expect(mayShareAccount(contender(), contender({ endpoint: other }))).toBe(true);
  });

  it.each(['http://localhost:8480/admin', 'http://[::1]:8480/admin', 'http://127.0.0.2:8480/admin'])(
    'on this machine, which is also called %s',
    (other) => {
      const here = contender({ endpoint: 'http://127.0.0.1:8480/admin' });
      expect(mayShareAccount(here, contender({ endpoint: other }))).toBe(true);
    },
  );

  it.each([
    'https://phones.example.com/other',
    'https://phones.example.com:8443/admin-provisioning',
    'https://phone.example.com/admin-provisioning',
    'not an address',
    'https://phones.example.com/%',
  ])('but not when one of them is elsewhere, at %s', (other) => {
    expect(mayShareAccount(contender(), contender({ endpoint: other }))).toBe(false);
  });

  it('only when both have shown the same customer, or one has shown none', () => {
    const [a, b] = [contender({ customerId: 'A' }), contender({ customerId: 'B' })];
    expect(mayShareAccount(a, b)).toBe(false);
    expect(mayShareAccount(a, a)).toBe(true);
    expect(mayShareAccount(a, contender())).toBe(true);
  });

  it('when both have shown the same customer, whatever the path', () => {
    const elsewhere = 'https://phones.example.com/gateway/admin';
    const a = contender({ customerId: 'A' });
    expect(mayShareAccount(a, contender({ customerId: 'A', endpoint: elsewhere }))).toBe(true);
    expect(mayShareAccount(a, contender({ endpoint: elsewhere }))).toBe(false);
  });
});

describe('of two PhoneSystems on one account', () => {
  const later = '2026-01-02T00:00:00Z';

  it('the older one goes before, and of two made in one second one of them', () => {
    expect(goesBefore(contender(), contender({ created: later }))).toBe(true);
    expect(goesBefore(contender({ created: later }), contender())).toBe(false);
    expect(goesBefore(contender(), contender({ name: 'acme/two' }))).toBe(true);
  });

  it('one that has shown whose account it is goes before an older one that has not', () => {
    const younger = contender({ created: later, customerId: 'A' });
    expect(goesBefore(younger, contender())).toBe(true);
    expect(goesBefore(contender(), younger)).toBe(false);
  });
});
