import { nearestName } from '../../foundation/nearest-name.ts';

/** Names to choose from: a Set, an array, the keys of a Map. */
type Names = readonly string[] | (Iterable<string> & { readonly size: number });

/**
 * Says which name a wrong one may have meant, within what one compilation may spend on it: whoever writes many
 * wrong names into a large account must not hold up everybody else's round.
 */
export class NameHints {
  readonly #known = new Map<string, string>();
  #left: number;

  /** @param budget how many names may be looked at in all */
  constructor(budget = 20_000) {
    this.#left = budget;
  }

  /**
   * @param list names the list that `candidates` are: the same name is looked for in it once
   * @returns a sentence; empty when there is no such name, or nothing left to spend
   */
  near(name: string, list: string, candidates: Names): string {
    const key = `${list} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const size = 'size' in candidates ? candidates.size : candidates.length;
    if (size > this.#left) return '';
    this.#left -= size;
    const hint = nearest(name, candidates);
    this.#known.set(key, hint);
    return hint;
  }
}

/** The name that a person may have meant, as a sentence; empty when there is none. For short lists. */
export function nearest(name: string, candidates: Iterable<string>): string {
  const best = nearestName(name, candidates);
  return best === undefined ? '' : `did you mean "${best}"?`;
}
