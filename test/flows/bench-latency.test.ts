import { describe, expect, it } from 'vitest';
import { BenchAccount, type Latency } from '../bench/bench-account.ts';
import { newcomers } from '../bench/company.ts';

const size = { users: 20, ringGroups: 1, sites: 10 };
const three: Latency = { min: 2_900, max: 3_100 };

/** 300 people come, and two minutes later all operations take another time from one moment to the next. */
async function move(from: Latency, to: Latency): Promise<{ overInFlight: number; created: number }> {
  const account = await BenchAccount.start(size, false);
  const { flow } = account;
  await account.setLatency(from);
  const { counts } = await account.measure(async () => {
    const applied = flow.apply([...account.declared, ...newcomers(account.company, 300, 'create')]);
    await flow.clock.sleep(120_000);
    await account.setLatency(to);
    await applied;
  });
  expect(flow.failures).toEqual([]);
  return { overInFlight: counts.overInFlight, created: counts.byRoute['POST /users'] ?? 0 };
}

describe('all operations becoming slower from one moment to the next', () => {
  it.each([
    ['15 s', { min: 14_000, max: 16_000 }],
    ['60 s', { min: 59_000, max: 61_000 }],
  ])('from 3 s to %s costs one refused write, and none is lost or sent twice', async (_name, latency) => {
    const { overInFlight, created } = await move(three, latency);
    expect(overInFlight).toBeLessThanOrEqual(1);
    expect(created).toBe(300 + overInFlight);
  });

  it('is no surprise after a pause: the first ten are waited for', async () => {
    const account = await BenchAccount.start(size, false);
    const { flow } = account;
    await account.setLatency(three);
    const before = newcomers(account.company, 100, 'create');
    await flow.apply([...account.declared, ...before]);
    await account.setLatency({ min: 14_000, max: 16_000 });
    await account.rest();
    const { counts } = await account.measure(() =>
      flow.apply([...account.declared, ...before, ...newcomers(account.company, 100, 'createSlow')]),
    );
    expect(counts.overInFlight).toBe(0);
  });

  it('or faster costs nothing', async () => {
    expect((await move({ min: 14_000, max: 16_000 }, three)).overInFlight).toBe(0);
  });
});
