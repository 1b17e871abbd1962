import type { Declaration, DesiredObject, InvitationNeed } from '../desired.ts';
import type { NeededRead, Outcome } from '../plan.ts';

/** All that was made of one resource. */
export interface AtRest {
  readonly declaration: Declaration;
  readonly outcome: Outcome;
  /** Those that stand or fall with it. */
  readonly objects: readonly DesiredObject[];
  readonly reads: readonly NeededRead[];
  readonly leftAlone?: readonly string[];
  readonly invitation?: InvitationNeed;
}
