import { describe, expect, it } from 'vitest';
import { type Ended, LatencyEstimate } from './latency.ts';

const start = Date.UTC(2026, 0, 5, 9);

interface Batch {
  readonly count: number;
  readonly latency: (index: number) => number;
  /** How far the phone system's clock is ahead of ours, in milliseconds. */
  readonly ahead?: number;
  readonly mark?: (end: number, acceptedAt: number) => number | undefined;
}

/** Operations accepted each half second and looked at each 3 seconds. */
function learned({ count, latency, ahead = 0, mark = (end) => end }: Batch): LatencyEstimate {
  const estimate = new LatencyEstimate();
  for (let index = 0; index < count; index++) {
    const acceptedAt = start + index * 500;
    const end = acceptedAt + latency(index);
    const seenAt = Math.ceil(end / 3_000) * 3_000;
    const marked = mark(end, acceptedAt);
    const ended: Ended = {
      acceptedAt,
      seenAt,
      ...(seenAt - 3_000 > acceptedAt ? { missedAt: seenAt - 3_000 } : {}),
      ...(marked === undefined ? {} : { markedAt: marked + ahead }),
    };
    estimate.observe(ended);
  }
  return estimate;
}

const usual = (index: number) => 2_001 + ((index * 977) % 3_000);
const soon = start + 60_000;

describe('what is learned of latencies', () => {
  it('is nothing at first: 2–5 s to ask, and everything is under way', () => {
    const estimate = new LatencyEstimate();
    expect(estimate.isLearned(start)).toBe(false);
    expect(estimate.quantile(0.5)).toBe(3_500);
    expect(estimate.finishedBy(3_500)).toBe(0.5);
    expect(estimate.stillRunning(60_000, 0)).toBe(1);
  });

  it('takes thirty operations', () => {
    expect(learned({ count: 29, latency: usual }).isLearned(soon)).toBe(false);
    expect(learned({ count: 30, latency: usual }).isLearned(start + 20_000)).toBe(true);
  });

  it('is the time by the phone system, however far its clock is from ours', () => {
    for (const ahead of [0, 7_000, -3_600_000]) {
      const estimate = learned({ count: 100, latency: usual, ahead });
      expect(estimate.quantile(0.5)).toBeGreaterThan(3_300);
      expect(estimate.quantile(0.5)).toBeLessThan(3_800);
      expect(estimate.quantile(1)).toBeLessThan(5_300);
    }
  });

  it('is what was seen when the phone system gives no time', () => {
    const estimate = learned({ count: 100, latency: usual, mark: () => undefined });
    expect(estimate.isLearned(soon)).toBe(false);
    expect(estimate.quantile(1)).toBeGreaterThan(6_000);
  });

  it('does not believe times that are not those of the end', () => {
    const atAcceptance = learned({ count: 100, latency: usual, mark: (_end, acceptedAt) => acceptedAt });
    expect(atAcceptance.isLearned(soon)).toBe(false);
    expect(atAcceptance.quantile(0.5)).toBeGreaterThan(3_500);
  });

  it('is old after half a minute', () => {
    const estimate = learned({ count: 100, latency: usual });
    expect(estimate.isLearned(start + 60_000)).toBe(true);
    expect(estimate.isLearned(start + 100_000)).toBe(false);
  });

  it('never calls an operation surely over', () => {
    const estimate = learned({ count: 100, latency: usual });
    const chance = estimate.stillRunning(30_000, 0);
    expect(chance).toBeGreaterThan(0.005);
    expect(chance).toBeLessThan(0.02);
  });

  it('holds one that is later than all before for one under way', () => {
    const estimate = learned({ count: 100, latency: usual });
    expect(estimate.stillRunning(30_000, 20_000)).toBe(1);
  });

  it('counts stragglers', () => {
    const estimate = learned({ count: 200, latency: (index) => (index % 50 === 0 ? 60_000 : usual(index)) });
    expect(estimate.stillRunning(10_000, 0)).toBeGreaterThan(0.02);
    expect(estimate.stillRunning(10_000, 0)).toBeLessThan(0.04);
  });

  it('can be given up', () => {
    const estimate = learned({ count: 100, latency: usual });
    estimate.forget();
    expect(estimate.isLearned(soon)).toBe(false);
    expect(estimate.quantile(0.5)).toBe(3_500);
  });
});
