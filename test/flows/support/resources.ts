import type { Extension } from '../../../src/resources/generated/extension.ts';
import type { PortingOrder } from '../../../src/resources/generated/porting-order.ts';
import type { PrivilegeGrant } from '../../../src/resources/generated/privilege-grant.ts';
import type { UserProfile } from '../../../src/resources/generated/user-profile.ts';
import { seedCompany } from '../../../src/sandbox/company.ts';

/** A small company that every flow starts from. */
export const company = seedCompany({ users: 5, seed: 3 });
export const siteName = company.sites[0]?.name ?? '';
export const pbxName = company.pbxes[0]?.name ?? '';

type Annotations = Readonly<Record<string, string>>;

export function profile(
  name: string,
  spec: Partial<UserProfile['spec']> = {},
  annotations: Annotations = {},
): UserProfile {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name, namespace: 'acme', annotations },
    spec: {
      firstName: 'Jane',
      lastName: 'Example',
      email: `${name}@example.com`,
      site: { name: siteName },
      ...spec,
    },
  };
}

/** An extension of the profile with the same name. */
export function extension(name: string, number: string, spec: Partial<Extension['spec']> = {}): Extension {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'Extension',
    metadata: { name, namespace: 'acme' },
    spec: { number, type: 'UC', userProfileRef: { name }, ...spec },
  };
}

/** An extension that belongs to nobody. */
export function sharedExtension(
  name: string,
  number: string,
  spec: Partial<Extension['spec']> = {},
): Extension {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'Extension',
    metadata: { name, namespace: 'acme' },
    spec: { number, type: 'UC', site: { name: siteName }, ...spec },
  };
}

export function grant(name: string, spec: Partial<PrivilegeGrant['spec']>): PrivilegeGrant {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PrivilegeGrant',
    metadata: { name, namespace: 'acme' },
    spec: { userProfileRef: { name }, ...spec },
  };
}

export function port(name: string, spec: Partial<PortingOrder['spec']> = {}): PortingOrder {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PortingOrder',
    metadata: { name, namespace: 'acme' },
    spec: {
      numbers: [{ number: '+14085550177' }],
      portType: 'Full',
      losingCarrier: {
        name: 'Example Telecom',
        accountNumberSecretRef: { name: 'port', key: 'account' },
        billingTelephoneNumber: '+14085550177',
      },
      endUser: {
        name: 'Acme Supply',
        authorizedPerson: 'Pat Example',
        serviceAddress: {
          street: '1 Example Way',
          city: 'Springfield',
          state: 'IL',
          postal: '62704',
          country: 'US',
        },
      },
      documents: {
        letterOfAuthority: { secretRef: { name: 'port', key: 'letter.pdf' } },
        bill: { secretRef: { name: 'port', key: 'bill.pdf' } },
      },
      ...spec,
    },
  };
}

export const portSecrets = {
  'port/account': '12345678',
  'port/letter.pdf': '%PDF-1.7 a letter',
  'port/bill.pdf': '%PDF-1.7 a bill',
};
