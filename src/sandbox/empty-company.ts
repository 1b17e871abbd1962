import type { JsonObject } from '../foundation/json.ts';
import { BodyReader } from './body-reader.ts';
import { type Company, companyStart } from './company.ts';
import { IdSource } from './ids.ts';
import { ApiProblem } from './problem.ts';
import type {
  AddressRecord,
  LicenseRecord,
  NamedRecord,
  PhoneNumberRecord,
  SiteRecord,
  UserRecord,
} from './records.ts';
import { displayForm, readAddress } from './sites/address-parts.ts';
import { dialPlanOf, e164, locales } from './vocabulary.ts';

/**
 * A company before its first employee: the given inventory and the primary administrator, without an
 * extension. The inventory has the shape of `examples/acme/account.json`: `{pbxes: [{name}], sites: [{name,
 * pbxName, siteCode?, locale, timezone, address: {…}, …}], phoneNumbers: [{phoneNumber, country, category?}],
 * licenses: [{name, country, type, tier?, seats}], userGroups: [{name}], profilePolicies: [{name}],
 * primaryAdministrator: {userName, firstName, lastName, email, site}}`. Throws an Error that names every
 * field that is missing or wrong.
 */
export function emptyCompany(inventory: JsonObject, seed: number): Company {
  const ids = new IdSource(seed);
  const reader = new BodyReader(inventory);
  const named = (list: string): NamedRecord[] =>
    reader
      .objects(list)
      .map((item) => ({ id: ids.opaque(), name: item.text('name', { required: true }) ?? '' }));
  const pbxes = named('pbxes');
  const addresses: AddressRecord[] = [];
  const sites = reader.objects('sites').map((site) => readSite(ids, site, pbxes, addresses));
  if (sites.length === 0) reader.fault('sites', 'needs at least one site');
  const company: Company = {
    pbxes,
    addresses,
    sites,
    licenses: reader.objects('licenses').flatMap((license) => readSeats(ids, license)),
    phoneNumbers: reader.objects('phoneNumbers').map(readNumber),
    userGroups: named('userGroups'),
    profilePolicies: named('profilePolicies'),
    users: [readAdministrator(ids, reader, sites)],
    extensions: [],
    ringGroups: [],
  };
  finish(reader);
  return company;
}

function finish(reader: BodyReader): void {
  try {
    reader.finish();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const faults = error.errors.map(({ field, message }) => `${field}: ${message}`);
    throw new Error(`The inventory cannot be used: ${faults.join('; ')}`);
  }
}

function readSite(
  ids: IdSource,
  site: BodyReader,
  pbxes: readonly NamedRecord[],
  addresses: AddressRecord[],
): SiteRecord {
  const parts = readSiteAddress(site);
  const address: AddressRecord = {
    id: ids.uuid(),
    parts,
    displayForm: displayForm(parts),
    createdTime: companyStart,
    origin: 'ADMIN',
  };
  addresses.push(address);
  site.text('locale', { required: true, oneOf: locales });
  site.text('timezone', { required: true });
  return {
    id: ids.opaque(),
    name: site.text('name', { required: true }) ?? '',
    pbxName: site.text('pbxName', { required: true, oneOf: pbxes.map((pbx) => pbx.name) }) ?? '',
    siteCode: site.text('siteCode') ?? null,
    addressId: address.id,
    settings: {
      extensionLength: 4,
      emergencyNotifications: [],
      defaultDialPlanCallingCountry: dialPlanOf(String(parts.country)),
      defaultDialPlanRuleset: 'INTERNATIONAL',
      ...site.rest('name', 'pbxName', 'siteCode', 'address'),
    },
  };
}

function readSiteAddress(site: BodyReader): JsonObject {
  try {
    return readAddress(site.object('address', true)?.body ?? {});
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    for (const { field, message } of error.errors) site.fault(`address.${field}`, message);
    return {};
  }
}

function readSeats(ids: IdSource, license: BodyReader): LicenseRecord[] {
  const name = license.text('name', { required: true }) ?? '';
  const country = license.text('country', { required: true }) ?? '';
  const type = license.text('type', { required: true, oneOf: ['UC', 'CC', 'OTHER'] });
  const seats = license.integer('seats', { required: true, min: 0 }) ?? 0;
  return Array.from({ length: seats }, () => ({
    id: ids.opaque(),
    name,
    country,
    type: type === 'UC' || type === 'CC' ? type : 'OTHER',
    tier: license.text('tier') ?? null,
  }));
}

function readNumber(number: BodyReader): PhoneNumberRecord {
  const category = number.text('category', { oneOf: ['LOCAL', 'TOLL_FREE'] });
  const origin = number.text('origin', { oneOf: ['CLAIMED', 'PORTING'] });
  return {
    id: number.text('phoneNumber', { required: true, pattern: e164 }) ?? '',
    country: number.text('country', { required: true }) ?? '',
    category: category === 'TOLL_FREE' ? category : 'LOCAL',
    origin: origin === 'PORTING' ? origin : 'CLAIMED',
    portingNumber: null,
    temporaryNumber: null,
    porting: null,
  };
}

function readAdministrator(ids: IdSource, reader: BodyReader, sites: readonly SiteRecord[]): UserRecord {
  const person = reader.object('primaryAdministrator', true) ?? new BodyReader({});
  const siteName = person.text('site', { oneOf: sites.map((site) => site.name) });
  const site = sites.find((one) => one.name === siteName) ?? sites[0];
  return {
    id: ids.opaque(),
    userName: person.text('userName', { required: true }) ?? '',
    siteId: site?.id ?? '',
    createdTime: companyStart,
    lastUpdatedTime: companyStart,
    basicInfo: {
      firstName: person.text('firstName', { required: true }) ?? '',
      lastName: person.text('lastName', { required: true }) ?? '',
      primaryEmail: person.text('email', { required: true, email: true }) ?? '',
      status: 'ACTIVE',
      locale: site?.settings.locale ?? 'en-US',
      timezone: site?.settings.timezone ?? 'UTC',
    },
    directoryInfo: { directoryScope: 'CUSTOMER', displayInDirectory: true, personalPhoneNumbers: [] },
    licenses: [],
    profilePolicy: null,
    userGroupId: null,
    ucCallQueues: [],
    primaryAdministrator: true,
  };
}
