import type { SeenExtension } from './account-index.ts';
import type { Compiled } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';

/** An extension with its owner, its site and where it was seen, as far as they are known. */
export type CompiledExtension = Compiled<'Extension'> & {
  readonly profile?: CompiledProfile;
  readonly siteId?: string;
  readonly seen?: SeenExtension;
  readonly externalId?: string;
};
