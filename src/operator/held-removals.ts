import type { DesiredAccount } from '../account/desired.ts';
import type { Plan } from '../account/plan.ts';
import { type RemovalAllowance, removalsDigest, removalsLetGo } from '../account/removal-guard.ts';

export interface PendingRemovals {
  readonly digest: string;
  readonly count: number;
}

interface RemovalSet {
  readonly digest: string;
  readonly ids: ReadonlySet<string>;
}

/**
 * The removals that the guard holds back, and those of them that a person has let go on. An approval is for one time:
 * once nothing of its set is left to do it is used up, although the annotation still stands.
 */
export class HeldRemovals {
  #held: RemovalSet | undefined;
  #asked: string | undefined;
  #approved: RemovalSet | undefined;
  #spent: string | undefined;

  /** @param spent the digest whose approval an earlier process saw used up */
  constructor(spent: string | undefined) {
    this.#spent = spent;
  }

  /** The digest whose approval was used up last; to be kept. */
  get spent(): string | undefined {
    return this.#spent;
  }

  /** @returns what waits for approval */
  observe(plan: Plan, desired: DesiredAccount): PendingRemovals | undefined {
    const goingOn = removalsLetGo(plan.changes, desired);
    // One that an earlier process was in the midst of is recognised while all of it is still to be done.
    if (
      this.#asked !== undefined &&
      !this.#approved &&
      this.#asked === removalsDigest(goingOn, this.#spent)
    ) {
      this.#approved = { digest: this.#asked, ids: goingOn };
    }
    if (this.#approved && ![...this.#approved.ids].some((id) => goingOn.has(id))) {
      this.#spent = this.#approved.digest;
      this.#approved = undefined;
    }
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
  approval(annotation: string | undefined): Pick<RemovalAllowance, 'approved' | 'approvedIds' | 'spent'> {
    this.#asked = annotation === this.#spent ? undefined : annotation;
    if (this.#asked === undefined || this.#approved?.digest !== this.#asked) this.#approved = undefined;
    if (this.#asked !== undefined && this.#asked === this.#held?.digest) this.#approved ??= this.#held;
    return {
      ...(this.#spent === undefined ? {} : { spent: this.#spent }),
      ...(this.#asked === undefined
        ? {}
        : { approved: this.#asked, approvedIds: this.#approved?.ids ?? new Set() }),
    };
  }
}
