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
import type { Index, Store, Table } from './store.ts';

/** What holds a phone number. */
export type NumberOwner =
  | { readonly kind: 'extension'; readonly record: ExtensionRecord }
  | { readonly kind: 'ringGroup'; readonly record: RingGroupRecord };

/** The tables of the phone system, and the questions about how their records hang together. */
export class PhoneSystem {
  readonly users: Table<UserRecord>;
  readonly extensions: Table<ExtensionRecord>;
  readonly ringGroups: Table<RingGroupRecord>;
  readonly sites: Table<SiteRecord>;
  readonly addresses: Table<AddressRecord>;
  readonly phoneNumbers: Table<PhoneNumberRecord>;
  readonly licenses: Table<LicenseRecord>;
  readonly userGroups: Table<NamedRecord>;
  readonly profilePolicies: Table<NamedRecord>;
  readonly pbxes: Table<NamedRecord>;

  /** By user name in lower case. */
  readonly usersByName: Index<UserRecord>;
  readonly usersByLicense: Index<UserRecord>;
  readonly usersBySite: Index<UserRecord>;
  readonly extensionsByUser: Index<ExtensionRecord>;
  readonly extensionsBySite: Index<ExtensionRecord>;
  /** Extensions without a user, by the seat that they use. */
  readonly userlessByLicense: Index<ExtensionRecord>;
  readonly extensionsByAddress: Index<ExtensionRecord>;
  /** By MAC address of a device. */
  readonly extensionsByMac: Index<ExtensionRecord>;
  readonly ringGroupsByMember: Index<RingGroupRecord>;
  readonly ringGroupsBySite: Index<RingGroupRecord>;
  /** By name in lower case. */
  readonly licensesByName: Index<LicenseRecord>;
  readonly sitesByAddress: Index<SiteRecord>;
  readonly sitesByCode: Index<SiteRecord>;
  readonly sitesByName: Index<SiteRecord>;

  readonly #extensionsByShortNumber: Index<ExtensionRecord>;
  readonly #ringGroupsByShortNumber: Index<RingGroupRecord>;
  readonly #extensionsByPhoneNumber: Index<ExtensionRecord>;
  readonly #ringGroupsByPhoneNumber: Index<RingGroupRecord>;
  readonly #personalAddressUsers: ((addressId: string) => number)[] = [];

  constructor(store: Store) {
    this.users = store.table('user');
    this.extensions = store.table('extension');
    this.ringGroups = store.table('ringGroup');
    this.sites = store.table('site');
    this.addresses = store.table('address');
    this.phoneNumbers = store.table('phoneNumber');
    this.licenses = store.table('license');
    this.userGroups = store.table('userGroup');
    this.profilePolicies = store.table('profilePolicy');
    this.pbxes = store.table('pbx');

    this.usersByName = this.users.index((user) => [user.userName.toLowerCase()]);
    this.usersByLicense = this.users.index((user) => user.licenses);
    this.usersBySite = this.users.index((user) => [user.siteId]);
    this.extensionsByUser = this.extensions.index((extension) =>
      extension.userId ? [extension.userId] : [],
    );
    this.extensionsBySite = this.extensions.index((extension) => [extension.siteId]);
    this.userlessByLicense = this.extensions.index((extension) =>
      extension.userId === null && extension.licenseId !== null ? [extension.licenseId] : [],
    );
    this.extensionsByAddress = this.extensions.index((extension) =>
      extension.emergencyAddressId ? [extension.emergencyAddressId] : [],
    );
    this.extensionsByMac = this.extensions.index(macAddresses);
    this.ringGroupsByMember = this.ringGroups.index((group) =>
      group.members.map((member) => member.extensionId),
    );
    this.ringGroupsBySite = this.ringGroups.index((group) => [group.siteId]);
    this.licensesByName = this.licenses.index((license) => [license.name.toLowerCase()]);
    this.sitesByAddress = this.sites.index((site) => [site.addressId]);
    this.sitesByCode = this.sites.index((site) => (site.siteCode ? [site.siteCode] : []));
    this.sitesByName = this.sites.index((site) => [site.name.toLowerCase()]);
    this.#extensionsByShortNumber = this.extensions.index((extension) => [shortKey(extension)]);
    this.#ringGroupsByShortNumber = this.ringGroups.index((group) => [shortKey(group)]);
    this.#extensionsByPhoneNumber = this.extensions.index(numbersOf);
    this.#ringGroupsByPhoneNumber = this.ringGroups.index(numbersOf);
  }

  numberOwner(phoneNumber: string): NumberOwner | undefined {
    const extension = this.#extensionsByPhoneNumber.first(phoneNumber);
    if (extension) return { kind: 'extension', record: extension };
    const group = this.#ringGroupsByPhoneNumber.first(phoneNumber);
    return group && { kind: 'ringGroup', record: group };
  }

  /** Published status of a number: what its port says, else whether something holds it. */
  numberStatus(number: PhoneNumberRecord): string {
    return number.porting ?? (this.numberOwner(number.id) ? 'ASSIGNED' : 'AVAILABLE');
  }

  /** The extension or ring group with that short number at that site. */
  shortNumberOwner(siteId: string, extensionNumber: string): ExtensionRecord | RingGroupRecord | undefined {
    const key = shortKey({ siteId, extensionNumber });
    return this.#extensionsByShortNumber.first(key) ?? this.#ringGroupsByShortNumber.first(key);
  }

  extensionByNumber(siteId: string, extensionNumber: string): ExtensionRecord | undefined {
    return this.#extensionsByShortNumber.first(shortKey({ siteId, extensionNumber }));
  }

  /** The lowest unused short number at a site, from 1000 on. */
  freeShortNumber(siteId: string): string {
    let number = 1000 + this.extensionsBySite.count(siteId) + this.ringGroupsBySite.count(siteId);
    while (this.shortNumberOwner(siteId, String(number))) number += 1;
    return String(number);
  }

  /** Adds a count to `addressUsage.userPersonal`. */
  countPersonalAddresses(count: (addressId: string) => number): void {
    this.#personalAddressUsers.push(count);
  }

  personalAddressUse(addressId: string): number {
    return this.#personalAddressUsers.reduce((sum, count) => sum + count(addressId), 0);
  }
}

function shortKey(record: { readonly siteId: string; readonly extensionNumber: string }): string {
  return `${record.siteId}/${record.extensionNumber}`;
}

function numbersOf(record: ExtensionRecord | RingGroupRecord): readonly string[] {
  return record.phoneNumbers.map((number) => number.phoneNumber);
}

function macAddresses(extension: ExtensionRecord): readonly string[] {
  const { devices } = extension.settings;
  if (!Array.isArray(devices)) return [];
  return devices.flatMap((device) =>
    typeof device === 'object' &&
    device !== null &&
    'macAddress' in device &&
    typeof device.macAddress === 'string'
      ? [device.macAddress]
      : [],
  );
}
