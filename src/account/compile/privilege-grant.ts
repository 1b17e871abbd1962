import type { JsonObject } from '../../foundation/json.ts';
import { formatReference, resourceKey } from '../../resources/reference.ts';
import type { DesiredField, Owner } from '../desired.ts';
import { digest } from '../digest.ts';
import { read } from '../path.ts';
import { valueDigest } from '../value-digest.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { checkCap, checkNames } from './privilege-checks.ts';
import { overPbxes, type Sections, scopesOf } from './privilege-sections.ts';

type Grant = Compiled<'PrivilegeGrant'>;

/** True from the moment that `spec.expiresAt` names. */
export function isExpired(grant: Grant, now: number): boolean {
  const { expiresAt } = grant.resource.spec;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/**
 * Compiles all grants. One person's unexpired grants together are the whole truth for each PBX and section that
 * any of their grants names; what none names is left alone.
 * @returns keys of user profiles that hold privileges, and so need a login
 */
export function compilePrivilegeGrants(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
): ReadonlySet<string> {
  const grants = work.all('PrivilegeGrant');
  const byKey = new Map(grants.map((grant) => [grant.key, grant]));
  const byPerson = new Map<string, { profile: Person; shares: Share[] }>();
  for (const grant of grants) {
    const name = grant.resource.spec.userProfileRef.name;
    const ref = { kind: 'UserProfile', namespace: grant.ref.namespace, name } as const;
    const profile = profiles.get(resourceKey(ref)) ?? formerPerson(work, grant, profiles);
    const share = compileGrant(work, grant, profile, byKey);
    work.declare(grant, {
      externalId: profile?.userId ?? grant.memory.externalId,
      handles: share && profile ? [handleOf(profile)] : [],
    });
    if (!share || !profile) continue;
    const person = byPerson.get(profile.key) ?? { profile, shares: [] };
    person.shares.push(share);
    byPerson.set(profile.key, person);
  }
  for (const { profile, shares } of byPerson.values()) grantTo(work, profile, shares);
  return new Set(
    [...byPerson].filter(([, { shares }]) => shares.some((share) => share.active)).map(([key]) => key),
  );
}

/** Who holds privileges. */
type Person = Pick<CompiledProfile, 'key' | 'ref' | 'handle' | 'userId'>;

/** Access that ends is taken away although the profile that it was given to is gone already. */
function formerPerson(
  work: Compilation,
  grant: Grant,
  profiles: ReadonlyMap<string, CompiledProfile>,
): Person | undefined {
  const userId = grant.memory.externalId;
  if (userId === undefined || !(grant.deleting || isExpired(grant, work.input.now))) return undefined;
  const successor = [...profiles.values()].find((profile) => profile.userId === userId);
  return successor ?? { key: `former/${userId}`, ref: grant.ref, handle: `user/former/${userId}`, userId };
}

interface Share {
  readonly grant: Grant;
  readonly sections: Sections;
  /** Expired and deleted grants name what they no longer give. */
  readonly active: boolean;
}

function handleOf(profile: Person): string {
  return `administrator/${profile.key}`;
}

function compileGrant(
  work: Compilation,
  grant: Grant,
  profile: Person | undefined,
  byKey: ReadonlyMap<string, Grant>,
): Share | undefined {
  const { ref, deleting } = grant;
  const { expiresAt } = grant.resource.spec;
  // The API server's date-time takes more than a date: an end that nobody can tell is none.
  if (expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt))) {
    work.refuse(
      ref,
      'InvalidField',
      `"${expiresAt}" is not a time such as 2030-01-31T17:00:00Z`,
      'expiresAt',
    );
    if (!deleting) return undefined;
  }
  const name = grant.resource.spec.userProfileRef.name;
  const state = work.input.observed.collections.administrator;
  if (state.state === 'unsupported') {
    if (!deleting)
      work.refuse(
        ref,
        'Unsupported',
        'the endpoint has no API for privileges; in Admin Console open Privileges and Administrators and grant them there',
      );
    return undefined;
  }
  if (!profile) {
    if (!deleting)
      work.refuse(
        ref,
        'ReferenceNotFound',
        `there is no UserProfile ${name} in this namespace; make it first`,
        'userProfileRef',
      );
    return undefined;
  }
  if (work.isRefused(profile.key) && !deleting && profile.userId === undefined) {
    work.refuse(ref, 'WaitingForDependency', `${formatReference(profile.ref)} has a problem of its own`);
    return undefined;
  }
  const administrator =
    profile.userId === undefined ? undefined : work.index.body('administrator', profile.userId);
  if (administrator?.primary === true) {
    if (!deleting)
      work.refuse(
        ref,
        'PrimaryAdministrator',
        `${formatReference(profile.ref)} is the primary administrator, whose privileges no grant changes`,
      );
    return undefined;
  }
  const sections = sectionsOf(work, grant, { byKey, userId: profile.userId }, []);
  if (!sections) return undefined;
  const active = !deleting && !isExpired(grant, work.input.now);
  // Who goes takes back what it gave, and nothing that it never was allowed to give.
  if (deleting) return { grant, sections: sections.filter((place) => wasGiven(grant, place)), active };
  if (active && !checkNames(work, grant, sections)) return undefined;
  if (active && !checkCap(work, grant, sections)) return undefined;
  return { grant, sections: active ? [...sections, ...lost(grant, sections)] : sections, active };
}

function wasGiven({ memory }: Grant, { section, pbx }: Sections[number]): boolean {
  return memory.applied[placeName(section, pbx)] !== undefined;
}

function placeName(section: string, pbx: string): string {
  return `sections[${section}@${pbx}]`;
}

/** A copy follows its source: what that no longer has is taken away, once. */
function lost(grant: Grant, sections: Sections): Sections {
  if (!grant.resource.spec.copyFrom) return [];
  const named = new Set(sections.map(({ section, pbx }) => placeName(section, pbx)));
  const none = digest(null);
  return rememberedSections(grant).filter(({ section, pbx }) => {
    const name = placeName(section, pbx);
    return !named.has(name) && grant.memory.applied[name] !== none;
  });
}

/** Where a copy may come from, and for whom it is. */
interface CopyTo {
  readonly byKey: ReadonlyMap<string, Grant>;
  readonly userId: string | undefined;
}

function sectionsOf(
  work: Compilation,
  grant: Grant,
  to: CopyTo,
  trail: readonly string[],
): Sections | undefined {
  const { spec } = grant.resource;
  const pbxes = spec.pbxes ?? ['*'];
  if (spec.sections) {
    return pbxes.flatMap((pbx) =>
      (spec.sections ?? []).map(({ name, privileges }) => ({ pbx, section: name, privileges })),
    );
  }
  if (grant.deleting || isExpired(grant, work.input.now)) return rememberedSections(grant);
  const { privilegeGrantRef, administrator } = spec.copyFrom ?? {};
  if (privilegeGrantRef) return copyGrant(work, grant, privilegeGrantRef.name, to, trail);
  if (administrator) return copyAdministrator(work, grant, administrator.userName, to.userId);
  return [];
}

/** A copy whose source may be gone is revoked by what it once gave. */
function rememberedSections(grant: Grant): Sections {
  return Object.keys(grant.memory.applied).flatMap((field) => {
    const match = /^sections\[(.+)@(.+)\]$/.exec(field);
    return match?.[1] && match[2] ? [{ section: match[1], pbx: match[2], privileges: [] }] : [];
  });
}

function copyGrant(
  work: Compilation,
  grant: Grant,
  name: string,
  to: CopyTo,
  trail: readonly string[],
): Sections | undefined {
  const field = 'copyFrom.privilegeGrantRef';
  const source = to.byKey.get(resourceKey({ ...grant.ref, name }));
  if (!source || source.deleting) {
    work.refuse(
      grant.ref,
      'ReferenceNotFound',
      `there is no PrivilegeGrant ${name} in this namespace`,
      field,
    );
    return undefined;
  }
  if (source.key === grant.key || trail.includes(source.key)) {
    work.refuse(
      grant.ref,
      'ReferenceCycle',
      `the grants copy from each other: ${[...trail, grant.key, source.key].join(' → ')}`,
      field,
    );
    return undefined;
  }
  if (isExpired(source, work.input.now)) {
    work.refuse(grant.ref, 'SourceExpired', `PrivilegeGrant ${name} has expired`, field);
    return undefined;
  }
  const sections = sectionsOf(work, source, to, [...trail, grant.key]);
  if (sections) return grant.resource.spec.pbxes ? overPbxes(sections, grant.resource.spec.pbxes) : sections;
  // The source's problem was recorded for the source; the copy needs its own.
  const problem = work.problemsOf(source.key).at(-1);
  work.refuse(
    grant.ref,
    problem?.reason ?? 'ReferenceNotFound',
    `PrivilegeGrant ${name} can't be copied: ${problem?.message ?? ''}`,
    field,
  );
  return undefined;
}

function copyAdministrator(
  work: Compilation,
  grant: Grant,
  userName: string,
  userId: string | undefined,
): Sections | undefined {
  const field = 'copyFrom.administrator';
  const state = work.input.observed.collections.administrator;
  if (state.state !== 'read') {
    work.refuse(grant.ref, 'NotRead', `the administrators are not known: ${state.reason}`, field);
    return undefined;
  }
  const id = work.index.userIdsByName.get(userName.toLowerCase());
  if (id !== undefined && id === userId) {
    // What a person has would keep itself alive: after the end of the grant that gave it, too.
    work.refuse(grant.ref, 'ReferenceCycle', `"${userName}" is the one who gets the copy`, field);
    return undefined;
  }
  const body = id === undefined ? undefined : work.index.body('administrator', id);
  if (!body) {
    const hint = work.index.nearUser(userName);
    work.refuse(
      grant.ref,
      'ReferenceNotFound',
      `the account has no administrator "${userName}"${hint ? `; ${hint}` : ''}`,
      field,
    );
    return undefined;
  }
  const sections = scopesOf(body);
  if (!sections) {
    if (id !== undefined) work.need('administrator', id);
    work.refuse(grant.ref, 'NotRead', `the privileges of "${userName}" are not shown by the list`, field);
    return undefined;
  }
  return grant.resource.spec.pbxes ? overPbxes(sections, grant.resource.spec.pbxes) : sections;
}

function grantTo(work: Compilation, profile: Person, shares: readonly Share[]): void {
  const [first] = shares;
  if (!first) return;
  const handle = handleOf(profile);
  const existing =
    profile.userId === undefined ? undefined : work.index.body('administrator', profile.userId);
  const active = shares.some((share) => share.active);
  const { userId } = profile;
  const missing = !existing && !active;
  if (missing) {
    const given = shares.some(({ grant }) => Object.keys(grant.memory.applied).length > 0);
    const isGone = userId === undefined || work.input.observed.gone.has(`administrator/${userId}`);
    // Nothing was ever given, or it surely is gone: there is no administrator to speak of.
    if (!given || isGone) return;
    const state = work.input.observed.collections.administrator;
    if (state.state !== 'read') {
      for (const { grant } of shares)
        work.refuse(grant.ref, 'NotRead', `whether its privileges are gone is not known: ${state.reason}`);
      return;
    }
  }
  const places = new Map<
    string,
    { pbx: string; section: string; owners: Owner[]; privileges: Set<string> }
  >();
  for (const { grant, sections, active: gives } of shares) {
    for (const { pbx, section, privileges } of sections) {
      const field = placeName(section, pbx);
      const place = places.get(field) ?? { pbx, section, owners: [], privileges: new Set<string>() };
      if (gives) for (const privilege of privileges) place.privileges.add(privilege);
      place.owners.push({ resource: grant.ref, field });
      places.set(field, place);
    }
  }
  const fields = [...places.values()].flatMap((place): DesiredField[] => {
    const [owner, ...others] = place.owners;
    if (!owner) return [];
    const field: DesiredField = {
      path: [
        'scopes',
        { by: 'pbxName', is: place.pbx },
        'sections',
        { by: 'name', is: place.section },
        'privileges',
      ],
      value: [...place.privileges].sort(),
      comparison: 'set',
      owners: [owner, ...others],
      risk: 'safe',
      ...takeOver(owner, place, existing, shares),
    };
    return [field];
  });
  work.begin(
    {
      type: 'administrator',
      handle,
      presence: 'present',
      naturalKey: profile.userId ?? '',
      after: userId === undefined ? [profile.handle] : [],
      waits: [],
      // Missing from the list is not gone: with its id it is asked for by itself, before its grant may go and
      // before rights that were in effect are taken for new ones.
      ...((existing || missing || isInEffect(fields, shares)) && userId !== undefined ? { id: userId } : {}),
    },
    first.grant.ref,
  );
  for (const field of fields) {
    const [owner] = field.owners;
    for (const { resource } of field.owners)
      work.contribute(handle, resource, resource === owner.resource ? [field] : []);
  }
}

/** Was any of it applied as it is declared now? */
function isInEffect(fields: readonly DesiredField[], shares: readonly Share[]): boolean {
  const applied = shares.filter(({ active }) => active).map(({ grant }) => grant.memory.applied);
  return fields.some(
    (field) =>
      Array.isArray(field.value) &&
      field.value.length > 0 &&
      applied.some((digests) => digests[field.owners[0].field] === valueDigest(field)),
  );
}

/** Rights that somebody gave by hand are not overwritten without a word. */
function takeOver(
  owner: Owner,
  place: { readonly pbx: string; readonly section: string },
  existing: JsonObject | undefined,
  shares: readonly Share[],
): Pick<DesiredField, 'consent'> {
  const known = shares.some((share) => share.grant.memory.applied[owner.field] !== undefined);
  const adopts = shares.some((share) => share.grant.resource.spec.adoptionPolicy === 'IfUnclaimed');
  if (!existing || known || adopts) return {};
  const found = read(existing, [
    'scopes',
    { by: 'pbxName', is: place.pbx },
    'sections',
    { by: 'name', is: place.section },
    'privileges',
  ]);
  const taken = found.present && Array.isArray(found.value) && found.value.length > 0;
  return taken ? { consent: { change: 'TakeOverPrivileges', to: `${place.section}@${place.pbx}` } } : {};
}
