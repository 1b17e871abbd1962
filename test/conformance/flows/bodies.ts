import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';

/** Bodies of requests, each valid by its schema. */
export const addressBody: JsonObject = {
  streetNumber: '7',
  streetName: 'W Sample St',
  secondaryLocation: 'Floor 3',
  city: 'Springfield',
  state: 'CA',
  postal: '90001',
  country: 'US',
};

export function siteBody(addressId: string): JsonObject {
  return {
    name: 'Conformance Lab',
    pbxName: 'examplepbx01',
    locale: 'en-US',
    timezone: 'America/Los_Angeles',
    siteCode: '77',
    extensionLength: 4,
    address: { id: addressId },
    emergencyNotifications: [{ type: 'EMAIL', values: ['safety@example.com'] }],
  };
}

export function userBody(userName: string, siteId: string, extras: JsonObject = {}): JsonObject {
  return {
    basicInfo: {
      userName,
      firstName: 'Robin',
      lastName: 'Sample',
      primaryEmail: userName,
      locale: 'en-US',
      site: { id: siteId },
    },
    directoryInfo: {
      department: 'Sales',
      jobTitle: 'Tester',
      personalPhoneNumbers: [{ number: '+14085550199', type: 'MOBILE' }],
    },
    ...extras,
  };
}

export function ringGroupBody(siteId: string, extras: JsonObject = {}): JsonObject {
  return {
    name: 'Conformance Desk',
    extensionNumber: '7700',
    ringPattern: 'ROUND_ROBIN',
    ringTimeout: 15,
    inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
    site: { id: siteId },
    ...extras,
  };
}

/** The value at a path of member names and list positions. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (typeof step === 'number') current = isJsonArray(current) ? current[step] : undefined;
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** The text at a path. Throws when there is none: the flow cannot go on without it. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const text = at(value, ...path);
  if (typeof text !== 'string') throw new Error(`the phone system shows no text at ${path.join('.')}`);
  return text;
}
