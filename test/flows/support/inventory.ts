import type { JsonObject } from '../../../src/foundation/json.ts';
import type { Company } from '../../../src/sandbox/company.ts';

/** What a company has before its first employee, in the shape of examples/acme/account.json. */
export function inventoryOf(company: Company): JsonObject {
  const owner = company.users.find(({ primaryAdministrator }) => primaryAdministrator);
  const site = company.sites.find(({ id }) => id === owner?.siteId);
  const seats = new Map<string, JsonObject & { readonly seats: number }>();
  for (const { country, name, tier, type } of company.licenses) {
    const known = seats.get(name)?.seats ?? 0;
    seats.set(name, { name, country, type, ...(tier === null ? {} : { tier }), seats: known + 1 });
  }
  return {
    pbxes: company.pbxes.map(({ name }) => ({ name })),
    sites: company.sites.map(({ addressId, name, pbxName, settings, siteCode }) => ({
      ...settings,
      name,
      pbxName,
      ...(siteCode === null ? {} : { siteCode }),
      address: company.addresses.find(({ id }) => id === addressId)?.parts ?? {},
    })),
    phoneNumbers: company.phoneNumbers.map(({ category, country, id }) => ({
      phoneNumber: id,
      country,
      category,
    })),
    licenses: [...seats.values()],
    userGroups: company.userGroups.map(({ name }) => ({ name })),
    profilePolicies: company.profilePolicies.map(({ name }) => ({ name })),
    primaryAdministrator: {
      userName: owner?.userName ?? '',
      firstName: String(owner?.basicInfo.firstName),
      lastName: String(owner?.basicInfo.lastName),
      email: String(owner?.basicInfo.primaryEmail),
      site: site?.name ?? '',
    },
  };
}
