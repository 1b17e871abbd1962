import { digest } from '../../account/digest.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import type { ReasonName } from '../../resources/conditions.ts';
import type { PrivilegeGrant, PrivilegeGrantStatus } from '../../resources/generated/privilege-grant.ts';
import { commonStatus, type StatusInput } from './account-status.ts';

const passphrases = { SET: 'Set', NOT_SET: 'NotSet' } as const;

export function privilegeGrantStatus(resource: PrivilegeGrant, input: StatusInput): PrivilegeGrantStatus {
  const { observed, outcome, now } = input;
  const { expiresAt } = resource.spec;
  const expired = expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(now);
  const administrators = observed.collections.administrator;
  const body =
    administrators.state === 'read' && outcome.externalId !== undefined
      ? administrators.objects.get(outcome.externalId)?.body
      : undefined;
  const special = expired
    ? ({
        reason: 'Expired' satisfies ReasonName,
        message: `Expired at ${expiresAt}; its privileges are taken away`,
      } as const)
    : undefined;
  const granted = grantedBy(outcome.applied, expired);
  const userName = userNameOf(input);
  return {
    ...commonStatus(overdue(input, expired), special),
    ...(userName === undefined ? {} : { administrator: userName }),
    granted,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    supportPassphrase: passphraseOf(body),
  };
}

/** Access that outlives its grant is an alarm, not a wait. */
function overdue(input: StatusInput, expired: boolean): StatusInput {
  const { outcome } = input;
  const stuck = outcome.reason === 'Paused' || input.failure !== undefined;
  if (!expired || !stuck) return input;
  return {
    ...input,
    outcome: {
      ...outcome,
      reason: 'Overdue',
      message: `Expired, and the privileges could not be taken away: ${input.failure?.message ?? 'paused'}`,
    },
  };
}

/** What memory keeps of a section that was taken away. */
const nothing = digest(null);

function grantedBy(
  applied: Readonly<Record<string, string>>,
  expired: boolean,
): NonNullable<PrivilegeGrantStatus['granted']> {
  const places = Object.entries(applied).flatMap(([field, value]) => {
    if (value === nothing) return [];
    const match = /^sections\[(.+)@(.+)\]$/.exec(field);
    return match?.[1] && match[2] ? [{ section: match[1], pbx: match[2] }] : [];
  });
  if (expired || places.length === 0) return { count: 0 };
  return {
    pbxes: [...new Set(places.map(({ pbx }) => pbx))].sort(),
    sections: [...new Set(places.map(({ section }) => section))].sort(),
    count: places.length,
  };
}

function userNameOf({ observed, outcome }: StatusInput): string | undefined {
  const users = observed.collections.user;
  if (users.state !== 'read' || outcome.externalId === undefined) return undefined;
  const basic = users.objects.get(outcome.externalId)?.body.basicInfo;
  return isJsonObject(basic) && typeof basic.userName === 'string' ? basic.userName : undefined;
}

function passphraseOf(administrator: JsonObject | undefined): 'Set' | 'NotSet' | 'Unknown' {
  const said = administrator?.supportPassphrase;
  return said === 'SET' || said === 'NOT_SET' ? passphrases[said] : 'Unknown';
}
