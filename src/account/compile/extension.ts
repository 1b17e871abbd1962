import { formatReference, resourceKey } from '../../resources/reference.ts';
import type { WirePath } from '../objects.ts';
import type { SeenExtension } from './account-index.ts';
import { Claims, declaresToo } from './claims.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import type { DeviceClaims } from './device-claims.ts';
import { declareExtensionFields, declareExtensionSettings } from './extension-fields.ts';
import { FieldWriter } from './field.ts';
import { lateClaims } from './identity.ts';
import type { LicenseSeats } from './license-seats.ts';
import type { NumberClaims } from './number-claims.ts';

/** Resolves every extension's owner, site and identity. Claims on numbers need all of them before any is compiled. */
export function bindExtensions(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
): readonly CompiledExtension[] {
  const found = work.all('Extension').map((compiled) => bindExtension(work, compiled, profiles));
  const late = lateClaims(found, ({ externalId }) => externalId);
  const extensions = found.map((extension) => {
    const rival = late.get(extension.key);
    return rival ? withoutIdentity(work, extension, rival) : extension;
  });
  const claims = new Claims<CompiledExtension>((extension, place) => strengthOf(extension, place));
  for (const extension of extensions) {
    if (extension.siteId === undefined || extension.deleting) continue;
    claims.add(extension, `${extension.siteId}/${extension.resource.spec.number}`);
  }
  for (const { claimant, rival } of claims.settle().lost)
    work.refuse(claimant.ref, 'Conflict', declaresToo(rival, 'extension of this site'), 'number');
  return extensions;
}

/** Who has the number at this site now keeps it, then whose extension is being made, then who has another. */
function strengthOf({ memory, seen }: CompiledExtension, place: string): number {
  if (seen && `${seen.siteId}/${seen.number}` === place) return 3;
  if (memory.pending?.intent === 'Create' || memory.pending?.intent === 'Update') return 2;
  return memory.externalId === undefined ? 0 : 1;
}

/** What another resource is bound to is neither written nor, when this one goes, taken away. */
function withoutIdentity(
  work: Compilation,
  extension: CompiledExtension,
  rival: CompiledExtension,
): CompiledExtension {
  const { knownId: _knownId, externalId, seen: _seen, ...rest } = extension;
  work.refuse(
    extension.ref,
    'Conflict',
    `the extension ${externalId} belongs to ${formatReference(rival.ref)}; declare it once`,
  );
  return rest;
}

function bindExtension(
  work: Compilation,
  compiled: Compiled<'Extension'>,
  profiles: ReadonlyMap<string, CompiledProfile>,
): CompiledExtension {
  const { spec } = compiled.resource;
  const profile = ownerOf(work, compiled, profiles);
  const siteId = siteOf(work, compiled, profile);
  const found = identify(work, compiled, siteId);
  const externalId = compiled.knownId ?? found?.id;
  const seen = externalId === undefined ? undefined : work.index.extensionsById.get(externalId);
  if (spec.userProfileRef === undefined && spec.site === undefined && !compiled.deleting) {
    work.refuse(compiled.ref, 'InvalidField', 'is required for an extension without a user profile', 'site');
  }
  return {
    ...compiled,
    ...(profile ? { profile } : {}),
    ...(siteId === undefined ? {} : { siteId }),
    ...(seen ? { seen } : {}),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

function ownerOf(
  work: Compilation,
  compiled: Compiled<'Extension'>,
  profiles: ReadonlyMap<string, CompiledProfile>,
): CompiledProfile | undefined {
  const name = compiled.resource.spec.userProfileRef?.name;
  if (name === undefined) return undefined;
  const profile = profiles.get(resourceKey({ kind: 'UserProfile', namespace: compiled.ref.namespace, name }));
  if (!profile && !compiled.deleting) {
    work.refuse(
      compiled.ref,
      'ReferenceNotFound',
      `there is no UserProfile ${name} in this namespace`,
      'userProfileRef',
    );
  }
  return profile;
}

function siteOf(
  work: Compilation,
  compiled: Compiled<'Extension'>,
  profile: CompiledProfile | undefined,
): string | undefined {
  const { site } = compiled.resource.spec;
  if (site === undefined) return profile?.siteId;
  const own = work.resolve({ resource: compiled.ref, field: 'site' }, 'site', site);
  if (own !== undefined && profile?.siteId !== undefined && own !== profile.siteId) {
    work.refuse(
      compiled.ref,
      'InvalidField',
      `is not the site of ${formatReference(profile.ref)}; take spec.site out or correct it`,
      'site',
    );
  }
  return own;
}

/** An extension that exists under this site and number, when it may be taken for this resource. */
function identify(
  work: Compilation,
  compiled: Compiled<'Extension'>,
  siteId: string | undefined,
): SeenExtension | undefined {
  if (compiled.knownId !== undefined || siteId === undefined || compiled.deleting) return undefined;
  const existing = work.index.extensionAt(siteId, compiled.resource.spec.number);
  if (!existing) return undefined;
  // Being added by a write of ours: to its user in an update, or in the create of either.
  const ours = compiled.memory.pending?.intent === 'Create' || compiled.memory.pending?.intent === 'Update';
  const claimed = work.boundTo(existing.id) !== undefined;
  if (ours || (compiled.resource.spec.adoptionPolicy === 'IfUnclaimed' && !claimed)) return existing;
  work.refuse(
    compiled.ref,
    'Conflict',
    `the site has an extension of this number (id ${existing.id}) that this resource did not make; take it over with adoptionPolicy: IfUnclaimed`,
    'number',
  );
  return undefined;
}

/** What all extensions draw on. */
export interface Shared {
  readonly seats: LicenseSeats;
  readonly claims: NumberClaims;
  readonly devices: DeviceClaims;
}

/** Compiles one extension: as a part of its user, or as an object of its own. */
export function compileExtension(work: Compilation, extension: CompiledExtension, shared: Shared): void {
  const own = `extension/${extension.key}`;
  const settings = `extensionSettings/${extension.key}`;
  const { profile, seen } = extension;
  const onUser = profile !== undefined && !profile.deleting;
  const handles = work.isRefused(extension.key)
    ? []
    : onUser
      ? [profile.handle, own, settings]
      : [own, settings];
  work.declare(extension, { externalId: extension.externalId, handles });
  if (work.isRefused(extension.key)) return;
  if (extension.deleting) {
    remove(work, extension, own);
    return;
  }
  if (profile && work.isRefused(profile.key)) {
    work.refuse(
      extension.ref,
      'WaitingForDependency',
      `${formatReference(profile.ref)} has a problem of its own`,
    );
    return;
  }
  if (profile?.deleting) {
    work.refuse(
      extension.ref,
      'ReferenceNotFound',
      `${formatReference(profile.ref)} is being deleted`,
      'userProfileRef',
    );
    return;
  }
  if (seen && seen.userId !== profile?.userId) {
    work.postpone(extension.key);
    move(work, extension, own);
    return;
  }
  if (profile) onUserProfile(work, extension, profile, shared);
  else onItsOwn(work, extension, own, shared);
  if (extension.externalId !== undefined && seen) declareExtensionSettings(work, extension, settings);
  else work.postpone(extension.key);
}

function onUserProfile(
  work: Compilation,
  extension: CompiledExtension,
  profile: CompiledProfile,
  { seats, claims, devices }: Shared,
): void {
  const { resource, ref } = extension;
  if (work.draft(profile.handle) === undefined) {
    work.refuse(ref, 'WaitingForDependency', `waits for ${formatReference(profile.ref)}`);
    return;
  }
  const selector = extension.seen
    ? { by: 'id', is: extension.seen.id }
    : { by: 'extensionNumber', is: resource.spec.number };
  const base: WirePath = ['serviceInfo', 'extensions', selector];
  const writer = new FieldWriter(ref, base);
  declareExtensionFields(work, extension, writer, claims, devices);
  const license = new FieldWriter(ref);
  seats.declare(work, extension, license, base);
  work.contribute(profile.handle, ref, [...writer.fields, ...license.fields]);
}

const noExtensionApi =
  'the endpoint has no API for extensions without a user; in Admin Console open Extensions, make or edit it there, and give it to a user profile to have it managed';

function onItsOwn(
  work: Compilation,
  extension: CompiledExtension,
  handle: string,
  { seats, claims, devices }: Shared,
): void {
  const { ref, siteId, externalId, resource } = extension;
  if (work.input.observed.collections.extension.state === 'unsupported') {
    work.refuse(ref, 'Unsupported', noExtensionApi);
    return;
  }
  if (siteId === undefined && externalId === undefined) return;
  work.begin(
    {
      type: 'extension',
      handle,
      presence: 'present',
      naturalKey: `${siteId ?? ''}/${resource.spec.number}`,
      after: [],
      waits: [],
      ...(externalId === undefined ? {} : { id: externalId }),
    },
    ref,
  );
  const writer = new FieldWriter(ref);
  writer.declare('site', ['site', 'id'], siteId, { createOnly: true });
  declareExtensionFields(work, extension, writer, claims, devices);
  seats.declare(work, extension, writer, []);
  work.contribute(handle, ref, writer.fields);
}

/** From a user to nobody, or from nobody to a user: from one user to another takes both steps. */
function move(work: Compilation, extension: CompiledExtension, handle: string): void {
  const { ref, seen, profile } = extension;
  if (!seen) return;
  if (work.input.observed.collections.extension.state === 'unsupported') {
    work.refuse(
      ref,
      'Unsupported',
      'the endpoint has no API that moves an extension to another user; move it in Admin Console under Extensions',
      'userProfileRef',
    );
    return;
  }
  const waits =
    profile && profile.userId === undefined
      ? [{ reason: 'WaitingForDependency' as const, message: `waits for ${formatReference(profile.ref)}` }]
      : [];
  work.begin(
    {
      type: 'extension',
      handle,
      id: seen.id,
      presence: 'present',
      naturalKey: `${extension.siteId ?? ''}/${seen.number}`,
      after: [],
      waits,
      seen: { ...seen.body, userId: seen.userId ?? null },
    },
    ref,
  );
  const writer = new FieldWriter(ref);
  const to = seen.userId === undefined ? (profile?.userId ?? null) : null;
  writer.declare('userProfileRef', ['userId'], to, { risk: 'interruptsService' });
  work.contribute(handle, ref, writer.fields);
}

/** The default leaves the extension as it is: taking away a phone is more than taking away a file. */
function remove(work: Compilation, extension: CompiledExtension, handle: string): void {
  const { ref, seen } = extension;
  const policy = extension.resource.spec.deletionPolicy ?? 'Orphan';
  if (policy === 'Orphan') return;
  if (!seen) {
    awaitReading(work, extension);
    return;
  }
  const writer = new FieldWriter(ref);
  if (policy === 'Unassign') {
    if (seen.userId === undefined) return;
    work.begin(
      {
        type: 'extension',
        handle,
        id: seen.id,
        presence: 'present',
        naturalKey: seen.number,
        after: [],
        waits: [],
        seen: { ...seen.body, userId: seen.userId },
      },
      ref,
    );
    writer.declare('userProfileRef', ['userId'], null, { risk: 'interruptsService' });
    work.contribute(handle, ref, writer.fields);
  } else if (seen.userId === undefined) {
    work.begin(
      {
        type: 'extension',
        handle,
        id: seen.id,
        presence: 'absent',
        naturalKey: seen.number,
        after: [],
        waits: [],
      },
      ref,
    );
  } else {
    dropFromUser(work, extension, seen, seen.userId);
  }
}

/** Not seen is gone only where everything that could show it was read. */
function awaitReading(work: Compilation, { ref, externalId }: CompiledExtension): void {
  if (externalId === undefined) return;
  const { user, extension } = work.input.observed.collections;
  const unread = [user, extension].find((collection) => collection.state === 'unknown');
  if (unread?.state === 'unknown')
    work.refuse(ref, 'NotRead', `whether it is still there is not known: ${unread.reason}`);
}

function dropFromUser(
  work: Compilation,
  extension: CompiledExtension,
  seen: SeenExtension,
  userId: string,
): void {
  const { ref } = extension;
  // One write a user, whoever else has something to say of it.
  const handle = work.handleOf('user', userId) ?? `user/of/${userId}`;
  if (!work.draft(handle)) {
    work.begin(
      { type: 'user', handle, id: userId, presence: 'present', naturalKey: userId, after: [], waits: [] },
      ref,
    );
  }
  const writer = new FieldWriter(ref);
  writer.declare('number', ['serviceInfo', 'extensions', { by: 'id', is: seen.id }], null, {
    absent: true,
    risk: 'losesData',
  });
  work.contribute(handle, ref, writer.fields);
  work.declare(extension, { externalId: extension.externalId, handles: [handle] });
}
