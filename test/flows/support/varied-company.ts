import { type Company, type CompanySize, seedCompany } from '../../../src/sandbox/company.ts';
import { IdSource, seededRandom } from '../../../src/sandbox/ids.ts';
import type { ExtensionRecord, UserRecord } from '../../../src/sandbox/records.ts';

/** An invented company whose people differ in all that YAML can say of them. The same one for the same arguments. */
export function variedCompany(size: CompanySize): Company {
  const company = seedCompany(size);
  const random = seededRandom(size.seed + 1_000);
  const ids = new IdSource(size.seed + 1_000);
  const one = <T>(...choices: readonly T[]): T | undefined => choices[Math.floor(random() * choices.length)];
  const users = company.users.map((user, index) => (index === 0 ? user : variedUser(user, company, one)));
  const extensions = company.extensions.map((extension, index) =>
    index === 0 ? extension : variedExtension(extension, users[index], one),
  );
  const free = company.phoneNumbers.slice(size.users + company.ringGroups.length);
  const shared = company.sites.map((site, index): ExtensionRecord => {
    const number = one(true, false) ? free[index] : undefined;
    return {
      id: ids.opaque(),
      userId: null,
      siteId: site.id,
      extensionNumber: String(7000 + index),
      extensionType: 'UC',
      licenseId: null,
      emergencyAddressId: null,
      phoneNumbers: number ? [{ phoneNumber: number.id, primary: true }] : [],
      settings: {
        ...company.extensions[0]?.settings,
        internalCallerIdFirstName: 'Lobby',
        internalCallerIdLastName: String(index),
        voicemailEmail: null,
      },
    };
  });
  return { ...company, users, extensions: [...extensions, ...shared] };
}

type One = <T>(...choices: readonly T[]) => T | undefined;

function variedUser(user: UserRecord, company: Company, one: One): UserRecord {
  const firstName = one(user.basicInfo.firstName, 'Null', 'Yes', "O'Neil") ?? null;
  return {
    ...user,
    basicInfo: {
      ...user.basicInfo,
      firstName,
      status: one('ACTIVE', 'ACTIVE', 'INACTIVE') ?? 'ACTIVE',
      locale: one('en-US', 'de-DE', 'fr-FR') ?? 'en-US',
    },
    directoryInfo: {
      ...user.directoryInfo,
      department: one<string | null>('# R& D, \\ North', 'no', null) ?? null,
      jobTitle: one<string | null>('Head of @x #1', '0123', null) ?? null,
      directoryScope: one('CUSTOMER', 'PBX', 'SITE') ?? 'CUSTOMER',
      displayInDirectory: one(true, false) ?? true,
      personalPhoneNumbers:
        one(
          [],
          [{ number: '+14085550199', type: 'MOBILE' }],
          [
            { number: '0123 555 0100', type: 'WORK' },
            { number: '+14085550198', type: 'MOBILE' },
          ],
        ) ?? [],
    },
    profilePolicy: one(...company.profilePolicies.map(({ name }) => name), null) ?? null,
    userGroupId: one(...company.userGroups.map(({ id }) => id), null) ?? null,
  };
}

function variedExtension(
  extension: ExtensionRecord,
  user: UserRecord | undefined,
  one: One,
): ExtensionRecord {
  const { settings } = extension;
  return {
    ...extension,
    settings: {
      ...settings,
      // The flag of a UC extension mirrors its user's (8x8 guide: users).
      displayInDirectory: user?.directoryInfo.displayInDirectory ?? true,
      callWaitingEnabled: one(true, false) ?? true,
      blockOutboundCallerId: one(true, false) ?? false,
      hotDeskEnabled: one(true, false) ?? false,
      maxConcurrentCalls: one(1, 2, 5) ?? 2,
      internalCallerIdLastName: one(settings.internalCallerIdLastName, 'Null', 'On') ?? null,
      externalCallerIdName: one<string | null>('ACME 0123', 'off', null) ?? null,
      voicemailEmail: one<string | null>(`mail-${extension.extensionNumber}@example.com`, null) ?? null,
    },
  };
}
