import type { AccountResource } from '../../resources/kinds.ts';
import { noMemory, type ResourceMemory } from '../memory.ts';
import type { AtRest } from './at-rest.ts';
import type { Tie } from './ties.ts';

/** What is known of a resource from one round to the next. */
export interface KnownResource {
  readonly key: string;
  resource: AccountResource;
  memory: ResourceMemory;
  ties: readonly Tie[];
  /** What was made of it, where nothing is to be done. */
  rest: AtRest | undefined;
  /** The last round that had it. */
  round: number;
}

/** Resources, findable by what ties them. */
export class TiedResources {
  readonly #byKey = new Map<string, KnownResource>();
  /** Most ties have one alone: a list for each would take a third of the room. */
  readonly #byTie = new Map<Tie, KnownResource | readonly KnownResource[]>();
  #sorted: readonly KnownResource[] | undefined;

  get(key: string): KnownResource | undefined {
    return this.#byKey.get(key);
  }

  /** In the order of their keys. */
  get all(): readonly KnownResource[] {
    this.#sorted ??= [...this.#byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return this.#sorted;
  }

  /** Those that have the tie, and the one whose key it is. */
  tiedBy(tie: Tie): readonly KnownResource[] {
    const named = this.#byKey.get(tie);
    return named ? [named, ...this.#having(tie)] : this.#having(tie);
  }

  #having(tie: Tie): readonly KnownResource[] {
    const found = this.#byTie.get(tie);
    if (!found) return none;
    return 'key' in found ? [found] : found;
  }

  #set(tie: Tie, having: readonly KnownResource[]): void {
    const [first, second] = having;
    if (!first) this.#byTie.delete(tie);
    else this.#byTie.set(tie, second ? having : first);
  }

  add(key: string, resource: AccountResource, round: number): KnownResource {
    const known = { key, resource, memory: noMemory, ties: none, rest: undefined, round };
    this.#byKey.set(key, known);
    this.#sorted = undefined;
    return known;
  }

  remove(known: KnownResource): void {
    this.tie(known, none);
    this.#byKey.delete(known.key);
    this.#sorted = undefined;
  }

  tie(known: KnownResource, ties: readonly Tie[]): void {
    const before = new Set(known.ties);
    for (const tie of ties) {
      if (!before.delete(tie)) this.#set(tie, [...this.#having(tie), known]);
    }
    for (const tie of before) {
      this.#set(
        tie,
        this.#having(tie).filter((other) => other !== known),
      );
    }
    known.ties = ties;
  }
}

const none: readonly never[] = [];
