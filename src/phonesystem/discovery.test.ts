import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { Discovery } from './discovery.ts';
import { options } from './testing/scripted.ts';

async function auditUrlOf(endpoint: string, auditUrl: string): Promise<string | undefined> {
  const ask = async () => ({ offers: ['extension'], auditUrl });
  return (await new Discovery({ endpoint, clock: new SimulatedClock(), ask }).offer(options)).auditUrl;
}

describe('the audit API that an endpoint names', () => {
  it.each([
    ['https://phones.example.com/admin-provisioning', 'https://phones.example.com/audits'],
    ['http://127.0.0.1:8480/admin-provisioning', 'http://127.0.0.1:8480/audits'],
    ['http://localhost:8480/admin-provisioning', 'http://127.0.0.1:8480/audits'],
  ])('of %s is taken where it is on the same host: %s', async (endpoint, auditUrl) => {
    expect(await auditUrlOf(endpoint, auditUrl)).toBe(auditUrl);
  });

  it.each([
    ['https://phones.example.com/admin-provisioning', 'https://api.8x8.com/audits'],
    ['https://phones.example.com/admin-provisioning', 'https://phones.example.com:8443/audits'],
    ['https://phones.example.com/admin-provisioning', 'http://phones.example.com/audits'],
    ['http://127.0.0.1:8480/admin-provisioning', 'http://127.0.0.1:8481/audits'],
    ['https://phones.example.com/admin-provisioning', 'audits'],
  ])('of %s is not taken elsewhere, where the key would go with it: %s', async (endpoint, auditUrl) => {
    expect(await auditUrlOf(endpoint, auditUrl)).toBeUndefined();
  });
});
