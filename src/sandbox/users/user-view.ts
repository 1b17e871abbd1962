import type { JsonObject } from '../../foundation/json.ts';
import type { View } from '../collection.ts';
import { renderLicenses } from '../license-view.ts';
import type { PhoneSystem } from '../phone-system.ts';
import type { ExtensionRecord, UserRecord } from '../records.ts';
import { renderExtension } from './extension-view.ts';

const unsetBasicInfo: JsonObject = { scimProvider: null, ssoProvider: null, ssoFederationId: null };
const unsetDirectoryInfo: JsonObject = { department: null, jobTitle: null };

/** A user in the published User schema; unset fields are null, so that a complete row leaves nothing open. */
export function renderUser(
  system: PhoneSystem,
  customerId: string,
  user: UserRecord,
  view: View,
): JsonObject {
  const extensions = system.extensionsByUser.all(user.id);
  const site = system.sites.get(user.siteId);
  const licenses = renderLicenses(system, user, extensions);
  const basicInfo = {
    ...unsetBasicInfo,
    ...user.basicInfo,
    userId: user.id,
    customerId,
    createdTime: user.createdTime,
    lastUpdatedTime: user.lastUpdatedTime,
    userName: user.userName,
    site: { id: user.siteId, name: site?.name ?? null, pbxName: site?.pbxName ?? null },
  };
  return {
    basicInfo,
    directoryInfo: { ...unsetDirectoryInfo, ...user.directoryInfo },
    serviceInfo: {
      licenses,
      extensions: extensions.map((extension) => renderExtension(system, extension, view)),
    },
    ...(view.sparse ? {} : { assignmentInfo: renderAssignments(system, user, extensions) }),
  };
}

function renderAssignments(
  system: PhoneSystem,
  user: UserRecord,
  extensions: readonly ExtensionRecord[],
): JsonObject {
  const userGroup = user.userGroupId === null ? undefined : system.userGroups.get(user.userGroupId);
  return {
    profilePolicy: { name: user.profilePolicy },
    ringGroups: memberships(system, extensions).map(({ id, name }) => ({ id, name })),
    ucCallQueues: user.ucCallQueues,
    userGroups: userGroup ? [{ id: userGroup.id, name: userGroup.name }] : [],
  };
}

/** The ring groups that any of the extensions is a member of, each once. */
export function memberships(
  system: PhoneSystem,
  extensions: readonly ExtensionRecord[],
): { readonly id: string; readonly name: string }[] {
  const groups = extensions.flatMap((extension) => system.ringGroupsByMember.all(extension.id));
  return [...new Set(groups)];
}
