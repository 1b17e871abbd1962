import type { Company } from './company.ts';
import type { SandboxCore } from './core.ts';
import type { Stored, Table } from './store.ts';

/** Puts a company's objects into the empty tables. */
export function installCompany(core: SandboxCore, company: Company): void {
  const { system } = core;
  fill(system.pbxes, company.pbxes);
  fill(system.addresses, company.addresses);
  fill(system.sites, company.sites);
  fill(system.licenses, company.licenses);
  fill(system.phoneNumbers, company.phoneNumbers);
  fill(system.userGroups, company.userGroups);
  fill(system.profilePolicies, company.profilePolicies);
  fill(system.users, company.users);
  fill(system.extensions, company.extensions);
  fill(system.ringGroups, company.ringGroups);
}

function fill<R extends Stored>(table: Table<R>, records: readonly R[]): void {
  for (const record of records) table.put(record);
}
