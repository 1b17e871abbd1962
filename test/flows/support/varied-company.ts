import type { JsonObject } from '../../../src/foundation/json.ts';
import { type Company, type CompanySize, companyStart, seedCompany } from '../../../src/sandbox/company.ts';
import { IdSource, seededRandom } from '../../../src/sandbox/ids.ts';
import type { AddressRecord, ExtensionRecord, UserRecord } from '../../../src/sandbox/records.ts';
import { displayForm } from '../../../src/sandbox/sites/address-parts.ts';

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
  const more = addMore({ ...company, users, extensions }, ids);
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
  return { ...more, extensions: [...more.extensions, ...shared] };
}

/** What only some have: a second extension, a seat beside those of extensions, a device, an address of their own. */
function addMore(company: Company, ids: IdSource): Company {
  const held = new Set(company.users.flatMap(({ licenses }) => licenses));
  const spare = company.licenses.filter(({ id }) => !held.has(id));
  const uc = spare.filter(({ type }) => type === 'UC');
  const others = spare.filter(({ type }) => type !== 'UC');
  const users = [...company.users];
  const extensions: ExtensionRecord[] = [];
  const elsewhere = ownAddress(ids);
  for (const [index, extension] of company.extensions.entries()) {
    const user = users[index];
    let made = extension;
    if (index % 4 === 1) made = { ...made, settings: { ...made.settings, devices: [deviceOf(ids, index)] } };
    if (index % 6 === 2) {
      const settings = { ...made.settings, emergencyAddressInheritFromSite: false };
      made = { ...made, emergencyAddressId: elsewhere.id, settings };
    }
    extensions.push(made);
    const second = user && index % 5 === 3 ? uc.pop() : undefined;
    if (user && second) {
      users[index] = { ...user, licenses: [...user.licenses, second.id] };
      extensions.push({
        ...extension,
        id: ids.opaque(),
        extensionNumber: String(4000 + index),
        licenseId: second.id,
        phoneNumbers: [],
      });
    }
    const seat = index % 7 === 4 ? others.pop() : undefined;
    const holder = users[index];
    if (holder && seat) users[index] = { ...holder, licenses: [...holder.licenses, seat.id] };
  }
  return { ...company, users, extensions, addresses: [...company.addresses, elsewhere] };
}

function deviceOf(ids: IdSource, index: number): JsonObject {
  return {
    id: ids.opaque(),
    macAddress: `0a1b2c${index.toString(16).padStart(6, '0')}`,
    model: 'Desk Phone',
    status: 'AVAILABLE',
    activationCode: 'a-secret',
    lines: 1,
    port: 0,
    lastUpdatedTime: companyStart,
  };
}

/** As the phone system keeps "7 N Example Street": the direction apart. */
function ownAddress(ids: IdSource): AddressRecord {
  const parts = {
    streetNumber: '7',
    preDirectional: 'N',
    streetName: 'EXAMPLE STREET',
    secondaryLocation: 'FLOOR 2',
    city: 'Springfield',
    state: 'IL',
    postal: '62704',
    country: 'US',
  };
  return {
    id: ids.uuid(),
    parts,
    displayForm: displayForm(parts),
    createdTime: companyStart,
    origin: 'ADMIN',
  };
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
