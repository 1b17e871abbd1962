import { formatReference } from '../../resources/reference.ts';
import { howToAgree, lackOfConsent } from '../consent.ts';
import type { DesiredObject } from '../desired.ts';
import { isOwnedByDirectory } from '../directory-owner.ts';
import { mayComeFrom, type ResourceMemory } from '../memory.ts';
import { read } from '../path.ts';
import { checkText, locales, type textRules } from './checks.ts';
import { Claims, declaresToo } from './claims.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { BoundProfile, CompiledProfile } from './compiled-profile.ts';
import { FieldWriter } from './field.ts';
import { heldBy, howToMove, lateClaims } from './identity.ts';
import { declareAddress, declareProfile } from './profile-fields.ts';

const refused: readonly string[] = [];

/** Compiles all user profiles; what the other kinds need of them comes back by resource key. */
export function compileUserProfiles(work: Compilation): ReadonlyMap<string, CompiledProfile> {
  const profiles = new Map<string, CompiledProfile>();
  const all = work.all('UserProfile');
  const late = lateClaims(all, ({ knownId }) => knownId);
  const candidates = all.map((compiled) =>
    profileOf(work, withoutTaken(work, compiled, late.get(compiled.key))),
  );
  const claims = new Claims<CompiledProfile>((profile) => strengthOf(work, profile));
  for (const profile of candidates) {
    // Who is leaving without having the user, or ever having had one, claims nothing.
    if (profile.deleting && (profile.memory.externalId === undefined || profile.knownId === undefined))
      continue;
    claims.add(profile, profile.userName.toLowerCase());
  }
  for (const { claimant, rival } of claims.settle().lost)
    work.refuse(claimant.ref, 'Conflict', declaresToo(rival, 'user name'), 'userName');
  for (const profile of candidates) {
    profiles.set(profile.key, compileProfile(work, profile));
  }
  return profiles;
}

/** What another resource is bound to is neither written nor, when this one goes, taken away. */
function withoutTaken(
  work: Compilation,
  compiled: Compiled<'UserProfile'>,
  rival: Compiled<'UserProfile'> | undefined,
): Compiled<'UserProfile'> {
  if (!rival) return compiled;
  const { knownId, ...rest } = compiled;
  work.refuse(
    compiled.ref,
    'Conflict',
    `the user ${knownId} belongs to ${formatReference(rival.ref)}; declare it once`,
  );
  return rest;
}

/** Who has the name now keeps it, then whose user is being made, then who has a user of another name. */
function strengthOf(work: Compilation, { memory, userName }: CompiledProfile): number {
  if (memory.externalId === undefined) return isBeingMade(memory) ? 2 : 0;
  return work.index.userIdsByName.get(userName.toLowerCase()) === memory.externalId ? 3 : 1;
}

function profileOf(work: Compilation, compiled: Compiled<'UserProfile'>): CompiledProfile {
  const { spec } = compiled.resource;
  const userName = spec.userName ?? observedLogin(work, compiled) ?? spec.email;
  return { ...compiled, userName, handle: `user/${compiled.key}` };
}

/** A login derived from the email is fixed at creation: a later change of the email does not rename the user. */
function observedLogin(work: Compilation, compiled: Compiled<'UserProfile'>): string | undefined {
  if (compiled.knownId === undefined) return undefined;
  const body = work.index.body('user', compiled.knownId);
  const found = body && read(body, ['basicInfo', 'userName']);
  return found?.present && typeof found.value === 'string' ? found.value : undefined;
}

function compileProfile(work: Compilation, profile: CompiledProfile): CompiledProfile {
  const { resource, ref, handle } = profile;
  const { spec } = resource;
  checkValues(work, profile);
  const siteId = work.resolve({ resource: ref, field: 'site' }, 'site', spec.site);
  const userId = bind(work, profile);
  const seenAt = userId === undefined ? undefined : work.index.siteOfUser(userId);
  if (seenAt !== undefined && siteId !== undefined && seenAt !== siteId) refuseMove(work, profile, seenAt);
  const actual = seenAt ?? siteId;
  const bound = boundProfile(profile, userId, actual);
  const handles = work.isRefused(profile.key) ? refused : bound.handles;
  work.declare(profile, { externalId: userId, handles });
  if (work.isRefused(profile.key)) return bound;
  if (profile.deleting) {
    remove(work, bound);
    return bound;
  }
  if (userId === undefined && siteId === undefined) return bound;
  work.begin(bound.user, ref);
  work.contribute(handle, ref, declareProfile(work, bound, siteId));
  declareAddress(work, bound);
  return bound;
}

function boundProfile(
  profile: CompiledProfile,
  userId: string | undefined,
  siteId: string | undefined,
): BoundProfile {
  const { handle, key } = profile;
  return {
    ...profile,
    ...(userId === undefined ? {} : { userId }),
    ...(siteId === undefined ? {} : { siteId }),
    handles: [handle, `invitation/${key}`, `profileSettings/${key}`],
    user: userOf(profile, userId),
  };
}

function userOf(
  profile: CompiledProfile,
  userId: string | undefined,
): Omit<DesiredObject, 'fields' | 'resources'> {
  const { handle, memory, userName } = profile;
  const isUnderWay = userId === undefined && isBeingMade(memory) && !memory.unclear;
  const message = 'The user is being created; nothing is sent twice';
  return {
    type: 'user',
    handle,
    presence: 'present',
    naturalKey: userName,
    after: [],
    waits: isUnderWay ? [{ reason: 'Creating', message }] : [],
    ...(userId === undefined ? {} : { id: userId }),
    ...(mayMove(profile) ? { replaceable: true } : {}),
  };
}

function moveOf({ resource: { spec } }: CompiledProfile) {
  return { change: 'MoveSite', to: spec.site.name ?? spec.site.id ?? '' } as const;
}

/** Somebody agreed to a move that is not over: the user is deleted by hand, as the status says, and made again. */
function mayMove(profile: CompiledProfile): boolean {
  return lackOfConsent(profile.consent, moveOf(profile), profile.memory.applied) === undefined;
}

/** The phone system can't move a user, and nothing here deletes one to make another: a person does that step. */
function refuseMove(work: Compilation, profile: CompiledProfile, seenAt: string): void {
  const { consent, memory, ref, resource } = profile;
  if (resource.metadata.deletionTimestamp !== undefined) return;
  const found = work.index.body('site', seenAt)?.name;
  const from = typeof found === 'string' ? found : seenAt;
  const needed = moveOf(profile);
  const { to } = needed;
  const lack = lackOfConsent(consent, needed, memory.applied);
  if (lack) {
    const message = `the user is at the site "${from}", and a move to "${to}" loses the user's id, voicemail, greetings and memberships; go back to "${from}", or: ${howToAgree(needed, lack)}`;
    work.omit(ref, 'site', 'ConsentRequired', message);
    return;
  }
  const message = `the phone system can't move a user from "${from}" to "${to}". Save what must not be lost, then delete the user in Admin Console under Users; it is made again at "${to}", with its extensions and numbers`;
  work.omit(ref, 'site', 'Unsupported', message);
}

function checkValues(work: Compilation, profile: CompiledProfile): void {
  const { spec } = profile.resource;
  const check = (field: string, rule: keyof typeof textRules, value: string | undefined, vital: boolean) => {
    if (value === undefined || (value === '' && !vital)) return;
    const wrong = checkText(rule, value);
    if (wrong) work.refuse(profile.ref, 'InvalidField', wrong, field);
  };
  check('firstName', 'firstName', spec.firstName, true);
  check('lastName', 'lastName', spec.lastName, true);
  check('email', 'email', spec.email, true);
  check('department', 'department', spec.department, false);
  check('jobTitle', 'jobTitle', spec.jobTitle, false);
  const wrongName = checkText('userName', profile.userName);
  const max = work.input.policy.userNameMaxLength;
  if (wrongName) {
    const derived = spec.userName === undefined ? ' (taken from spec.email; declare a spec.userName)' : '';
    work.refuse(profile.ref, 'InvalidField', `${wrongName}${derived}`, 'userName');
  } else if (profile.userName.length > max) {
    work.refuse(
      profile.ref,
      'InvalidField',
      `is longer than the ${max} characters that the PhoneSystem allows; declare a shorter one`,
      'userName',
    );
  }
  if (spec.locale !== undefined && spec.locale !== '' && !locales.has(spec.locale)) {
    work.refuse(
      profile.ref,
      'InvalidField',
      `"${spec.locale}" is none of ${[...locales].join(', ')}`,
      'locale',
    );
  }
}

/** Finds the user that this profile is: by memory or annotation, after an unclear create, or by adoption. */
function bind(work: Compilation, profile: CompiledProfile): string | undefined {
  if (profile.knownId !== undefined) return profile.knownId;
  const existing = work.index.userIdsByName.get(profile.userName.toLowerCase());
  if (existing === undefined || work.isRefused(profile.key)) return undefined;
  if (createdByUs(work, profile, existing)) return existing;
  if (profile.deleting) return undefined;
  const holder = work.boundTo('UserProfile', existing);
  if (holder !== undefined) {
    const what = `the user of this name (id ${existing})`;
    const message = heldBy(holder, what, 'give this one another spec.userName') + howToMove(holder);
    work.refuse(profile.ref, 'Conflict', message, 'userName');
    return undefined;
  }
  if (profile.resource.spec.adoptionPolicy === 'IfUnclaimed') return existing;
  // Its own create may have been lost on the way, and the clocks may differ by more than is allowed for.
  const clocks = isBeingMade(profile.memory)
    ? '. It was not made in the day after the create that was begun for this resource: should it come from that all the same, the clocks of operator and phone system differ by more than a minute'
    : '';
  work.refuse(
    profile.ref,
    'Conflict',
    `the phone system has a user of this name (id ${existing}) that this resource did not make; take it over with adoptionPolicy: IfUnclaimed${clocks}`,
    'userName',
  );
  return undefined;
}

function isBeingMade({ pending }: ResourceMemory): boolean {
  return pending?.intent === 'Create' && pending.objectType === 'user';
}

function createdByUs(work: Compilation, profile: CompiledProfile, userId: string): boolean {
  const { pending } = profile.memory;
  if (!pending || !isBeingMade(profile.memory)) return false;
  // The name was edited since: who has the new one is somebody else.
  if (pending.naturalKey.toLowerCase() !== profile.userName.toLowerCase()) return false;
  const body = work.index.body('user', userId);
  const created = body && read(body, ['basicInfo', 'createdTime']);
  if (!created?.present || typeof created.value !== 'string') return true;
  return mayComeFrom(Date.parse(created.value), Date.parse(pending.since));
}

/** What is left of a profile whose YAML is gone; does the least harm unless the policy asks for more. */
function remove(work: Compilation, profile: CompiledProfile): void {
  const { ref, userId, handle } = profile;
  const policy = profile.resource.spec.deletionPolicy ?? work.input.policy.deletionPolicy;
  if (userId === undefined || policy === 'Orphan') return;
  const users = work.dependents(profile.key);
  const [user] = users;
  if (user) {
    work.refuse(
      ref,
      'InUse',
      `${user.kind} ${user.metadata.name} still refers to it${users.length > 1 ? `, and ${users.length - 1} more` : ''}`,
    );
    return;
  }
  const presence = policy === 'Delete' ? 'absent' : 'present';
  work.begin(
    { type: 'user', handle, id: userId, presence, naturalKey: profile.userName, after: [], waits: [] },
    ref,
  );
  if (presence === 'absent') return;
  // Whether its people may log in is the directory's to say.
  if (isOwnedByDirectory(work.index.body('user', userId))) return;
  const writer = new FieldWriter(ref);
  writer.declare('status', ['basicInfo', 'status'], 'INACTIVE', { risk: 'interruptsService' });
  work.contribute(handle, ref, writer.fields);
}
