import type { Plan } from '../account/plan.ts';
import type { RemovalAllowance } from '../account/removal-guard.ts';

export interface PendingRemovals {
  readonly digest: string;
  readonly count: number;
}

/** The removals that the guard holds back, and those of them that a person has let go on. */
export class HeldRemovals {
  #held: { readonly digest: string; readonly ids: ReadonlySet<string> } | undefined;
  #approved: ReadonlySet<string> = new Set();

  /** @returns what waits for approval */
  observe(plan: Plan): PendingRemovals | undefined {
    const held = plan.changes.flatMap(({ id, gate }) =>
      gate?.kind === 'removalGuard' ? [{ id, digest: gate.digest }] : [],
    );
    const [first] = held;
    // Once approved, the set that was held is what the approval is about: it is kept until another is held.
    if (!first) return undefined;
    this.#held = { digest: first.digest, ids: new Set(held.map(({ id }) => id)) };
    return { digest: first.digest, count: held.length };
  }

  /** @param annotation the digest that a person has put on the PhoneSystem */
  approval(annotation: string | undefined): Pick<RemovalAllowance, 'approved' | 'approvedIds'> {
    if (annotation === undefined) this.#approved = new Set();
    else if (annotation === this.#held?.digest) this.#approved = this.#held.ids;
    return annotation === undefined ? {} : { approved: annotation, approvedIds: this.#approved };
  }
}
