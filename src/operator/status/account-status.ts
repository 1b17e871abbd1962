import type { DesiredAccount } from '../../account/desired.ts';
import { changedInAccount, deletedInAccount } from '../../account/drift/drift-wording.ts';
import type { ObservedAccount } from '../../account/objects.ts';
import type { Outcome } from '../../account/plan.ts';
import type { Author } from '../../execution/authors.ts';
import { pausedAnnotation } from '../../resources/annotations.ts';
import {
  type Condition,
  nextConditions,
  type ReasonName,
  type Verdict,
  verdictsOf,
} from '../../resources/conditions.ts';
import type { AccountResource } from '../../resources/kinds.ts';

/** A failed attempt that is the latest news of a resource. */
export interface LastFailure {
  readonly reason: ReasonName;
  readonly message: string;
  /** The generation whose write failed. */
  readonly generation: number;
}

export interface StatusInput {
  readonly resource: AccountResource;
  readonly outcome: Outcome;
  readonly desired: DesiredAccount;
  readonly observed: ObservedAccount;
  readonly failure?: LastFailure;
  /** It was deleted in the account and is about to be made again. */
  readonly remade?: boolean;
  /** Who changed the object last behind the YAML, as far as the audit records say. */
  readonly author?: Author;
  /** A text of the phone system without the values of Secrets that it may repeat. */
  readonly conceal?: (text: string) => string;
  /** The time now, in RFC 3339. */
  readonly now: string;
}

/** What Ready says; a failure of the last attempt outweighs "being brought in line". */
export function readyOf(
  input: StatusInput,
  special?: { readonly reason: ReasonName; readonly message: string },
) {
  const { outcome, failure, resource } = input;
  const underWay =
    outcome.reason === 'Updating' || outcome.reason === 'Creating' || outcome.reason === 'Deleting';
  if (failure && underWay && failure.generation === resource.metadata.generation) {
    return { reason: failure.reason, message: failure.message };
  }
  if (special && (outcome.reason === 'Synced' || outcome.reason === 'Deleted')) return special;
  return { reason: outcome.reason, message: outcome.message };
}

/** The conditions, drift and times that every account kind has. */
export function commonStatus(
  input: StatusInput,
  special?: { readonly reason: ReasonName; readonly message: string },
  extra: readonly Verdict[] = [],
) {
  const { resource, outcome, now } = input;
  const generation = resource.metadata.generation ?? 0;
  const ready = readyOf(input, special);
  const verdicts: Verdict[] = [...verdictsOf(ready.reason, ready.message), ...extra];
  if (ready.reason === 'Paused') {
    const own = resource.metadata.annotations?.[pausedAnnotation] === 'true';
    verdicts.push({
      type: 'Paused',
      status: 'True',
      reason: own ? 'Annotation' : 'PhoneSystem',
      message: own ? ready.message : 'Nothing is written while the PhoneSystem is paused',
    });
  }
  const missing = outcome.reason === 'Missing' || input.remade === true;
  if (outcome.drift.length > 0 || missing) {
    verdicts.push({
      type: 'Drifted',
      status: 'True',
      reason: missing ? 'DeletedInAccount' : 'ChangedInAccount',
      message: missing ? deletedInAccount : changedInAccount(outcome.drift.length, input.author),
    });
  }
  const previous: readonly Condition[] = resource.status?.conditions ?? [];
  return {
    observedGeneration: generation,
    ...(outcome.externalId === undefined ? {} : { externalId: outcome.externalId }),
    conditions: nextConditions(previous, verdicts, { now, generation }).map((condition) => ({
      ...condition,
    })),
    ...driftStatus(input),
  };
}

function driftStatus(input: StatusInput) {
  const { outcome, resource, author, now } = input;
  if (outcome.drift.length === 0) return {};
  const paths = outcome.drift.map(({ path, owner }) => ({
    path,
    owner: `spec.${owner.field.replace(/#.*$/, '')}`,
  }));
  return {
    drift: {
      paths,
      since: resource.status?.drift?.since ?? now,
      ...(author ? { changedBy: author.actor, changedAt: author.at } : {}),
    },
  };
}
