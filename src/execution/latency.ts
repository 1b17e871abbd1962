/**
 * What the phone system's operations have taken lately, so that confirmation asks neither too often nor too
 * late. Until something is known, the published typical range of a simple operation (2–5 s) is assumed.
 */
export class LatencyEstimate {
  readonly #samples: number[] = [];
  readonly #capacity: number;

  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  /** @param ms from acceptance to completion, in milliseconds */
  observe(ms: number): void {
    this.#samples.push(Math.max(0, ms));
    if (this.#samples.length > this.#capacity) this.#samples.shift();
  }

  /** The share of operations, between 0 and 1, that are over `age` milliseconds after they were accepted. */
  finishedBy(age: number): number {
    if (this.#samples.length < 20) return Math.min(1, Math.max(0, (age - 2000) / 3000));
    let over = 0;
    for (const sample of this.#samples) if (sample <= age) over++;
    return over / this.#samples.length;
  }

  /** The latency in milliseconds that `share` of all operations stay under. */
  quantile(share: number): number {
    if (this.#samples.length < 20) return 2000 + 3000 * share;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 5000;
  }
}
