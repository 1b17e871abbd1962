/** One request as a limit sees it. */
export interface Sent {
  readonly at: number;
  /** When its end was known; until then it may still reach the phone system. */
  endedAt: number | undefined;
}

/**
 * One limit: at most `limit` requests in any window of `windowMs`. A request keeps its place until a whole
 * window after its *answer* came. The phone system counts it at some moment between sending and answer, so that
 * however long a request travels, no window as the phone system sees it holds more than the limit.
 */
export class RequestWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  #sent: Sent[] = [];

  /** @param marginMs added to the window, for clocks that run at different speeds */
  constructor(limit: number, windowMs: number, marginMs: number) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError('A limit must be a whole number from 1');
    this.#limit = limit;
    this.#windowMs = windowMs + marginMs;
  }

  get windowMs(): number {
    return this.#windowMs;
  }

  add(sent: Sent): void {
    this.#sent.push(sent);
  }

  /**
   * What was sent within another limit counts within this one, also what has no answer yet.
   * @returns how many places that takes
   */
  include(other: RequestWindow, now: number): number {
    const before = this.taken(now);
    const known = new Set(this.#sent);
    this.#sent.push(...other.#sent.filter((sent) => !known.has(sent)));
    return this.taken(now) - before;
  }

  /** Places taken at `now`. */
  taken(now: number): number {
    this.#sent = this.#sent.filter(
      (sent) => sent.endedAt === undefined || sent.endedAt + this.#windowMs > now,
    );
    return this.#sent.length;
  }

  free(now: number): number {
    return Math.max(0, this.#limit - this.taken(now));
  }

  /** When each taken place is free again at the earliest, first to last; unanswered requests as if answered now. */
  frees(now: number): number[] {
    this.taken(now);
    return this.#sent.map((sent) => (sent.endedAt ?? now) + this.#windowMs).sort((a, b) => a - b);
  }

  /**
   * When `count` more requests could have been sent, if each goes as early as this window allows, and `also`
   * places are taken by somebody else until `alsoUntil`.
   */
  timeFor(count: number, now: number, also = 0, alsoUntil = now): number {
    const places = [...this.frees(now), ...new Array<number>(also).fill(alsoUntil)].sort((a, b) => a - b);
    let at = now;
    for (let index = 0; index < count; index++) {
      const over = places.length - this.#limit;
      if (over >= 0) at = Math.max(at, places[over] ?? at);
      places.push(at + this.#windowMs);
    }
    return at;
  }
}
