import { formatPath } from '../account/objects.ts';
import type { Change, Plan } from '../account/plan.ts';
import { fieldOf, type PlannedStep } from './saved-plan.ts';

/** A change of a saved plan that is another one now. */
export interface Moved {
  /** `user of UserProfile jane`. */
  readonly change: Change;
  readonly why: string;
}

/**
 * Holds what is to be done now against what was reviewed. Only what the saved plan touches counts: the rest of the
 * account may change as it likes. What it has already reached is no difference, so that a plan that was interrupted
 * can be carried out to its end.
 */
export class PlanBasis {
  readonly #steps: ReadonlyMap<string, PlannedStep>;
  /** Ids of objects that this plan has made, in this run or in one that was interrupted. */
  readonly #made: Set<string>;

  /** @param known ids of the objects that memory knew when the run began */
  constructor(steps: readonly PlannedStep[], known: Iterable<string>) {
    this.#steps = new Map(steps.map((step) => [keyOf(step.action, step.handle), step]));
    this.#made = new Set(known);
  }

  /** The part of a plan that was reviewed, exactly as it was. */
  chosen(plan: Plan): Plan {
    return { ...plan, changes: plan.changes.filter((change) => this.#difference(change) === undefined) };
  }

  /** Changes that were reviewed and would now do, or rest on, something else. */
  moved(plan: Plan): Moved[] {
    return plan.changes.flatMap((change) => {
      if (!this.#stepOf(change)) return [];
      const why = this.#difference(change) ?? heldSince(change);
      return why === undefined ? [] : [{ change, why }];
    });
  }

  /** The plan has made an object: what else is declared of it belongs to the plan too. */
  made(id: string): void {
    this.#made.add(id);
  }

  /** The step about the same object; what was to be made may be there by now, and what was there be gone. */
  #stepOf({ action, handle }: Change): PlannedStep | undefined {
    const same = this.#steps.get(keyOf(action, handle));
    if (same) return same;
    if (action === 'Update') return this.#steps.get(keyOf('Create', handle));
    if (action === 'Create') return this.#steps.get(keyOf('Update', handle));
    if (action !== 'Submit') return undefined;
    // It is due once the order is as declared, and so not before it is made or corrected by the same plan.
    return this.#steps.get(keyOf('Create', handle)) ?? this.#steps.get(keyOf('Update', handle));
  }

  /** Why the change is not the one that was reviewed; undefined when it is. */
  #difference(change: Change): string | undefined {
    const step = this.#stepOf(change);
    if (!step) return 'it is not in the saved plan';
    const completes = change.action === 'Update' || change.action === 'Submit';
    // A submission is planned before there is an order.
    if ((step.action === 'Create' || step.objectId === undefined) && completes) {
      const isOwn = change.objectId === undefined || this.#made.has(change.objectId);
      return isOwn ? undefined : 'the account has it by now, and not by this plan';
    }
    const isSame = step.action === change.action || (step.action === 'Update' && completes);
    if (!isSame) return 'it is gone from the account';
    if (step.objectId !== change.objectId) return 'it is about another object of the account now';
    for (const field of change.fields) {
      const path = formatPath(field.path);
      const planned = step.fields[path];
      const now = fieldOf(field);
      const { owners } = field;
      const name = `spec.${owners[0].field}`;
      // What another step gives a value to is not there to be planned, as long as it has none.
      if (!planned && step.action === 'Create' && step.waits) continue;
      if (!planned) return `${name} is to be written too`;
      if (planned.from !== now.from) return `${name} has another value in the account now`;
      // A value that another step gives is not known when the plan is saved.
      if (planned.to !== now.to && !step.waits) return `${name} comes to another value now`;
    }
    return undefined;
  }
}

function heldSince({ gate }: Change): string | undefined {
  switch (gate?.kind) {
    case undefined:
      return undefined;
    case 'waits':
      return gate.reason === 'WaitingForDependency' ? undefined : gate.message;
    case 'removalGuard':
      return 'the removal guard holds it back now: more was removed within the hour than when it was saved';
    case 'consent':
      return 'it needs a consent now';
    case 'driftPolicy':
    case 'paused':
      return 'it is held back now';
  }
}

function keyOf(action: PlannedStep['action'], handle: string): string {
  return `${action} ${handle}`;
}
