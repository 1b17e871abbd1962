import type { JsonObject } from '../../foundation/json.ts';
import type { View } from '../collection.ts';
import type { PhoneSystem } from '../phone-system.ts';
import type { RingGroupRecord } from '../records.ts';
import { renderAssignedNumbers } from '../users/extension-view.ts';

/** A ring group in the published RingGroup schema; the access PIN is never shown. */
export function renderRingGroup(
  system: PhoneSystem,
  customerId: string,
  group: RingGroupRecord,
  view: View,
): JsonObject {
  const site = system.sites.get(group.siteId);
  const pbx = [...system.pbxes.all()].find((one) => one.name === site?.pbxName);
  return {
    ...group.settings,
    id: group.id,
    customerId,
    name: group.name,
    extensionNumber: group.extensionNumber,
    phoneNumbers: renderAssignedNumbers(system, group.phoneNumbers, false),
    site: {
      id: group.siteId,
      name: site?.name ?? null,
      pbxId: pbx?.id ?? null,
      pbxName: site?.pbxName ?? null,
    },
    voicemailSettings: { notificationEmail: null, notificationAction: 'DISABLE', ...group.voicemailSettings },
    ...(view.sparse ? {} : { members: renderMembers(system, group) }),
  };
}

function renderMembers(system: PhoneSystem, group: RingGroupRecord): JsonObject[] {
  return group.members.map((member, index) => {
    const extension = system.extensions.get(member.extensionId);
    const user = extension?.userId ? system.users.get(extension.userId) : undefined;
    return {
      ...member,
      extensionNumber: extension?.extensionNumber ?? null,
      firstName: user?.basicInfo.firstName ?? null,
      lastName: user?.basicInfo.lastName ?? null,
      sequenceNumber: index + 1,
      userId: extension?.userId ?? null,
    };
  });
}
