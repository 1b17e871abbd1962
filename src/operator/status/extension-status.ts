import type { SeenExtensions } from '../../account/seen-extensions.ts';
import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';
import type { ExtensionStatus } from '../../resources/generated/extension.ts';
import { commonStatus, type StatusInput } from './account-status.ts';

export function extensionStatus(input: StatusInput, seen: SeenExtensions): ExtensionStatus {
  const { externalId } = input.outcome;
  const place = externalId === undefined ? undefined : seen.get(externalId);
  const number = place?.extension.fqExtensionNumber;
  const assignments = isJsonObject(place?.user?.assignmentInfo) ? place.user.assignmentInfo : {};
  const ringGroups = namesOf(assignments.ringGroups);
  const callQueues = namesOf(assignments.ucCallQueues);
  return {
    ...commonStatus(input),
    ...(typeof number === 'string' ? { fqExtensionNumber: number } : {}),
    ...(place?.userId === undefined ? {} : { userId: place.userId }),
    ...(ringGroups.length > 0 ? { ringGroups } : {}),
    ...(callQueues.length > 0 ? { callQueues } : {}),
  };
}

function namesOf(list: Json | undefined): string[] {
  if (!isJsonArray(list)) return [];
  return list
    .flatMap((item) => (isJsonObject(item) && typeof item.name === 'string' ? [item.name] : []))
    .sort();
}
