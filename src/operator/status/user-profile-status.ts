import type { JsonObject } from '../../foundation/json.ts';
import { isJsonObject } from '../../foundation/json.ts';
import type { Verdict } from '../../resources/conditions.ts';
import type { UserProfile, UserProfileStatus } from '../../resources/generated/user-profile.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';
import { commonStatus, type StatusInput } from './account-status.ts';

export function userProfileStatus(resource: UserProfile, input: StatusInput): UserProfileStatus {
  const { desired, observed, outcome } = input;
  const leftAlone = desired.leftAlone.get(resourceKey(referenceTo(resource)));
  const extra: Verdict[] = leftAlone?.length
    ? [
        {
          type: 'FieldsLeftAlone',
          status: 'True',
          reason: 'OwnedByDirectory',
          message: `A SCIM directory owns the user and with it spec.${leftAlone.join(', spec.')}; change them there, or take them out`,
        },
      ]
    : [];
  const users = observed.collections.user;
  const body =
    users.state === 'read' && outcome.externalId !== undefined
      ? users.objects.get(outcome.externalId)?.body
      : undefined;
  const userName = isJsonObject(body?.basicInfo) ? body.basicInfo.userName : undefined;
  const invitation = invitationOf(resource, input);
  return {
    ...commonStatus(input, undefined, extra),
    ...(typeof userName === 'string' ? { userName } : {}),
    ...(invitation ? { invitation } : {}),
    ...(leftAlone?.length ? { leftAlone: [...leftAlone] } : {}),
  };
}

const states = { SENT: 'Sent', ACCEPTED: 'Accepted', EXPIRED: 'Expired', FAILED: 'Failed' } as const;

function isState(text: unknown): text is keyof typeof states {
  return typeof text === 'string' && Object.hasOwn(states, text);
}

function invitationOf(resource: UserProfile, input: StatusInput): UserProfileStatus['invitation'] {
  const { desired, observed, outcome } = input;
  const need = desired.invitations.get(resourceKey(referenceTo(resource)));
  const collection = observed.collections.invitation;
  if (collection.state !== 'read') return undefined;
  const latest = [...collection.objects.values()]
    .map((object) => object.body)
    .filter(({ userId }) => userId !== undefined && userId === outcome.externalId)
    .toSorted((a, b) => String(b.sentTime).localeCompare(String(a.sentTime)))[0];
  if (!latest) return need === undefined ? undefined : { state: need };
  if (!isState(latest.status)) return undefined;
  const state = states[latest.status];
  return {
    state,
    ...(typeof latest.sentTime === 'string' ? { sentTime: latest.sentTime } : {}),
    ...(typeof latest.expiresTime === 'string' ? { expiresTime: latest.expiresTime } : {}),
    ...messageOf(state, latest),
  };
}

function messageOf(state: string, invitation: JsonObject): { message?: string } {
  const again = 'ask for another with the annotation dialops.dev/invite: <any new value>';
  if (state === 'Expired') return { message: `Not accepted in time; ${again}` };
  if (state !== 'Failed') return {};
  const error = invitation.error;
  const said = isJsonObject(error) && typeof error.message === 'string' ? error.message : 'no reason given';
  return { message: `The mail was not delivered: ${said}. Correct spec.email, then ${again}` };
}
