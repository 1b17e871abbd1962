import type { Compiled } from './compilation.ts';

/** A profile with its login, its user and its site, as far as they are known. */
export type CompiledProfile = Compiled<'UserProfile'> & {
  readonly userName: string;
  readonly handle: string;
  readonly userId?: string;
  readonly siteId?: string;
};
