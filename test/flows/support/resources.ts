import * as acme from '../../../src/account/testing/resources.ts';
import type { Extension } from '../../../src/resources/generated/extension.ts';
import type { PortingOrder } from '../../../src/resources/generated/porting-order.ts';
import type { UserProfile } from '../../../src/resources/generated/user-profile.ts';
import { seedCompany } from '../../../src/sandbox/company.ts';

/** A small company that every flow starts from. */
export const company = seedCompany({ users: 5, seed: 3 });
export const siteName = company.sites[0]?.name ?? '';
export const pbxName = company.pbxes[0]?.name ?? '';

/** An address that is not among those of the company. */
export const civic = {
  streetNumber: '9',
  streetName: 'Example Avenue',
  city: 'Springfield',
  state: 'IL',
  postal: '62704',
  country: 'US',
};

const site = { name: siteName };

/** At the first site of the company. */
export function profile(
  name: string,
  spec: Partial<UserProfile['spec']> = {},
  annotations: Readonly<Record<string, string>> = {},
): UserProfile {
  return acme.profile(name, { site, ...spec }, annotations);
}

/** An extension that belongs to nobody, at the first site of the company. */
export function sharedExtension(
  name: string,
  number: string,
  spec: Partial<Extension['spec']> = {},
): Extension {
  return acme.sharedExtension(name, number, { site, ...spec });
}

/** An order that lacks nothing but `submit: true`, with the bill that its carrier may ask for. */
export function port(name: string, spec: Partial<PortingOrder['spec']> = {}): PortingOrder {
  const { documents } = acme.port(name).spec;
  const bill = { secretRef: { name: 'port', key: 'bill.pdf' } };
  return acme.port(name, { documents: { ...documents, bill }, ...spec });
}

/** What the Secret of an order holds. */
export const portSecrets = {
  'port/account': '12345678',
  'port/letter.pdf': '%PDF-1.7 a letter',
  'port/bill.pdf': '%PDF-1.7 a bill',
};
