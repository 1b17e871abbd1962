import { formatReference, resourceKey } from '../../resources/reference.ts';
import type { ResourceMemory } from '../memory.ts';
import type { SeenExtension } from './account-index.ts';
import { Claims, declaresToo } from './claims.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { heldBy, howToMove, lateClaims } from './identity.ts';
import { whyMissing } from './resolve-reference.ts';

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
  if (isBeingMade(memory)) return 2;
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
    const { message, reason } = whyMissing(work.input, 'UserProfile', { ...compiled.ref, name });
    work.refuse(compiled.ref, reason, message, 'userProfileRef');
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
  const holder = work.boundTo('Extension', existing.id);
  const adopts = compiled.resource.spec.adoptionPolicy === 'IfUnclaimed' && holder === undefined;
  if (isMadeByUs(work, compiled, existing) || adopts) return existing;
  const message =
    holder === undefined
      ? `the site has an extension of this number (id ${existing.id}) that this resource did not make; take it over with adoptionPolicy: IfUnclaimed`
      : heldBy(
          holder,
          `the extension of this number (id ${existing.id})`,
          'give this one another spec.number',
        ) + howToMove(holder);
  work.refuse(compiled.ref, 'Conflict', message, 'number');
  return undefined;
}

/** Being added by a write of ours: to its user in an update, or in the create of either. */
function isBeingMade({ pending }: ResourceMemory): boolean {
  if (pending?.intent !== 'Create' && pending?.intent !== 'Update') return false;
  return pending.objectType === 'user' || pending.objectType === 'extension';
}

/** What shows under the number is of our write only where that write was to put it: another's may have the number. */
function isMadeByUs(work: Compilation, { memory }: Compiled<'Extension'>, existing: SeenExtension): boolean {
  const { pending } = memory;
  if (!pending || !isBeingMade(memory)) return false;
  if (pending.objectType === 'extension') {
    return pending.objectId === existing.id || pending.naturalKey === `${existing.siteId}/${existing.number}`;
  }
  if (existing.userId === undefined) return false;
  if (pending.objectId !== undefined) return pending.objectId === existing.userId;
  return work.index.userIdsByName.get(pending.naturalKey.toLowerCase()) === existing.userId;
}
