import type { Json } from '../../foundation/json.ts';
import { inviteAnnotation } from '../../resources/annotations.ts';
import { formatReference, resourceKey } from '../../resources/reference.ts';
import { read } from '../path.ts';
import { registeredAddress } from './address.ts';
import { checkText, locales, type textRules } from './checks.ts';
import type { Compilation, Compiled } from './compilation.ts';
import { FieldWriter } from './field.ts';

export type CompiledProfile = Compiled<'UserProfile'> & {
  readonly userName: string;
  readonly handle: string;
  readonly userId?: string;
  readonly siteId?: string;
};

/** Compiles all user profiles; what the other kinds need of them comes back by resource key. */
export function compileUserProfiles(work: Compilation): ReadonlyMap<string, CompiledProfile> {
  const profiles = new Map<string, CompiledProfile>();
  const claims = new Map<string, CompiledProfile>();
  const candidates = work.all('UserProfile').map((compiled) => profileOf(work, compiled));
  // Who is bound already keeps the user name; the others are in conflict with it.
  for (const profile of candidates.toSorted(
    (a, b) => Number(b.memory.externalId !== undefined) - Number(a.memory.externalId !== undefined),
  )) {
    // Who is leaving without ever having had the name claims nothing.
    if (profile.deleting && profile.memory.externalId === undefined) continue;
    const rival = claims.get(profile.userName.toLowerCase());
    if (rival) {
      work.refuse(
        profile.ref,
        'Conflict',
        `${formatReference(rival.ref)} declares the same user name`,
        'userName',
      );
    } else claims.set(profile.userName.toLowerCase(), profile);
  }
  for (const profile of candidates) {
    profiles.set(profile.key, compileProfile(work, profile));
  }
  return profiles;
}

function profileOf(work: Compilation, compiled: Compiled<'UserProfile'>): CompiledProfile {
  const { spec } = compiled.resource;
  const userName = spec.userName ?? observedLogin(work, compiled) ?? spec.email;
  return { ...compiled, userName, handle: `user/${compiled.key}` };
}

/** A login derived from the email is fixed at creation: a later change of the email does not rename the user. */
function observedLogin(work: Compilation, compiled: Compiled<'UserProfile'>): string | undefined {
  if (compiled.memory.externalId === undefined) return undefined;
  const body = work.index.body('user', compiled.memory.externalId);
  const found = body && read(body, ['basicInfo', 'userName']);
  return found?.present && typeof found.value === 'string' ? found.value : undefined;
}

function compileProfile(work: Compilation, profile: CompiledProfile): CompiledProfile {
  const { resource, ref, handle } = profile;
  const { spec } = resource;
  checkValues(work, profile);
  const siteId = work.resolve({ resource: ref, field: 'site' }, 'site', spec.site);
  const userId = bind(work, profile);
  const bound = {
    ...profile,
    ...(userId === undefined ? {} : { userId }),
    ...(siteId === undefined ? {} : { siteId }),
  };
  const handles = work.isRefused(profile.key)
    ? []
    : [handle, `invitation/${profile.key}`, `profileSettings/${profile.key}`];
  work.declare(profile, { externalId: userId, handles });
  if (work.isRefused(profile.key)) return bound;
  if (profile.deleting) {
    remove(work, bound);
    return bound;
  }
  if (userId === undefined && siteId === undefined) return bound;
  const waits =
    userId === undefined && profile.memory.pending?.intent === 'Create'
      ? [
          {
            reason: 'Creating' as const,
            message: 'The user is being created; nothing is sent twice',
          },
        ]
      : [];
  work.begin(
    {
      type: 'user',
      handle,
      presence: 'present',
      naturalKey: profile.userName,
      after: [],
      waits,
      ...(userId === undefined ? {} : { id: userId }),
    },
    ref,
  );
  const writer = declareProfile(work, bound, siteId);
  work.contribute(handle, ref, leaveToDirectory(work, bound, writer));
  declareAddress(work, bound);
  return bound;
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
  if (profile.resource.spec.adoptionPolicy === 'IfUnclaimed' && !claimed(work, existing)) return existing;
  work.refuse(
    profile.ref,
    'Conflict',
    `the phone system has a user of this name (id ${existing}) that this resource did not make; take it over with adoptionPolicy: IfUnclaimed`,
    'userName',
  );
  return undefined;
}

function createdByUs(work: Compilation, profile: CompiledProfile, userId: string): boolean {
  const pending = profile.memory.pending;
  if (pending?.intent !== 'Create') return false;
  const body = work.index.body('user', userId);
  const created = body && read(body, ['basicInfo', 'createdTime']);
  // Clocks differ: a user that is a minute older than the intent is still taken for ours.
  if (!created?.present || typeof created.value !== 'string') return true;
  return Date.parse(created.value) >= Date.parse(pending.since) - 60_000;
}

function claimed(work: Compilation, userId: string): boolean {
  return [...work.input.memory.values()].some((memory) => memory.externalId === userId);
}

function declareProfile(
  work: Compilation,
  profile: CompiledProfile,
  siteId: string | undefined,
): FieldWriter {
  const { spec } = profile.resource;
  const writer = new FieldWriter(profile.ref);
  writer.declare('userName', ['basicInfo', 'userName'], profile.userName, {
    comparison: 'caseless',
    risk: 'interruptsService',
  });
  writer.declare('firstName', ['basicInfo', 'firstName'], spec.firstName);
  writer.declare('lastName', ['basicInfo', 'lastName'], spec.lastName);
  writer.declare('email', ['basicInfo', 'primaryEmail'], spec.email, { comparison: 'caseless' });
  writer.declare('site', ['basicInfo', 'site', 'id'], siteId, { createOnly: true });
  writer.declare('status', ['basicInfo', 'status'], spec.status?.toUpperCase(), {
    risk: 'interruptsService',
  });
  writer.declare('locale', ['basicInfo', 'locale'], spec.locale);
  writer.declare('timezone', ['basicInfo', 'timezone'], spec.timezone);
  writer.declare('sso.provider', ['basicInfo', 'ssoProvider'], spec.sso?.provider);
  writer.declare('sso.federationId', ['basicInfo', 'ssoFederationId'], spec.sso?.federationId);
  writer.declare('jobTitle', ['directoryInfo', 'jobTitle'], spec.jobTitle);
  writer.declare('department', ['directoryInfo', 'department'], spec.department);
  writer.declare('directory.visible', ['directoryInfo', 'displayInDirectory'], spec.directory?.visible);
  writer.declare(
    'directory.scope',
    ['directoryInfo', 'directoryScope'],
    spec.directory?.scope?.toUpperCase(),
  );
  writer.declare(
    'personalPhoneNumbers',
    ['directoryInfo', 'personalPhoneNumbers'],
    personalNumbers(spec.personalPhoneNumbers),
    { comparison: 'set' },
  );
  writer.declare('profilePolicy', ['assignmentInfo', 'profilePolicy', 'name'], profilePolicy(work, profile));
  declareUserGroup(work, profile, writer);
  for (const license of spec.licenses ?? []) {
    const selector =
      license.id === undefined ? { by: 'name', is: license.name ?? '' } : { by: 'id', is: license.id };
    writer.declare(
      `licenses[${selector.is}]`,
      ['serviceInfo', 'licenses', selector, selector.by],
      selector.is,
    );
    writer.declare(
      `licenses[${selector.is}].country`,
      ['serviceInfo', 'licenses', selector, 'country'],
      license.country,
    );
  }
  return writer;
}

function personalNumbers(
  numbers: readonly { readonly number: string; readonly type: string }[] | undefined,
): Json | undefined {
  return numbers?.map(({ number, type }) => ({ number, type: type.toUpperCase() }));
}

function profilePolicy(work: Compilation, profile: CompiledProfile): string | undefined {
  const name = profile.resource.spec.profilePolicy;
  if (name === undefined || name === '' || !work.index.isRead('profilePolicy')) return name;
  const id = work.resolve({ resource: profile.ref, field: 'profilePolicy' }, 'profilePolicy', { name });
  return id === undefined ? undefined : name;
}

/** A user is in one group at most: with several, an arbitrary one wins and the account never settles. */
function declareUserGroup(work: Compilation, profile: CompiledProfile, writer: FieldWriter): void {
  const group = profile.resource.spec.userGroup;
  if (group === undefined) return;
  const path = ['assignmentInfo', 'userGroups'];
  if (group.name === '') {
    writer.declare('userGroup', path, []);
  } else if (group.id === undefined && !work.index.isRead('userGroup')) {
    writer.declare('userGroup', path, [{ name: group.name ?? '' }], { comparison: 'names' });
  } else {
    const id = work.resolve({ resource: profile.ref, field: 'userGroup' }, 'userGroup', group);
    if (id !== undefined) writer.declare('userGroup', path, [{ id }], { comparison: 'ids' });
  }
}

/** What a SCIM directory owns of a user; writing it would start a fight that the directory wins. */
const directoryFields = new Set([
  'userName',
  'firstName',
  'lastName',
  'email',
  'status',
  'jobTitle',
  'department',
]);

function leaveToDirectory(work: Compilation, profile: CompiledProfile, writer: FieldWriter) {
  const body = profile.userId === undefined ? undefined : work.index.body('user', profile.userId);
  const owner = body && read(body, ['basicInfo', 'scimProvider']);
  if (!owner?.present || owner.value === null || owner.value === '') return writer.fields;
  const left = writer.fields.filter((field) => directoryFields.has(field.owners[0].field));
  work.leftAlone.set(profile.key, left.map((field) => field.owners[0].field).sort());
  return writer.fields.filter((field) => !directoryFields.has(field.owners[0].field));
}

function declareAddress(work: Compilation, profile: CompiledProfile): void {
  const { address } = profile.resource.spec;
  if (address === undefined) return;
  const state = work.input.observed.collections.profileSettings;
  if (state.state === 'unsupported') {
    work.omit(
      profile.ref,
      'address',
      'Unsupported',
      'the endpoint has no API for personal addresses; set it in Admin Console under the user, Address',
    );
    return;
  }
  const handle = `profileSettings/${profile.key}`;
  const { userId } = profile;
  work.begin(
    {
      type: 'profileSettings',
      handle,
      presence: 'present',
      naturalKey: userId ?? '',
      after: [profile.handle],
      waits: [],
      ...(userId === undefined ? {} : { id: userId }),
    },
    profile.ref,
  );
  const writer = new FieldWriter(profile.ref);
  if (address.id !== undefined) writer.declare('address', ['address', 'id'], address.id);
  else if (address.civic)
    registeredAddress(writer, 'address', ['address', 'id'], address.civic, profile.memory);
  work.contribute(handle, profile.ref, writer.fields);
}

/** What is left of a profile whose YAML is gone; does the least harm unless the policy asks for more. */
function remove(work: Compilation, profile: CompiledProfile): void {
  const { ref, userId, handle } = profile;
  const policy = profile.resource.spec.deletionPolicy ?? work.input.policy.deletionPolicy;
  if (userId === undefined || policy === 'Orphan') return;
  const users = work.input.resources.filter(
    (other) =>
      (other.kind === 'Extension' || other.kind === 'PrivilegeGrant') &&
      other.metadata.deletionTimestamp === undefined &&
      other.spec.userProfileRef?.name === ref.name,
  );
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
  const writer = new FieldWriter(ref);
  writer.declare('status', ['basicInfo', 'status'], 'INACTIVE', { risk: 'interruptsService' });
  work.contribute(handle, ref, writer.fields);
}

/** The first thing that needs a login has an invitation go out, once; an annotation asks for another. */
export function compileInvitations(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
  needsLogin: ReadonlySet<string>,
): void {
  if (!work.index.isRead('invitation')) return;
  const collection = work.input.observed.collections.invitation;
  if (collection.state !== 'read') return;
  const invitedUsers = new Set<string>();
  let lastHour = 0;
  for (const { body } of collection.objects.values()) {
    if (typeof body.userId === 'string') invitedUsers.add(body.userId);
    if (typeof body.sentTime === 'string' && Date.parse(body.sentTime) > work.input.now - 3_600_000)
      lastHour++;
  }
  for (const profile of profiles.values()) {
    if (work.isRefused(profile.key) || profile.deleting) continue;
    const { resource, userId, memory } = profile;
    const token = resource.metadata.annotations?.[inviteAnnotation];
    const again = token !== undefined && memory.handled.invite !== token;
    // Adopting a company must mail nobody: only a user that this resource made is invited by itself.
    const send = resource.spec.invitation ?? (memory.handled.created === 'true' ? 'Send' : 'Hold');
    const first =
      send === 'Send' &&
      needsLogin.has(resourceKey(profile.ref)) &&
      (userId === undefined || !invitedUsers.has(userId)) &&
      memory.handled.invited === undefined;
    if (!again && !first) continue;
    const over = lastHour >= work.input.policy.invitationsPerHour;
    lastHour++;
    const handle = `invitation/${profile.key}`;
    const waits = over
      ? [
          {
            reason: 'WaitingForBudget' as const,
            message: `The ${work.input.policy.invitationsPerHour} invitations an hour are used up`,
          },
        ]
      : [];
    work.begin(
      {
        type: 'invitation',
        handle,
        presence: 'present',
        naturalKey: userId ?? '',
        after: [profile.handle],
        waits,
      },
      profile.ref,
    );
    const writer = new FieldWriter(profile.ref);
    writer.declare(again ? `invitation#${token}` : 'invitation', ['userId'], userId ?? null, {
      createOnly: true,
    });
    work.contribute(handle, profile.ref, writer.fields);
  }
}
