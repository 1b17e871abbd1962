import { nothingGiven, rememberedPlaces } from '../../account/compile/compiled-grant.ts';
import { placeKey, type Sections, scopesOf } from '../../account/compile/privilege-sections.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import type { ReasonName } from '../../resources/conditions.ts';
import type { PrivilegeGrant, PrivilegeGrantStatus } from '../../resources/generated/privilege-grant.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';
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
  const gives = input.desired.granted.get(resourceKey(referenceTo(resource))) ?? [];
  const granted = grantedBy(outcome.applied, gives, body);
  const userName = userNameOf(input);
  const passphrase = passphraseOf(body);
  return {
    // With nothing left to take away, nobody has access.
    ...commonStatus(overdue(input, expired && granted.count > 0), special),
    ...(userName === undefined ? {} : { administrator: userName }),
    granted,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    supportPassphrase: passphrase,
    supportPassphraseMessage: aboutPassphrase(passphrase, userName),
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

/**
 * What is in effect of a grant. Of a place that it gave earlier, and no longer surely does, counts what the person has
 * there: it expired and is not taken away yet, or its YAML has a mistake.
 */
function grantedBy(
  applied: Readonly<Record<string, string>>,
  gives: Sections,
  administrator: JsonObject | undefined,
): NonNullable<PrivilegeGrantStatus['granted']> {
  const places = [...rememberedPlaces(applied)].filter(([, { digest }]) => digest !== nothingGiven);
  if (places.length === 0) return { count: 0 };
  const given = byPlace(gives);
  const there = byPlace((administrator && scopesOf(administrator)) ?? []);
  return {
    pbxes: [...new Set(places.map(([, { pbx }]) => pbx))].sort(),
    sections: [...new Set(places.map(([, { section }]) => section))].sort(),
    count: places.reduce((count, [key]) => count + ((given.get(key) ?? there.get(key))?.size ?? 0), 0),
  };
}

function byPlace(sections: Sections): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const { privileges, ...place } of sections) {
    const key = placeKey(place);
    places.set(key, new Set([...(places.get(key) ?? []), ...privileges]));
  }
  return places;
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

/** Nobody but the administrator can set or tell it; support asks for it. */
function aboutPassphrase(state: 'Set' | 'NotSet' | 'Unknown', userName: string | undefined): string {
  const whom = userName ?? 'the administrator';
  switch (state) {
    case 'Set':
      return `${whom} has set it: when support asks for it, ask them`;
    case 'NotSet':
      return `ask ${whom} to set it in their own profile in Admin Console: support asks for it`;
    case 'Unknown':
      return `the phone system does not say; ask ${whom} whether it is set in their own profile`;
  }
}
