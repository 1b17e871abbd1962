/** What is known of one operation that is over; milliseconds since the epoch. */
export interface Ended {
  readonly acceptedAt: number;
  /** When it was last seen not to be over. */
  readonly missedAt?: number;
  /** When it was first seen to be over. */
  readonly seenAt: number;
  /** When it was over by the phone system's own clock, where it says so. */
  readonly markedAt?: number;
}

/** Fewer say nothing about the next. */
const fewestSamples = 30;
/** How things were says little about how they are: some samples must be of late. */
const freshMs = 30_000;
const fewestFresh = 10;
/** Times in list rows are believed only when so many operations were seen both not over and over. */
const fewestWitnesses = 3;
/** The phone system's clock may tick in whole seconds. */
const tickMs = 1_000;

/**
 * What the phone system's operations have taken lately: when to ask for them, and how likely one that nobody has
 * asked for is still under way. Until something is known, the published typical range of a simple operation
 * (2–5 s) is assumed for asking, and nothing for what is under way.
 *
 * An operation is seen to be over some time after it was. The time of the last update in its row tells when
 * exactly, by the phone system's clock; how far that clock is from ours follows from the operations themselves:
 * none is over before it was last seen not to be, and none after it was seen to be. When no distance satisfies
 * them all, the marks are something else than the end of operations, and only what was seen counts.
 */
export class LatencyEstimate {
  readonly #capacity: number;
  #ended: Ended[] = [];
  #sorted: readonly number[] | undefined;
  #learned = false;

  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  observe(ended: Ended): void {
    this.#ended.push(ended);
    if (this.#ended.length > this.#capacity) this.#ended.shift();
    this.#sorted = undefined;
  }

  /** What was learned no longer holds. */
  forget(): void {
    this.#ended = [];
    this.#sorted = undefined;
  }

  /** Is enough known to tell what is under way at `now` (milliseconds since the epoch) without asking? */
  isLearned(now: number): boolean {
    this.#latencies();
    const tenth = this.#ended.at(-fewestFresh);
    return this.#learned && tenth !== undefined && now - tenth.seenAt <= freshMs;
  }

  /** The share of operations, between 0 and 1, that are over `age` milliseconds after they were accepted. */
  finishedBy(age: number): number {
    const latencies = this.#latencies();
    if (latencies.length < 20) return Math.min(1, Math.max(0, (age - 2000) / 3000));
    return countUpTo(latencies, age) / latencies.length;
  }

  /** The latency in milliseconds that `share` of all operations stay under. */
  quantile(share: number): number {
    const latencies = this.#latencies();
    if (latencies.length < 20) return 2000 + 3000 * share;
    return latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 5000;
  }

  /**
   * The probability, on the safe side, that an operation is still under way at `age` milliseconds, given that it
   * was at `missed`. Never 0: one that takes longer than all before it may be among them.
   */
  stillRunning(age: number, missed: number): number {
    this.#latencies();
    if (!this.#learned) return 1;
    return Math.min(1, this.#over(age) / this.#over(missed));
  }

  #over(age: number): number {
    const latencies = this.#latencies();
    // A little slower than ever before is no surprise.
    const before = (age - 250) / 1.05;
    return (latencies.length - countUpTo(latencies, before) + 1) / (latencies.length + 1);
  }

  /** Milliseconds, ascending. */
  #latencies(): readonly number[] {
    this.#sorted ??= this.#judge().sort((a, b) => a - b);
    return this.#sorted;
  }

  #judge(): number[] {
    let ahead = Number.NEGATIVE_INFINITY;
    let most = Number.POSITIVE_INFINITY;
    let witnesses = 0;
    for (const { acceptedAt, missedAt, seenAt, markedAt } of this.#ended) {
      if (markedAt === undefined) continue;
      ahead = Math.max(ahead, markedAt - seenAt);
      most = Math.min(most, markedAt + tickMs - (missedAt ?? acceptedAt));
      if (missedAt !== undefined) witnesses++;
    }
    const believed = ahead <= most;
    this.#learned = believed && witnesses >= fewestWitnesses && this.#ended.length >= fewestSamples;
    return this.#ended.map(({ acceptedAt, seenAt, markedAt }) => {
      const seen = seenAt - acceptedAt;
      if (!believed || markedAt === undefined) return seen;
      const end = markedAt + (markedAt % tickMs === 0 ? tickMs : 0) - ahead;
      return Math.min(seen, Math.max(0, end - acceptedAt));
    });
  }
}

/** How many of ascending numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
