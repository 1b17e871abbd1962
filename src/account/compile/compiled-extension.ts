import type { SeenExtension } from './account-index.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';

/** An extension with its owner, its site and where it was seen, as far as they are known. */
export type CompiledExtension = Compiled<'Extension'> & {
  readonly profile?: CompiledProfile;
  readonly siteId?: string;
  readonly seen?: SeenExtension;
  readonly externalId?: string;
};

/** It was not seen, and the list that would show it could not be read: it is neither compared nor written. */
export function isUnread(work: Compilation, { profile, seen }: CompiledExtension): boolean {
  return seen === undefined && work.index.isUnknown(profile ? 'user' : 'extension');
}
