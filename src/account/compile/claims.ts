import { formatReference, type ResourceRef } from '../../resources/reference.ts';

interface Claimant {
  readonly ref: ResourceRef;
}

/** One thing that several resources declare, for a resource that does not get it. */
export interface LostClaim<T extends Claimant> {
  readonly claimant: T;
  readonly what: string;
  /** As `Extension lobby declares the same …`. */
  readonly rival: T;
}

/**
 * Decides who gets what several resources declare: who has it already. Where nobody has, or several have, nobody
 * gets it: neither value may be written.
 */
export class Claims<T extends Claimant> {
  readonly #strength: (claimant: T, what: string) => number;
  readonly #claims = new Map<string, T[]>();

  /** @param strength how firmly the claimant has it: 0 when not at all */
  constructor(strength: (claimant: T, what: string) => number) {
    this.#strength = strength;
  }

  add(claimant: T, what: string): void {
    const claimants = this.#claims.get(what);
    if (!claimants) this.#claims.set(what, [claimant]);
    else if (!claimants.includes(claimant)) claimants.push(claimant);
  }

  /** @returns who gets each thing, and who does not get what */
  settle(): { readonly owners: ReadonlyMap<string, T>; readonly lost: readonly LostClaim<T>[] } {
    const owners = new Map<string, T>();
    const lost: LostClaim<T>[] = [];
    for (const [what, claimants] of this.#claims) {
      const [only, second] = claimants;
      if (!only) continue;
      if (!second) {
        owners.set(what, only);
        continue;
      }
      const owner = this.#strongest(claimants, what);
      if (owner) owners.set(what, owner);
      for (const claimant of claimants) {
        if (claimant === owner) continue;
        const rival = owner ?? (claimant === only ? second : only);
        lost.push({ claimant, what, rival });
      }
    }
    return { owners, lost };
  }

  #strongest(claimants: readonly T[], what: string): T | undefined {
    let best = 0;
    let owner: T | undefined;
    for (const claimant of claimants) {
      const strength = this.#strength(claimant, what);
      if (strength > best) {
        best = strength;
        owner = claimant;
      } else if (strength === best) owner = undefined;
    }
    return owner;
  }
}

export function declaresToo(rival: Claimant, what: string): string {
  return `${formatReference(rival.ref)} declares the same ${what}`;
}
