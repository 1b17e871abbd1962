import { resourceKey } from '../resources/reference.ts';
import { partOf } from './assemble-change.ts';
import type { DesiredAccount } from './desired.ts';
import { digest } from './digest.ts';
import type { Change, FieldChange } from './plan.ts';

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
  /** The digest whose approval was used up: the same set, removed another time, has another one. */
  readonly spent?: string;
}

/** By default the larger of five and two percent. */
export const defaultAllowance: RemovalAllowance = { maxCount: 5, maxPercent: 2, recent: 0 };

/**
 * What was there and is gone is made anew. Many at once say that the key is another account's, or that somebody has
 * emptied this one: nobody wants a company made a second time by surprise.
 */
export function isRecreation(change: Change): boolean {
  return change.action === 'Create' && change.fields.some(({ cause }) => cause === 'drift');
}

/** A change that takes something away which may be hard to get back, or makes anew what somebody took away. */
export function isRemoval(change: Change, desired: DesiredAccount): boolean {
  if (change.action === 'Delete' || isRecreation(change)) return true;
  return change.fields.some((field) => takesAway(field, desired));
}

function takesAway(field: FieldChange, desired: DesiredAccount): boolean {
  if (field.field.absent || (field.risk === 'losesData' && field.from !== undefined)) return true;
  return field.owners.some(
    ({ resource }) => desired.declarations.get(resourceKey(resource))?.deleting === true,
  );
}

/** A change cut in what takes something away and what does not; the latter need not wait with it. */
interface Removal {
  readonly guarded: Change;
  readonly rest?: Change;
}

function cut(change: Change, desired: DesiredAccount): Removal {
  const guarded = change.fields.filter((field) => takesAway(field, desired));
  const rest = change.fields.filter((field) => !takesAway(field, desired));
  if (change.action !== 'Update' || rest.length === 0) return { guarded: change };
  return { guarded: partOf(change, guarded), rest: partOf(change, rest) };
}

/** Ids of the removals in a plan that no removal guard holds back, as approvals know them. */
export function removalsLetGo(changes: readonly Change[], desired: DesiredAccount): ReadonlySet<string> {
  return new Set(
    changes
      .filter((change) => change.gate?.kind !== 'removalGuard' && isRemoval(change, desired))
      .map((change) => cut(change, desired).guarded.id),
  );
}

/** @param spent the digest whose approval was used up */
export function removalsDigest(ids: Iterable<string>, spent: string | undefined): string {
  const fingerprint = digest([...ids].sort());
  return fingerprint === spent ? digest([fingerprint, 'again']) : fingerprint;
}

/**
 * Holds all removals back while there are more of them than the account allows in an hour, until a person has
 * approved exactly this set. A file that went missing must not empty a company. What else is to be written of the
 * same objects goes on. The fingerprint is of the removals alone: what goes on meanwhile does not change it.
 *
 * @param managed how many resources there are
 */
export function guardRemovals(
  changes: readonly Change[],
  desired: DesiredAccount,
  allowance: RemovalAllowance,
  managed: number = desired.declarations.size,
): readonly Change[] {
  const removals = new Map<Change, Removal>();
  for (const change of changes) {
    if (change.gate !== undefined || !isRemoval(change, desired)) continue;
    const removal = cut(change, desired);
    if (allowance.approvedIds?.has(removal.guarded.id) !== true) removals.set(change, removal);
  }
  const limit = Math.max(allowance.maxCount, Math.floor((managed * allowance.maxPercent) / 100));
  if (removals.size === 0 || removals.size + allowance.recent <= limit) return changes;
  const fingerprint = removalsDigest(
    [...removals.values()].map(({ guarded }) => guarded.id),
    allowance.spent,
  );
  if (fingerprint === allowance.approved) return changes;
  return changes.flatMap((change): Change[] => {
    const removal = removals.get(change);
    if (!removal) return [change];
    const held: Change = { ...removal.guarded, gate: { kind: 'removalGuard', digest: fingerprint } };
    return removal.rest ? [removal.rest, held] : [held];
  });
}
