import { createHash } from 'node:crypto';
import type { JsonObject } from '../foundation/json.ts';
import type { PhoneSystem } from './phone-system.ts';
import type { ExtensionRecord, UserRecord } from './records.ts';

/** The id of the DID licence that appears by itself with a number. */
export function didLicenseId(phoneNumber: string): string {
  return createHash('sha256').update(`DID ${phoneNumber}`).digest('base64url').slice(0, 22);
}

/** Whether a licence in a body is one of those that the system adds by itself (8x8 guide: users). */
export function isDidLicense(name: string | undefined): boolean {
  return name !== undefined && /^DID\b/i.test(name);
}

/** Seats of the user, then a DID licence for each number of the extensions. */
export function renderLicenses(
  system: PhoneSystem,
  user: UserRecord,
  extensions: readonly ExtensionRecord[],
): JsonObject[] {
  const seats = user.licenses.flatMap((id) => {
    const license = system.licenses.get(id);
    return license ? [{ id, name: license.name, country: license.country }] : [];
  });
  const dids = extensions.flatMap((extension) =>
    extension.phoneNumbers.map(({ phoneNumber }) => {
      const country = system.phoneNumbers.get(phoneNumber)?.country ?? 'US';
      return { id: didLicenseId(phoneNumber), name: `DID-${country}`, country };
    }),
  );
  return [...seats, ...dids];
}
