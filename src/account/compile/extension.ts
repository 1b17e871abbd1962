import { formatReference } from '../../resources/reference.ts';
import type { WirePath } from '../objects.ts';
import type { SeenExtension } from './account-index.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { declareExtensionFields, declareExtensionSettings } from './extension-fields.ts';
import type { ExtensionPools } from './extension-pools.ts';
import { FieldWriter } from './field.ts';

/** The handles of what an extension may be. */
interface Handles {
  readonly own: string;
  readonly settings: string;
  readonly alone: readonly string[];
  /** With the user that it is a part of. */
  readonly onUser: readonly string[];
}

const refused: readonly string[] = [];

function handlesOf({ key, profile }: CompiledExtension): Handles {
  const [own, settings] = [`extension/${key}`, `extensionSettings/${key}`];
  const alone = [own, settings];
  return { own, settings, alone, onUser: profile ? [profile.handle, ...alone] : alone };
}

/** Compiles one extension: as a part of its user, or as an object of its own. */
export function compileExtension(
  work: Compilation,
  extension: CompiledExtension,
  pools: ExtensionPools,
): void {
  const { alone, onUser, own, settings } = handlesOf(extension);
  const { profile, seen } = extension;
  const isOnUser = profile !== undefined && !profile.deleting;
  const handles = work.isRefused(extension.key) ? refused : isOnUser ? onUser : alone;
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
  if (profile) onUserProfile(work, extension, profile, pools);
  else onItsOwn(work, extension, own, pools);
  if (extension.externalId !== undefined && seen) declareExtensionSettings(work, extension, settings);
  else work.postpone(extension.key);
}

function onUserProfile(
  work: Compilation,
  extension: CompiledExtension,
  profile: CompiledProfile,
  pools: ExtensionPools,
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
  declareExtensionFields(work, extension, writer, pools);
  const license = new FieldWriter(ref);
  pools.seats.declare(work, extension, license, base);
  work.contribute(profile.handle, ref, writer.fields.concat(license.fields));
}

const noExtensionApi =
  'the endpoint has no API for extensions without a user; in Admin Console open Extensions, make or edit it there, and give it to a user profile to have it managed';

function onItsOwn(
  work: Compilation,
  extension: CompiledExtension,
  handle: string,
  pools: ExtensionPools,
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
  declareExtensionFields(work, extension, writer, pools);
  pools.seats.declare(work, extension, writer, []);
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
  if (profile?.siteId !== undefined && seen.siteId !== undefined && seen.siteId !== profile.siteId) {
    const name = work.index.body('site', seen.siteId)?.name;
    work.refuse(
      ref,
      'InvalidField',
      `the extension is at the site "${typeof name === 'string' ? name : seen.siteId}", and ${formatReference(profile.ref)} at another: the phone system can't move it there; name somebody of its site, or delete the extension and make another`,
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
  const isHalfWay = profile !== undefined && to === null;
  writer.declare('userProfileRef', ['userId'], to, {
    risk: 'interruptsService',
    ...(isHalfWay ? { afterwards: `given to ${formatReference(profile.ref)}` } : {}),
  });
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
