import type { AccountPolicy, Unreadable } from '../account/compile/input.ts';
import type { DesiredAccount, SecretKeyRef } from '../account/desired.ts';
import type { Memory } from '../account/memory.ts';
import type { ObjectType } from '../account/objects.ts';
import type { Plan } from '../account/plan.ts';
import type { RemovalAllowance } from '../account/removal-guard.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import type { AccountResource } from '../resources/kinds.ts';
import type { ExecutionHost } from './host.ts';

/** The account's surroundings: the cluster, or files. */
export interface LoopHost extends ExecutionHost {
  resources(): readonly AccountResource[];
  memory(): Memory;
  /** What is declared besides and can't be read; absent where there can be no such thing. */
  unreadable?(): Unreadable;
  policy(): AccountPolicy;
  driftPolicy(): 'Correct' | 'Report';
  removals(): RemovalAllowance;
  secretRevision(secret: SecretKeyRef): string | null | undefined;
  /** Keys of resources that a person has just edited: their changes overtake all others. */
  urgent(): ReadonlySet<string>;
  /**
   * What was read, before it is taken over. Throws when nothing shall come of it: the account is another's, or
   * all of it was out of reach.
   */
  verify?(
    found: { readonly offer: Offer } | { readonly snapshot: Snapshot; readonly types: number },
    signal: AbortSignal,
  ): void | Promise<void>;
  /** A round was made: what the plan says of each resource is to be shown. */
  planned(plan: Plan, desired: DesiredAccount, durationMs: number): void;
  /** The part of the plan that shall be carried out; where absent, all of it. */
  chosen?(plan: Plan): Plan;
  /** A reading of the account ended: with what it showed, or with why nothing could be read. */
  synced(result: { readonly snapshot: Snapshot } | { readonly error: unknown }): void;
  /** One object could not be read by itself; it is tried again. That says nothing of the account. */
  unread(object: { readonly type: ObjectType; readonly id: string }, error: unknown): void;
  /** Objects that the audit trail says were changed: a cheap reading looks at them too. */
  suspects(): Promise<readonly { readonly type: ObjectType; readonly id: string }[]>;
}
