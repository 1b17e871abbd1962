import type { Clock } from '../foundation/clock.ts';
import { invalid } from './problem.ts';

/** A list read half: which ids are still to come, and how the first page was asked for. */
export interface Scroll {
  readonly path: string;
  readonly ids: readonly string[];
  readonly offset: number;
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly filter: string | null;
  readonly sort: string | null;
}

/** Within the 5 to 10 minutes that the guide gives a scroll id. */
const lifetimeMs = 8 * 60_000;

/**
 * Scroll ids. The ids of a list are fixed at its first page; the rows are read when their page is. An earlier
 * scroll id stays good for its lifetime, so that a page whose answer was lost can be asked for again.
 */
export class Scrolls {
  readonly #open = new Map<string, { readonly scroll: Scroll; readonly expires: number }>();
  readonly #clock: Clock;
  readonly #newId: () => string;

  constructor(clock: Clock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  open(scroll: Scroll): string {
    const now = this.#clock.now();
    // Insertion order is order of expiry.
    for (const [id, { expires }] of this.#open) {
      if (expires > now) break;
      this.#open.delete(id);
    }
    const id = this.#newId();
    this.#open.set(id, { scroll, expires: now + lifetimeMs });
    return id;
  }

  /** Throws 400 on `scrollId` when unknown, expired or of another list. */
  resume(id: string, path: string): Scroll {
    const found = this.#open.get(id);
    if (!found || found.scroll.path !== path || found.expires <= this.#clock.now()) {
      throw invalid('scrollId', 'Invalid scroll identifier');
    }
    return found.scroll;
  }
}
