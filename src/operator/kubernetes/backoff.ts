/** A source of numbers in [0, 1), such as `Math.random`. */
export type Random = () => number;

export interface BackoffLimits {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The wait before attempt number `failures` + 1 (`failures` ≥ 1): doubled each time up to the maximum, of which
 * between half and the whole is taken so that many clients, or many keys, do not come back at one moment.
 */
export function backoffMs(failures: number, limits: BackoffLimits, random: Random): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  const ceiling = Math.min(limits.maxMs, limits.baseMs * 2 ** exponent);
  return Math.round(ceiling * (0.5 + random() / 2));
}
