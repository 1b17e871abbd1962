import type { JsonObject } from '../../foundation/json.ts';
import { registerCollection } from '../collection.ts';
import type { SandboxCore, SandboxModule } from '../core.ts';
import type { LicenseRecord, NamedRecord } from '../records.ts';
import type { Table } from '../store.ts';
import { mediaTypesOf } from './media-types.ts';

/**
 * `/licenses`, `/user-groups` and `/profile-policies`: what an account has and no API can change. DID licences
 * come and go with the numbers and are not listed.
 */
export const listsModule: SandboxModule = (core) => {
  licenses(core);
  named(core, '/user-groups', 'userGroupId', core.system.userGroups);
  named(core, '/profile-policies', 'profilePolicyId', core.system.profilePolicies);
};

function licenses(core: SandboxCore): void {
  const { system } = core;
  registerCollection<LicenseRecord>(core, {
    path: '/licenses',
    idName: 'licenseId',
    mediaTypes: mediaTypesOf('licenses'),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 100 },
    rows: () => system.licenses.all(),
    find: (id) => system.licenses.get(id),
    render: (license) => renderLicense(core, license),
    filterFields: {
      id: (license) => license.id,
      name: (license) => license.name,
      country: (license) => license.country,
      type: (license) => license.type,
      tier: (license) => license.tier,
      assignedUserId: (license) => system.usersByLicense.first(license.id)?.id,
    },
    sortFields: {
      name: (license) => license.name,
      type: (license) => license.type,
      tier: (license) => license.tier,
    },
  });
}

function renderLicense(core: SandboxCore, license: LicenseRecord): JsonObject {
  const { country, id, name, tier, type } = license;
  const assignedUserId = core.system.usersByLicense.first(id)?.id ?? null;
  const assignedExtensionId = core.system.userlessByLicense.first(id)?.id ?? null;
  return { id, name, country, type, tier, assignedUserId, assignedExtensionId };
}

function named(core: SandboxCore, path: `/${string}`, idName: string, table: Table<NamedRecord>): void {
  registerCollection<NamedRecord>(core, {
    path,
    idName,
    mediaTypes: mediaTypesOf(path.slice(1)),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 100 },
    rows: () => table.all(),
    find: (id) => table.get(id),
    render: ({ id, name }) => ({ id, name }),
    filterFields: { id: (record) => record.id, name: (record) => record.name },
    sortFields: { name: (record) => record.name },
  });
}
