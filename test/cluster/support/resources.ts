import { endUser } from '../../../src/account/testing/resources.ts';
import type { JsonObject } from '../../../src/foundation/json.ts';
import { apiVersion } from './workplace.ts';

type Annotations = Readonly<Record<string, string>>;

/** A person called Jane Example whose email is the name of the resource. */
export function profile(name: string, spec: JsonObject, annotations: Annotations = {}): JsonObject {
  return {
    apiVersion,
    kind: 'UserProfile',
    metadata: { name, annotations },
    spec: { firstName: 'Jane', lastName: 'Example', email: `${name}@example.com`, ...spec },
  };
}

/** An extension of the profile with the same name. */
export function extension(name: string, number: string, spec: JsonObject = {}): JsonObject {
  const userProfileRef = { name };
  return {
    apiVersion,
    kind: 'Extension',
    metadata: { name },
    spec: { number, type: 'UC', userProfileRef, ...spec },
  };
}

/** Privileges for the profile with the same name. */
export function grant(name: string, spec: JsonObject, person = name): JsonObject {
  const pbxes = Object.hasOwn(spec, 'sections') ? { pbxes: ['*'] } : {};
  return {
    apiVersion,
    kind: 'PrivilegeGrant',
    metadata: { name },
    spec: { userProfileRef: { name: person }, ...pbxes, ...spec },
  };
}

export const portSecretName = 'port-papers';
export const portSecret = {
  account: '12345678',
  pin: '4821',
  'letter.pdf': '%PDF-1.7 a letter',
  'bill.pdf': '%PDF-1.7 a bill',
};

export function port(name: string, spec: JsonObject): JsonObject {
  const secretRef = (key: string) => ({ name: portSecretName, key });
  return {
    apiVersion,
    kind: 'PortingOrder',
    metadata: { name },
    spec: {
      portType: 'Full',
      losingCarrier: {
        name: 'Example Telecom',
        accountNumberSecretRef: secretRef('account'),
        billingTelephoneNumber: '+14085550177',
      },
      endUser,
      documents: {
        letterOfAuthority: { secretRef: secretRef('letter.pdf') },
        bill: { secretRef: secretRef('bill.pdf') },
      },
      ...spec,
    },
  };
}
