import { didLicenseId, isDidLicense } from '../license-view.ts';
import type { PhoneSystem } from '../phone-system.ts';
import type { LicenseRecord, UserRecord } from '../records.ts';
import type { UserDraft } from './user-body.ts';

/**
 * The seats that a user is to hold. A licence may be given by id or by name; DID licences are ignored.
 * Faults (unknown, none free, a change of type in one step) go to the draft's reader.
 */
export function resolveLicenses(
  system: PhoneSystem,
  draft: UserDraft,
  before: UserRecord | undefined,
): string[] {
  const seats: string[] = [];
  const ownDids = new Set(
    draft.extensions.flatMap((extension) =>
      extension.phoneNumbers.map((number) => didLicenseId(number.phoneNumber)),
    ),
  );
  for (const [index, { country, id, name }] of draft.licenses.entries()) {
    if (isDidLicense(name) || (id !== undefined && ownDids.has(id))) continue;
    const field = `serviceInfo.licenses[${index}]`;
    if (id !== undefined) {
      const owner = system.usersByLicense.first(id);
      if (!system.licenses.get(id)) draft.reader.fault(`${field}.id`, `Unknown license ${id}`);
      else if (owner && owner.id !== before?.id)
        draft.reader.fault(`${field}.id`, 'License is assigned to another user');
      else if (system.userlessByLicense.count(id) > 0)
        draft.reader.fault(`${field}.id`, 'License is assigned to an extension without a user');
      else if (!seats.includes(id)) seats.push(id);
      continue;
    }
    if (name === undefined) {
      draft.reader.fault(`${field}.id`, 'Either license id or name must be provided');
      continue;
    }
    const matching = system.licensesByName
      .all(name.toLowerCase())
      .filter((license) => inCountry(license, country));
    const seat =
      matching.find((license) => before?.licenses.includes(license.id) && !seats.includes(license.id)) ??
      matching.find(
        (license) =>
          system.usersByLicense.count(license.id) === 0 &&
          system.userlessByLicense.count(license.id) === 0 &&
          !seats.includes(license.id),
      );
    if (seat) seats.push(seat.id);
    else {
      const problem = matching.length === 0 ? `Unknown license ${name}` : `No license ${name} is available`;
      draft.reader.fault(`${field}.name`, problem);
    }
  }
  if (before) refuseSwap(system, draft, before.licenses, seats);
  return seats;
}

function inCountry(license: LicenseRecord, country: string | undefined): boolean {
  return country === undefined || license.country.toLowerCase() === country.toLowerCase();
}

/** A change of licence type takes two updates: remove, wait, add (8x8 guide: users). */
function refuseSwap(
  system: PhoneSystem,
  draft: UserDraft,
  before: readonly string[],
  after: readonly string[],
): void {
  const removed = before.filter((id) => !after.includes(id)).map((id) => system.licenses.get(id));
  const added = after.filter((id) => !before.includes(id)).map((id) => system.licenses.get(id));
  const swapped = removed.some((from) =>
    added.some((to) => from && to && from.type !== 'OTHER' && from.type === to.type && from.name !== to.name),
  );
  if (swapped) {
    draft.reader.fault(
      'serviceInfo.licenses',
      'A license type cannot be changed in one update: remove the license, wait for completion, then add the other',
    );
  }
}

/** Whether the last UC seat goes, which loses memberships and voicemail settings for good. */
export function losesUnifiedCommunications(
  system: PhoneSystem,
  before: readonly string[],
  after: readonly string[],
): boolean {
  const isUc = (id: string) => system.licenses.get(id)?.type === 'UC';
  return before.some(isUc) && !after.some(isUc);
}
