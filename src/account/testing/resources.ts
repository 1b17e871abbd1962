import type { Extension } from '../../resources/generated/extension.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import type { PrivilegeGrant } from '../../resources/generated/privilege-grant.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import type { AccountResource } from '../../resources/kinds.ts';

type Annotations = Readonly<Record<string, string>>;

/** Resources of the namespace `acme`. Unless the spec says otherwise, a person is at the site of `siteRow`. */
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
      site: { name: 'Springfield HQ' },
      ...spec,
    },
  };
}

/** An extension of the profile with the same name. */
export function extension(name: string, number: string, spec: Partial<Extension['spec']> = {}): Extension {
  return sharedExtension(name, number, { userProfileRef: { name }, ...spec });
}

/** An extension of nobody's; the spec must name a site. */
export function sharedExtension(
  name: string,
  number: string,
  spec: Partial<Extension['spec']> = {},
): Extension {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'Extension',
    metadata: { name, namespace: 'acme' },
    spec: { number, type: 'UC', ...spec },
  };
}

/** A grant to the profile with the same name. */
export function grant(name: string, spec: Partial<PrivilegeGrant['spec']> = {}): PrivilegeGrant {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PrivilegeGrant',
    metadata: { name, namespace: 'acme' },
    spec: { userProfileRef: { name }, ...spec },
  };
}

/** Of a port, as YAML has it. */
export const endUser = {
  name: 'Acme Supply',
  authorizedPerson: 'Pat Example',
  serviceAddress: {
    street: '1 Example Way',
    city: 'Springfield',
    state: 'IL',
    postal: '62704',
    country: 'US',
  },
};

/** An order of one number that lacks nothing but `submit: true`. */
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
      endUser,
      documents: { letterOfAuthority: { secretRef: { name: 'port', key: 'letter.pdf' } } },
      ...spec,
    },
  };
}

/** The resource as Kubernetes shows it while it is being deleted. */
export function deleting<T extends AccountResource>(resource: T): T {
  return {
    ...resource,
    metadata: { ...resource.metadata, deletionTimestamp: '2026-01-05T00:00:00Z' },
  };
}
