import type { SandboxCore } from '../core.ts';
import { conflict, forbidden, invalid, notFound } from '../problem.ts';
import type { SiteRecord, UserRecord } from '../records.ts';
import type { UserDraft } from './user-body.ts';

export function requireUser(core: SandboxCore, id: string): UserRecord {
  const user = core.system.users.get(id);
  if (!user) throw notFound('User not found', 'basicInfo.userId');
  return user;
}

export function checkCustomer(core: SandboxCore, customerId: string | undefined): void {
  if (customerId === undefined || customerId === core.customerId) return;
  throw forbidden(`CustomerId mismatch: ${customerId} vs ${core.customerId}`);
}

export function refuseDuplicate(core: SandboxCore, userName: string, ownId: string | undefined): void {
  const holder = core.system.usersByName.first(userName.toLowerCase());
  if (!holder || holder.id === ownId) return;
  if (core.settings.duplicateUserName === '409')
    throw conflict('userName already in use', 'basicInfo.userName');
  throw invalid(undefined, 'userName already in use');
}

/** The site of a user; it never changes. Faults go to the draft's reader. */
export function resolveSite(
  core: SandboxCore,
  draft: UserDraft,
  before: UserRecord | undefined,
): SiteRecord | undefined {
  const { id, name } = draft.site;
  const { sites, sitesByName } = core.system;
  const current = before && sites.get(before.siteId);
  if (id === undefined && name === undefined) {
    if (!current) draft.reader.fault('basicInfo.site.id', 'Either site id or name must be provided');
    return current;
  }
  const site = id === undefined ? sitesByName.first((name ?? '').toLowerCase()) : sites.get(id);
  if (!site) draft.reader.fault(`basicInfo.site.${id === undefined ? 'name' : 'id'}`, 'Site not found');
  else if (current && site.id !== current.id)
    draft.reader.fault('basicInfo.site.id', 'The site of a user cannot be changed');
  return site;
}

/** Profile policy and user group; of several groups an arbitrary one wins (8x8 guide: users). */
export function resolveAssignments(
  core: SandboxCore,
  draft: UserDraft,
): { profilePolicy: string | null; userGroupId: string | null } {
  const { profilePolicies, userGroups } = core.system;
  const policy = draft.profilePolicy;
  const known = [...profilePolicies.all()].find((one) => one.name.toLowerCase() === policy?.toLowerCase());
  if (policy !== undefined && !known) {
    draft.reader.fault('assignmentInfo.profilePolicy.name', `Unknown profile policy ${policy}`);
  }
  const groups = draft.userGroups.flatMap(({ id, name }, index) => {
    const group = [...userGroups.all()].find((one) => (id === undefined ? one.name === name : one.id === id));
    if (!group) draft.reader.fault(`assignmentInfo.userGroups[${index}]`, 'Unknown user group');
    return group ? [group.id] : [];
  });
  const chosen = groups.length > 1 ? groups[Math.floor(core.random() * groups.length)] : groups[0];
  return { profilePolicy: known?.name ?? null, userGroupId: chosen ?? null };
}
