import type { PhoneSystem } from '../phone-system.ts';
import type { ExtensionRecord } from '../records.ts';

/** Appends the extension to a group's members, unless it is one. */
export function addMembership(system: PhoneSystem, groupId: string, extensionId: string): void {
  const group = system.ringGroups.get(groupId);
  if (!group || group.members.some((member) => member.extensionId === extensionId)) return;
  const member = { extensionId, loggedIn: true, voicemailAccessEnabled: false };
  system.ringGroups.put({ ...group, members: [...group.members, member] });
}

export function removeMembership(system: PhoneSystem, groupId: string, extensionId: string): void {
  const group = system.ringGroups.get(groupId);
  if (!group?.members.some((member) => member.extensionId === extensionId)) return;
  const members = group.members.filter((member) => member.extensionId !== extensionId);
  system.ringGroups.put({ ...group, members });
}

/** For an extension that goes, or loses its UC licence. */
export function leaveAllGroups(system: PhoneSystem, extensionId: string): void {
  for (const group of system.ringGroupsByMember.all(extensionId))
    removeMembership(system, group.id, extensionId);
}

/** The extension that a member entry names: by id, else by short number, at the group's own site first. */
export function memberExtension(
  system: PhoneSystem,
  siteId: string,
  id: string | undefined,
  extensionNumber: string | undefined,
): ExtensionRecord | undefined {
  if (id !== undefined) return system.extensions.get(id);
  if (extensionNumber === undefined) return undefined;
  const local = system.extensionByNumber(siteId, extensionNumber);
  if (local) return local;
  for (const site of system.sites.all()) {
    const found = system.extensionByNumber(site.id, extensionNumber);
    if (found) return found;
  }
  return undefined;
}
