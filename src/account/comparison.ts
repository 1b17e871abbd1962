import type { ReasonName } from '../resources/conditions.ts';
import type { DesiredAccount, DesiredField, DesiredObject } from './desired.ts';
import type { Memory } from './memory.ts';
import type { ObservedAccount, ObservedObject } from './objects.ts';
import type { FieldChange } from './plan.ts';
import type { RemovalAllowance } from './removal-guard.ts';

export interface DiffInput {
  readonly desired: DesiredAccount;
  readonly observed: ObservedAccount;
  readonly memory: Memory;
  /** What happens to differences that the account made: `Correct` writes them back, `Report` only says so. */
  readonly driftPolicy: 'Correct' | 'Report';
  readonly removals: RemovalAllowance;
  /** How many resources there are, where `desired` is of some of them. */
  readonly managed?: number;
}

/** What comparing one object found, before it is cut into changes. */
export interface Comparisons {
  readonly object: DesiredObject;
  readonly differing: readonly FieldChange[];
  readonly equal: readonly DesiredField[];
  /** The object as it was seen; absent when it was not. */
  readonly observed?: ObservedObject;
  /** False when a declared path is not shown by the row that we have. */
  readonly known: boolean;
  /** Why the object can't be judged at all. */
  readonly unreadable?: { readonly reason: ReasonName; readonly message: string };
}
