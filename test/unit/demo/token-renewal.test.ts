import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepTokenValid } from '../../../scripts/demo/token-renewal.ts';
import { SimulatedClock } from '../../../src/foundation/simulated-clock.ts';

const hourMs = 3_600_000;
let clock: SimulatedClock;
let stored: { token: string; at: number }[];
let lifeMs: number;
beforeEach(() => {
  clock = new SimulatedClock();
  stored = [];
  lifeMs = 24 * hourMs;
});

let issued = 0;
const issue = async () => ({ token: `token-${++issued}`, expiresAt: clock.now() + lifeMs });
const store = async (token: string) => {
  stored.push({ token, at: clock.now() });
};
const fail = (error: unknown): void => {
  throw error;
};
/** Hours at which tokens were stored, since the first. */
const hours = () => stored.map(({ at }) => (at - (stored[0]?.at ?? 0)) / hourMs);

describe('a token that is kept valid', () => {
  it('is there at the start, and is made anew at half of its life', async () => {
    const stop = await keepTokenValid({ issue, store, clock, onError: fail });
    expect(stored).toHaveLength(1);
    await vi.waitFor(() => expect(stored.length).toBeGreaterThanOrEqual(4));
    await stop();
    expect(hours().slice(0, 4)).toEqual([0, 12, 24, 36]);
    expect(new Set(stored.map(({ token }) => token)).size).toBe(stored.length);
  });

  it('goes by the life that the API server gave, not by the one that was asked for', async () => {
    lifeMs = hourMs;
    const stop = await keepTokenValid({ issue, store, clock, onError: fail });
    await vi.waitFor(() => expect(stored.length).toBeGreaterThanOrEqual(3));
    await stop();
    expect(hours().slice(0, 3)).toEqual([0, 0.5, 1]);
  });

  it('is tried again a minute after a failure, while the old one is still good', async () => {
    const errors: unknown[] = [];
    let calls = 0;
    const unsteady = async () => {
      calls += 1;
      if (calls === 2 || calls === 3) throw new Error('the API server is away');
      return issue();
    };
    const onError = (error: unknown) => errors.push(error);
    const stop = await keepTokenValid({ issue: unsteady, store, clock, onError });
    await vi.waitFor(() => expect(stored.length).toBeGreaterThanOrEqual(2));
    await stop();
    expect(errors).toHaveLength(2);
    expect(hours()[1]).toBeCloseTo(12 + 2 / 60);
  });

  it('rejects when there is no first one', async () => {
    const refused = () => Promise.reject(new Error('no such service account'));
    await expect(keepTokenValid({ issue: refused, store, clock, onError: fail })).rejects.toThrow(
      'no such service account',
    );
  });
});
