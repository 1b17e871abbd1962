import type { JsonObject } from '../../foundation/json.ts';
import { isJsonArray, isJsonObject } from '../../foundation/json.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import type { InvitationNeed } from '../desired.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { FieldWriter } from './field.ts';
import { inviteField, inviteToken } from './invite-token.ts';

const hourMs = 3_600_000;

const noApi =
  'the endpoint has no API for invitations; in Admin Console open the user under Users and send the welcome email there, then take spec.invitation and the annotation dialops.dev/invite out';

/**
 * The first thing that needs a login has an invitation go out, once; an annotation asks for another. A profile is not
 * in order before the phone system has taken the one that is due.
 */
export function compileInvitations(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
  needsLogin: ReadonlySet<string>,
): ReadonlyMap<string, InvitationNeed> {
  const needs = new Map<string, InvitationNeed>();
  const sent = new SentInvitations(work);
  for (const found of profiles.values()) {
    if (found.deleting) continue;
    const profile = withoutLostUser(work, found);
    const need = needOf(work, profile, needsLogin.has(profile.key), sent);
    if (need.state !== undefined && sent.state === 'read') needs.set(profile.key, need.state);
    if (!need.due || work.isRefused(profile.key)) continue;
    if (sent.state !== 'unsupported') invite(work, profile, need.token, sent);
    // Without being asked, nothing is promised that the endpoint can't do.
    else if (need.token !== undefined || profile.resource.spec.invitation === 'Send')
      work.omit(profile.ref, 'invitation', 'Unsupported', noApi);
  }
  return needs;
}

/** Another user has to be made: nobody has invited that one yet, nor made it. */
function withoutLostUser(work: Compilation, profile: CompiledProfile): CompiledProfile {
  const { userId, ...rest } = profile;
  if (userId === undefined || !work.input.observed.gone.has(`user/${userId}`)) return profile;
  const { invited: _invited, ...handled } = profile.memory.handled;
  return { ...rest, memory: { ...profile.memory, handled: { ...handled, created: 'true' } } };
}

interface Need {
  readonly due: boolean;
  /** Set when it was asked for by the annotation. */
  readonly token?: string;
  /** Why none is due; undefined when one is, or went out. */
  readonly state?: InvitationNeed;
}

function needOf(
  work: Compilation,
  { resource, userId, memory }: CompiledProfile,
  isNeeded: boolean,
  sent: SentInvitations,
): Need {
  const token = inviteToken(resource);
  if (token !== undefined && memory.handled.invite !== token) return { due: true, token };
  if (memory.handled.invited !== undefined || (userId !== undefined && sent.users.has(userId)))
    return { due: false };
  // Adopting a company must mail nobody: only a user that this resource made, or is about to, is invited by itself.
  const own = userId === undefined || memory.handled.created === 'true';
  const user = userId === undefined ? undefined : work.index.body('user', userId);
  if ((resource.spec.invitation ?? (own ? 'Send' : 'Hold')) === 'Send') {
    if (!isNeeded) return { due: false, state: 'NotNeeded' };
    // The phone system refuses to invite one; the mail goes out once there is a person to get it.
    const isHeld = isInactive(resource, user) || work.input.policy.invitationsPerHour === 0;
    return isHeld ? { due: false, state: 'Held' } : { due: true };
  }
  const hasNothing = !isNeeded && (userId === undefined || (user !== undefined && showsNothing(user)));
  return { due: false, state: hasNothing ? 'NotNeeded' : 'Held' };
}

function isInactive({ spec }: UserProfile, user: JsonObject | undefined): boolean {
  const isSeen = isJsonObject(user?.basicInfo) && user.basicInfo.status === 'INACTIVE';
  return isSeen || spec.status === 'Inactive';
}

/** An account may hold lines for people that no YAML declares. */
function showsNothing({ serviceInfo }: JsonObject): boolean {
  const service = isJsonObject(serviceInfo) ? serviceInfo : {};
  return [service.extensions, service.licenses].every((list) => isJsonArray(list) && list.length === 0);
}

/** The invitations of the account, and how many went out in the last hour. */
class SentInvitations {
  readonly state: 'read' | 'unknown' | 'unsupported';
  readonly users: ReadonlySet<string>;
  lastHour: number;

  constructor({ input }: Compilation) {
    const collection = input.observed.collections.invitation;
    const users = new Set<string>();
    let lastHour = 0;
    const objects = collection.state === 'read' ? collection.objects.values() : [];
    for (const { body } of objects) {
      if (typeof body.userId === 'string') users.add(body.userId);
      if (typeof body.sentTime === 'string' && Date.parse(body.sentTime) > input.now - hourMs) lastHour++;
    }
    this.state = collection.state;
    this.users = users;
    this.lastHour = lastHour;
  }
}

function invite(
  work: Compilation,
  profile: CompiledProfile,
  token: string | undefined,
  sent: SentInvitations,
): void {
  const { invitationsPerHour } = work.input.policy;
  // What is paused is not sent, and takes nobody's place among those of the hour.
  const over = !profile.paused && sent.lastHour >= invitationsPerHour;
  if (!profile.paused) sent.lastHour++;
  const { ref, userId } = profile;
  const message = `The ${invitationsPerHour} invitations an hour are used up`;
  const handle = `invitation/${profile.key}`;
  work.begin(
    {
      type: 'invitation',
      handle,
      presence: 'present',
      naturalKey: userId ?? '',
      after: userId === undefined ? [profile.handle] : [],
      waits: over ? [{ reason: 'WaitingForBudget', message }] : [],
    },
    ref,
  );
  const writer = new FieldWriter(ref);
  writer.declare(inviteField(token), ['userId'], userId ?? null, { createOnly: true });
  work.contribute(handle, ref, writer.fields);
}
