import { resourceKey } from '../resources/reference.ts';
import type { DesiredAccount } from './desired.ts';
import { digest } from './digest.ts';
import type { Change } from './plan.ts';

export interface RemovalAllowance {
  /** At most this many removals an hour, or this share of what is managed, whichever is more. */
  readonly maxCount: number;
  readonly maxPercent: number;
  /** Removals made within the last hour; survives restarts. */
  readonly recent: number;
  /** The digest that a person approved: `dialops.dev/approve-removals`. */
  readonly approved?: string;
  /** Ids of the changes that were in the approved set: a rest of it needs no second approval. */
  readonly approvedIds?: ReadonlySet<string>;
}

/** By default the larger of five and two percent. */
export const defaultAllowance: RemovalAllowance = { maxCount: 5, maxPercent: 2, recent: 0 };

/** A change that takes something away which may be hard to get back. */
export function isRemoval(change: Change, desired: DesiredAccount): boolean {
  if (change.action === 'Delete') return true;
  if (
    change.fields.some(
      (field) => field.field.absent || (field.risk === 'losesData' && field.from !== undefined),
    )
  )
    return true;
  return change.fields.some((field) =>
    field.owners.some((owner) => desired.declarations.get(resourceKey(owner.resource))?.deleting === true),
  );
}

/** The fingerprint of a set of removals: approving it approves these and no others. */
export function removalDigest(removals: readonly Change[]): string {
  return digest(removals.map((change) => change.id).sort());
}

/**
 * Holds all removals back while there are more of them than the account allows in an hour, until a person has
 * approved exactly this set. A file that went missing must not empty a company.
 */
export function guardRemovals(
  changes: readonly Change[],
  desired: DesiredAccount,
  allowance: RemovalAllowance,
): readonly Change[] {
  const removals = changes.filter(
    (change) =>
      change.gate === undefined &&
      isRemoval(change, desired) &&
      allowance.approvedIds?.has(change.id) !== true,
  );
  const limit = Math.max(
    allowance.maxCount,
    Math.floor((desired.declarations.size * allowance.maxPercent) / 100),
  );
  if (removals.length === 0 || removals.length + allowance.recent <= limit) return changes;
  const fingerprint = removalDigest(removals);
  if (fingerprint === allowance.approved) return changes;
  const held = new Set(removals);
  return changes.map((change) =>
    held.has(change) ? { ...change, gate: { kind: 'removalGuard', digest: fingerprint } } : change,
  );
}
