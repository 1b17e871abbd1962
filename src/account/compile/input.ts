import type { AccountResource } from '../../resources/kinds.ts';
import type { SecretKeyRef } from '../desired.ts';
import type { Memory } from '../memory.ts';
import type { ObservedAccount } from '../objects.ts';

/** What a PhoneSystem says about all of its resources. */
export interface AccountPolicy {
  readonly paused: boolean;
  /** Of a UserProfile that names none; an Extension's own default is Orphan. */
  readonly deletionPolicy: 'Deactivate' | 'Delete' | 'Orphan';
  /** The longest user name, where it is less than the published 70. */
  readonly userNameMaxLength: number;
  readonly invitationsPerHour: number;
  readonly privilegeCap?: {
    readonly sections?: readonly { readonly name: string; readonly privileges: readonly string[] }[];
    readonly pbxes?: readonly string[];
  };
}

export const defaultPolicy: AccountPolicy = {
  paused: false,
  deletionPolicy: 'Deactivate',
  userNameMaxLength: 70,
  invitationsPerHour: 50,
};

/** What stands in files and can't be read is unknown, not missing. */
export interface Unreadable {
  /** Keys of resources that have a fault of their own. */
  readonly faulty: ReadonlySet<string>;
  /** False when not even the keys are known of all that could not be read. */
  readonly complete: boolean;
}

export interface CompileInput {
  /** All resources of one PhoneSystem, in any order. */
  readonly resources: readonly AccountResource[];
  readonly policy: AccountPolicy;
  readonly observed: ObservedAccount;
  readonly memory: Memory;
  /** What the files declare besides and can't be read. In a cluster there is no such thing. */
  readonly unreadable?: Unreadable;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * A mark that changes when the content behind a Secret's key does; undefined when there is none, null while
   * nobody has looked.
   */
  readonly secretRevision: (secret: SecretKeyRef) => string | null | undefined;
}
