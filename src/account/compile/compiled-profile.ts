import type { DesiredObject } from '../desired.ts';
import type { Compiled } from './compilation.ts';

/** A profile with its login, its user and its site, as far as they are known. */
export type CompiledProfile = Compiled<'UserProfile'> & {
  readonly userName: string;
  readonly handle: string;
  readonly userId?: string;
  readonly siteId?: string;
};

/** A profile of which it is known whether and where it has its user. */
export type BoundProfile = CompiledProfile & {
  /** Of all that it may contribute to. */
  readonly handles: readonly string[];
  readonly user: Omit<DesiredObject, 'fields' | 'resources'>;
};
