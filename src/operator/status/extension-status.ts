import type { RingGroupMembers } from '../../account/ring-group-members.ts';
import type { SeenExtensions, SeenPlace } from '../../account/seen-extensions.ts';
import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';
import type { ExtensionStatus } from '../../resources/generated/extension.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { commonStatus, type StatusInput } from './account-status.ts';

/** Where extensions stand and which groups they are in; made once a round. */
export interface SeenMemberships {
  readonly extensions: SeenExtensions;
  readonly ringGroups: RingGroupMembers;
}

export function extensionStatus(input: StatusInput, seen: SeenMemberships): ExtensionStatus {
  const { externalId } = input.outcome;
  const place = externalId === undefined ? undefined : seen.extensions.get(externalId);
  const number = place?.extension.fqExtensionNumber;
  const ringGroups = place ? ringGroupsOf(place, seen.ringGroups, input.resource) : [];
  const callQueues = namesOf(assignmentsOf(place).ucCallQueues);
  return {
    ...commonStatus(input),
    ...(typeof number === 'string' ? { fqExtensionNumber: number } : {}),
    ...(place?.userId === undefined ? {} : { userId: place.userId }),
    ...(ringGroups.length > 0 ? { ringGroups: [...ringGroups] } : {}),
    ...(callQueues.length > 0 ? { callQueues } : {}),
  };
}

/**
 * A user shows the groups of all its extensions together: that is the extension's own where there is one alone.
 * While groups are about to be read one by one, what was shown stays.
 */
function ringGroupsOf(
  place: SeenPlace,
  ringGroups: RingGroupMembers,
  resource: AccountResource,
): readonly string[] {
  if (ringGroups.known === 'all') return ringGroups.groupsOf(place.extension, place.userId);
  const { ringGroups: ofUser } = assignmentsOf(place);
  if (place.only === true && ofUser !== undefined) return namesOf(ofUser);
  const shown = resource.kind === 'Extension' ? resource.status?.ringGroups : undefined;
  return ringGroups.known === 'hidden' ? (shown ?? []) : [];
}

function assignmentsOf(place: SeenPlace | undefined) {
  return isJsonObject(place?.user?.assignmentInfo) ? place.user.assignmentInfo : {};
}

function namesOf(list: Json | undefined): string[] {
  if (!isJsonArray(list)) return [];
  return list
    .flatMap((item) => (isJsonObject(item) && typeof item.name === 'string' ? [item.name] : []))
    .sort();
}
