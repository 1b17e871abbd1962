/**
 * What was last made of each of many objects, for as long as what it was made from stays the same. A round is pure work
 * over the whole account, and next to nothing of an account changes between two rounds: what is kept need neither be
 * made nor compared again. The objects are held weakly, and are told apart by identity, as is all that something was
 * made from: what never changes in place, or a plain value.
 */
export class Kept<T> {
  readonly #last = new WeakMap<object, { readonly from: readonly unknown[]; readonly made: T }>();

  /** @param from all that `make` looks at, besides the subject itself */
  of(subject: object, from: readonly unknown[], make: () => T): T {
    const known = this.find(subject, from);
    if (known !== undefined) return known;
    const made = make();
    this.keep(subject, from, made);
    return made;
  }

  find(subject: object, from: readonly unknown[]): T | undefined {
    const last = this.#last.get(subject);
    return last && isSame(last.from, from) ? last.made : undefined;
  }

  keep(subject: object, from: readonly unknown[], made: T): void {
    if (!keeping) return;
    // A list that was put together has room for more, which nobody needs any more.
    this.#last.set(subject, { from: from.length === 0 ? nothing : from.slice(), made });
  }
}

let keeping = true;

/** For a process that looks once and ends: to keep what nobody asks for again costs it an eighth of its time. */
export function keepNothing(): void {
  keeping = false;
}

const nothing: readonly unknown[] = [];

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
