import { cities, departments, firstNames, lastNames } from './fictitious-names.ts';
import { IdSource, seededRandom } from './ids.ts';
import type {
  AddressRecord,
  ExtensionRecord,
  LicenseRecord,
  NamedRecord,
  PhoneNumberRecord,
  RingGroupRecord,
  SiteRecord,
  UserRecord,
} from './records.ts';
import { displayForm } from './sites/address-parts.ts';
import { defaultExtensionSettings } from './users/extension-change.ts';

/** All that a phone system holds at its start. */
export interface Company {
  readonly pbxes: readonly NamedRecord[];
  readonly addresses: readonly AddressRecord[];
  readonly sites: readonly SiteRecord[];
  readonly licenses: readonly LicenseRecord[];
  readonly phoneNumbers: readonly PhoneNumberRecord[];
  readonly userGroups: readonly NamedRecord[];
  readonly profilePolicies: readonly NamedRecord[];
  readonly users: readonly UserRecord[];
  readonly extensions: readonly ExtensionRecord[];
  readonly ringGroups: readonly RingGroupRecord[];
}

export interface CompanySize {
  /** People, the primary administrator among them; each has an extension. At least 1. */
  readonly users: number;
  readonly seed: number;
  /** Default: one for 200 users, at least 2. */
  readonly sites?: number;
  /** Default: one a site; never fewer. */
  readonly addresses?: number;
  /** Default: one for 50 users. */
  readonly ringGroups?: number;
  /** Default: one a user and one a ring group, and a tenth (at least 20) to spare. */
  readonly phoneNumbers?: number;
  /** Free seats of each licence. Default: a tenth of the users, at least 20. */
  readonly spareSeats?: number;
}

export const companyStart = '2025-01-06T09:00:00.000Z';
export const primaryAdministrator = 'primary.admin@example.com';

/** An invented company of any size, the same one for the same arguments. */
export function seedCompany(size: CompanySize): Company {
  const ids = new IdSource(size.seed);
  const random = seededRandom(size.seed + 1);
  const siteCount = size.sites ?? Math.max(2, Math.ceil(size.users / 200));
  const groupCount = size.ringGroups ?? Math.floor(size.users / 50);
  const spare = Math.max(20, Math.floor(size.users / 10));
  const pbxes = ['examplepbx01', 'examplepbx02'].map((name) => ({ id: ids.opaque(), name }));
  const addresses = seedAddresses(ids, Math.max(siteCount, size.addresses ?? siteCount));
  const sites = addresses.slice(0, siteCount).map((address, index) => seedSite(ids, address, index, pbxes));
  const phoneNumbers = seedNumbers(size.phoneNumbers ?? size.users + groupCount + spare);
  const licenses = seedLicenses(ids, size.users, size.spareSeats ?? spare);
  const userGroups = ['Supervisors', 'Front Desk', 'Remote Staff'].map((name) => ({
    id: ids.opaque(),
    name,
  }));
  const profilePolicies = ['Standard User', 'Call Center Agent'].map((name) => ({ id: ids.opaque(), name }));
  const users: UserRecord[] = [];
  const extensions: ExtensionRecord[] = [];
  const names = new Map<string, number>();
  for (let index = 0; index < size.users; index += 1) {
    const site = sites[index % sites.length];
    const license = licenses[index];
    if (!site || !license) break;
    const user = seedUser({ ids, random, names, site, license, index });
    users.push(user);
    extensions.push(seedExtension(ids, user, site, phoneNumbers[index], Math.floor(index / sites.length)));
  }
  const ringGroups: RingGroupRecord[] = [];
  for (let index = 0; index < groupCount; index += 1) {
    const site = sites[index % sites.length];
    if (!site) break;
    const number = phoneNumbers[size.users + index];
    ringGroups.push(seedRingGroup({ ids, random, site, index, number, sites: sites.length, extensions }));
  }
  return {
    pbxes,
    addresses,
    sites,
    licenses,
    phoneNumbers,
    userGroups,
    profilePolicies,
    users,
    extensions,
    ringGroups,
  };
}

function seedAddresses(ids: IdSource, count: number): AddressRecord[] {
  return Array.from({ length: count }, (_unused, index) => {
    const place = cities[index % cities.length];
    const parts = {
      streetNumber: String(100 + index),
      streetName: 'EXAMPLE AVE',
      city: place?.city ?? '',
      state: place?.state ?? '',
      postal: String(90_000 + index),
      country: 'US',
    };
    return {
      id: ids.uuid(),
      parts,
      displayForm: displayForm(parts),
      createdTime: companyStart,
      origin: 'ADMIN',
    };
  });
}

function seedSite(
  ids: IdSource,
  address: AddressRecord,
  index: number,
  pbxes: readonly NamedRecord[],
): SiteRecord {
  const place = cities[index % cities.length];
  const round = Math.floor(index / cities.length);
  return {
    id: ids.opaque(),
    name: index === 0 ? 'Headquarters' : `${place?.city} Office${round === 0 ? '' : ` ${round + 1}`}`,
    pbxName: pbxes[index % pbxes.length]?.name ?? '',
    siteCode: String(20 + index),
    addressId: address.id,
    settings: {
      locale: 'en-US',
      timezone: place?.timezone ?? 'UTC',
      extensionLength: 4,
      emergencyNotifications: [],
      defaultDialPlanCallingCountry: 'NANP',
      defaultDialPlanRuleset: 'INTERNATIONAL',
    },
  };
}

/**
 * Numbers that are kept for fiction: 555-0100 to 555-0199, in one area code after the other. Enough for
 * 70,000.
 */
function seedNumbers(count: number): PhoneNumberRecord[] {
  const areas = [408];
  for (let area = 201; area < 990; area += 1) if (area % 100 !== 11 && area !== 408) areas.push(area);
  return Array.from({ length: count }, (_unused, index) => {
    const area = areas[Math.floor(index / 100)];
    if (area === undefined) throw new RangeError(`No more than ${areas.length * 100} fictitious numbers`);
    return {
      id: `+1${area}55501${String(index % 100).padStart(2, '0')}`,
      country: 'US',
      category: 'LOCAL',
      origin: 'CLAIMED',
      portingNumber: null,
      temporaryNumber: null,
      porting: null,
    };
  });
}

/** One seat a user in the order of users (every third an X4, the rest X2), then the spare ones. */
function seedLicenses(ids: IdSource, users: number, spare: number): LicenseRecord[] {
  const seat = (name: string, type: LicenseRecord['type']): LicenseRecord => ({
    id: ids.opaque(),
    name,
    country: 'US',
    type,
    tier: name,
  });
  const held = Array.from({ length: users }, (_unused, index) => seat(index % 3 === 2 ? 'X4' : 'X2', 'UC'));
  const free = (['X2', 'X4'] as const).flatMap((name) =>
    Array.from({ length: spare }, () => seat(name, 'UC')),
  );
  const agents = Array.from({ length: Math.ceil(spare / 2) }, () => seat('X6', 'CC'));
  return [...held, ...free, ...agents];
}

function seedUser(part: {
  ids: IdSource;
  random: () => number;
  names: Map<string, number>;
  site: SiteRecord;
  license: LicenseRecord;
  index: number;
}): UserRecord {
  const { ids, index, license, names, random, site } = part;
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const administrator = index === 0;
  const firstName = administrator ? 'Primary' : pick(firstNames);
  const lastName = administrator ? 'Admin' : pick(lastNames);
  const stem = `${firstName}.${lastName}`.toLowerCase();
  const namesakes = names.get(stem) ?? 0;
  names.set(stem, namesakes + 1);
  const userName = `${stem}${namesakes === 0 ? '' : namesakes + 1}@example.com`;
  return {
    id: ids.opaque(),
    userName,
    siteId: site.id,
    createdTime: companyStart,
    lastUpdatedTime: companyStart,
    basicInfo: {
      firstName,
      lastName,
      primaryEmail: userName,
      status: 'ACTIVE',
      locale: 'en-US',
      timezone: site.settings.timezone ?? 'UTC',
    },
    directoryInfo: {
      department: pick(departments),
      jobTitle: administrator ? 'Administrator' : 'Associate',
      directoryScope: 'CUSTOMER',
      displayInDirectory: true,
      personalPhoneNumbers: [],
    },
    licenses: [license.id],
    profilePolicy: 'Standard User',
    userGroupId: null,
    ucCallQueues: [],
    primaryAdministrator: administrator,
  };
}

function seedExtension(
  ids: IdSource,
  user: UserRecord,
  site: SiteRecord,
  number: PhoneNumberRecord | undefined,
  position: number,
): ExtensionRecord {
  const firstName = String(user.basicInfo.firstName);
  const lastName = String(user.basicInfo.lastName);
  return {
    id: ids.opaque(),
    userId: user.id,
    siteId: site.id,
    extensionNumber: String(1000 + position),
    extensionType: 'UC',
    licenseId: user.licenses[0] ?? null,
    emergencyAddressId: null,
    phoneNumbers: number ? [{ phoneNumber: number.id, primary: true }] : [],
    settings: {
      ...defaultExtensionSettings(site, { firstName, lastName }),
      devices: [],
      voicemailEmail: user.userName,
    },
  };
}

function seedRingGroup(part: {
  ids: IdSource;
  random: () => number;
  site: SiteRecord;
  index: number;
  number: PhoneNumberRecord | undefined;
  sites: number;
  extensions: readonly ExtensionRecord[];
}): RingGroupRecord {
  const { extensions, ids, index, number, random, site, sites } = part;
  // Extensions of one site are `sites` apart.
  const local = Math.ceil((extensions.length - (index % sites)) / sites);
  const first = Math.floor(random() * local);
  const members = Array.from({ length: Math.min(5, local) }, (_unused, step) => {
    const extension = extensions[(index % sites) + ((first + step) % local) * sites];
    return { extensionId: extension?.id ?? '', loggedIn: true, voicemailAccessEnabled: false };
  });
  return {
    id: ids.opaque(),
    siteId: site.id,
    name: `${departments[index % departments.length]} Line ${index + 1}`,
    extensionNumber: String(8000 + Math.floor(index / sites)),
    phoneNumbers: number ? [{ phoneNumber: number.id, primary: true }] : [],
    members,
    voicemailSettings: null,
    accessPin: null,
    settings: {
      allowLogInLogOut: true,
      callerIdEnabled: false,
      forwardingRules: [],
      inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
      notifyIfBusy: false,
      numberOfCycles: 1,
      ringPattern: 'ROUND_ROBIN',
      ringTimeout: 15,
    },
  };
}
