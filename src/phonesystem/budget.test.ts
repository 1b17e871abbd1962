import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { type BudgetOptions, type Priority, priorities, RequestBudget } from './budget.ts';

const forever = new AbortController().signal;

function budgetOn(clock: SimulatedClock, options: Partial<BudgetOptions> = {}): RequestBudget {
  return new RequestBudget({ clock, marginMs: 0, ...options });
}

/** A budget that has heard that nobody else uses the key, at a time when all its places are free again. */
async function heardBudgetOn(
  clock: SimulatedClock,
  options: Partial<BudgetOptions> = {},
): Promise<RequestBudget> {
  const budget = budgetOn(clock, options);
  (await budget.acquire('sync', forever)).end({ status: 200 });
  await clock.sleep(60_000);
  return budget;
}

/** The largest number of times within any window of `windowMs`, its end excluded. */
function busiest(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [index, time] of sorted.entries()) {
    while ((sorted[from] ?? time) + windowMs <= time) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** The published limits as the phone system counts them, in sliding windows, with its headers. */
class CountingServer {
  refused = 0;
  readonly #clock: SimulatedClock;
  #counted: number[] = [];

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** @param travel to the phone system and `back`, in milliseconds */
  async call(budget: RequestBudget, travel: number, back: number): Promise<void> {
    const permit = await budget.acquire('sync', forever);
    await this.#clock.sleep(travel);
    const now = this.#clock.now();
    this.#counted = this.#counted.filter((at) => at > now - 60_000);
    const inBurst = this.#counted.filter((at) => at > now - 10_000).length;
    const isRefused = inBurst >= 20 || this.#counted.length >= 100;
    if (isRefused) this.refused++;
    else this.#counted.push(now);
    const remaining = isRefused ? 0 : 100 - this.#counted.length;
    const resetInMs = Math.ceil(((this.#counted[0] ?? now) + 60_000 - now) / 1_000) * 1_000;
    await this.#clock.sleep(back);
    permit.end({ status: isRefused ? 429 : 200, limit: 100, remaining, resetInMs });
  }
}

async function sendMany(
  clock: SimulatedClock,
  budget: RequestBudget,
  count: number,
  priority: Priority = 'sync',
) {
  const times: number[] = [];
  const send = async () => {
    const permit = await budget.acquire(priority, forever);
    times.push(clock.now());
    permit.end({ status: 200 });
  };
  await Promise.all(Array.from({ length: count }, send));
  return times;
}

describe('RequestBudget', () => {
  it('never exceeds a limit in any window, whenever the phone system counts a request', async () => {
    const request = fc.record({
      joinAfter: fc.integer({ min: 0, max: 30_000 }),
      travel: fc.integer({ min: 0, max: 4_000 }),
      back: fc.integer({ min: 0, max: 4_000 }),
      priority: fc.constantFrom(...priorities),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 120 }), async (requests) => {
        const clock = new SimulatedClock();
        const limits = { perMinute: 17, burst: { requests: 5, perMs: 10_000 } };
        const budget = budgetOn(clock, { limits });
        const counted: number[] = [];
        await Promise.all(
          requests.map(async ({ joinAfter, travel, back, priority }) => {
            await clock.sleep(joinAfter);
            const permit = await budget.acquire(priority, forever);
            await clock.sleep(travel);
            counted.push(clock.now());
            await clock.sleep(back);
            permit.end({ status: 200 });
          }),
        );
        expect(counted).toHaveLength(requests.length);
        expect(busiest(counted, 60_000)).toBeLessThanOrEqual(limits.perMinute);
        expect(busiest(counted, limits.burst.perMs)).toBeLessThanOrEqual(limits.burst.requests);
      }),
      { numRuns: 60 },
    );
  });

  it('uses all of the published limits when there is enough to send', async () => {
    const clock = new SimulatedClock();
    const start = clock.now();
    const times = await sendMany(clock, budgetOn(clock), 1000);
    expect((Math.max(...times) - start) / 60_000).toBeCloseTo(9 + 4 / 6, 1);
  });

  it('keeps a place taken until a window after the answer, not after the sending', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock, { limits: { perMinute: 100, burst: { requests: 1, perMs: 10_000 } } });
    const permit = await budget.acquire('sync', forever);
    await clock.sleep(3_000);
    permit.end({ status: 200 });
    expect(budget.available()).toBe(0);
    expect(budget.nextAvailable(1)).toBe(10_000);
  });

  it('lets the more urgent go first and nobody wait for ever', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock, { limits: { perMinute: 6, burst: { requests: 1, perMs: 10_000 } } });
    const order: string[] = [];
    const send = async (name: string, priority: Priority) => {
      const permit = await budget.acquire(priority, forever);
      order.push(name);
      permit.end({ status: 200 });
    };
    const background = [send('first', 'sync'), send('early sync', 'sync')];
    await Promise.all([...background.slice(0, 1), send('write', 'write'), send('person', 'person')]);
    expect(order).toEqual(['first', 'person', 'write']);
    // One person's request after another, for five minutes: the early one still gets its turn.
    await Promise.all([...background, ...Array.from({ length: 30 }, (_, i) => later(i * 10_000, i))]);
    async function later(ms: number, index: number): Promise<void> {
      await clock.sleep(ms);
      await send(`person ${index}`, 'person');
    }
    expect(order.indexOf('early sync')).toBeLessThan(20);
    expect(order).toHaveLength(34);
  });

  it('lets those of one priority that join at one time go as they came', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock, { limits: { perMinute: 6, burst: { requests: 1, perMs: 10_000 } } });
    const order: string[] = [];
    const send = async (name: string) => {
      const permit = await budget.acquire('write', forever);
      order.push(name);
      permit.end({ status: 200 });
    };
    await Promise.all(['first', 'second', 'third', 'fourth'].map(send));
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
  });

  it('says when several requests could have been sent', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    expect(budget.available()).toBe(20);
    expect(budget.nextAvailable(20)).toBe(0);
    expect(budget.nextAvailable(21)).toBe(10_000);
    expect(budget.nextAvailable(101)).toBe(60_000);
    await sendMany(clock, budget, 20);
    expect(budget.nextAvailable(1)).toBe(10_000);
  });

  it('leaves room for others who use the same key, as the answers tell', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock);
    const permit = await budget.acquire('sync', forever);
    permit.end({ status: 200, remaining: 12, resetInMs: 20_000 });
    expect(budget.available()).toBe(12);
    await clock.sleep(20_000);
    expect(budget.available()).toBe(20);
  });

  it('does not count its own requests on their way as use by others', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock, {
      limits: { perMinute: 30, burst: { requests: 30, perMs: 10_000 } },
    });
    const permits = await Promise.all(Array.from({ length: 10 }, () => budget.acquire('sync', forever)));
    // The phone system had seen all ten when it answered the first.
    permits[0]?.end({ status: 200, remaining: 20, resetInMs: 60_000 });
    for (const permit of permits.slice(1)) permit.end({ status: 200, remaining: 20, resetInMs: 60_000 });
    expect(budget.available()).toBe(20);
  });

  it('spreads what is left until the reset when others leave less than ten', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock);
    const first = await budget.acquire('sync', forever);
    first.end({ status: 200, remaining: 5, resetInMs: 30_000 });
    const start = clock.now();
    const times = (await sendMany(clock, budget, 5)).map((time) => time - start);
    expect(times).toEqual([0, 6_000, 12_000, 18_000, 24_000]);
  });

  it('stops after a 429 until the reset, then 2, 4, 8, 16, 32 seconds when refused again', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const start = clock.now();
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      const permit = await budget.acquire('sync', forever);
      times.push(clock.now() - start);
      await clock.sleep(1);
      permit.end(i === 0 ? { status: 429, remaining: 0, resetInMs: 15_000 } : { status: 429 });
    }
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0) - 1);
    expect(waits).toEqual([15_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000]);
    expect(budget.statistics.rateLimited).toBe(8);
  });

  /** Sends one request that is answered so a millisecond later. @returns how long it had to wait */
  async function answered(budget: RequestBudget, clock: SimulatedClock, status: number): Promise<number> {
    const since = clock.now();
    const permit = await budget.acquire('sync', forever);
    const waited = clock.now() - since;
    await clock.sleep(1);
    permit.end({ status });
    return waited;
  }

  it('waits 2, 4, 8 seconds after 429s that tell no reset, and begins anew once one got through', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const waits: number[] = [];
    for (const status of [429, 429, 429, 200, 429, 429, 200])
      waits.push(await answered(budget, clock, status));
    expect(waits).toEqual([0, 2_000, 4_000, 8_000, 0, 2_000, 4_000]);
  });

  it('does not begin anew for one that was sent before the refusal and got through after it', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock);
    const [first, second] = await Promise.all([
      budget.acquire('sync', forever),
      budget.acquire('sync', forever),
    ]);
    await clock.sleep(100);
    first.end({ status: 429 });
    await clock.sleep(100);
    second.end({ status: 200 });
    expect(budget.nextAvailable(1)).toBe(1_900);
    expect(await answered(budget, clock, 429)).toBe(1_900);
    expect(budget.nextAvailable(1)).toBe(4_000);
  });

  it('counts the 429s of requests sent together as one refusal', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock);
    const permits = await Promise.all(Array.from({ length: 5 }, () => budget.acquire('sync', forever)));
    await clock.sleep(100);
    for (const permit of permits) permit.end({ status: 429 });
    expect(budget.nextAvailable(1)).toBe(2_000);
  });

  it('does not wait for the reset when a 429 came with requests left', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const permit = await budget.acquire('write', forever);
    permit.end({ status: 429, remaining: 60, resetInMs: 55_000 });
    expect(budget.nextAvailable(1)).toBe(2_000);
  });

  it('forgets a request whose caller gave up, and lets the next one go', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock, { limits: { perMinute: 1, burst: { requests: 1, perMs: 1_000 } } });
    (await budget.acquire('sync', forever)).end({ status: 200 });
    const givingUp = new AbortController();
    const abandoned = budget.acquire('person', givingUp.signal);
    const next = budget.acquire('sync', forever);
    givingUp.abort(new Error('gave up'));
    await expect(abandoned).rejects.toThrow('gave up');
    (await next).end();
    expect(budget.statistics).toMatchObject({ requests: 2, waits: 1, queued: 0 });
  });

  it('takes no place for a caller who has given up already', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const gone = AbortSignal.abort(new Error('gave up'));
    await expect(budget.acquire('person', gone)).rejects.toThrow('gave up');
    expect(budget.statistics).toMatchObject({ requests: 0, queued: 0 });
    expect(budget.available()).toBe(20);
  });

  it('leaves no listener behind on a signal that outlives its requests', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const process = new AbortController();
    for (let sent = 0; sent < 40; sent++) (await budget.acquire('sync', process.signal)).end({ status: 200 });
    expect(getEventListeners(process.signal, 'abort')).toHaveLength(0);
  });

  it('slows down as the one before it did that it continues', async () => {
    const clock = new SimulatedClock();
    const before = await heardBudgetOn(clock);
    (await before.acquire('sync', forever)).end({ status: 200, remaining: 5, resetInMs: 30_000 });
    (await before.acquire('sync', forever)).end();
    expect(before.nextAvailable(1)).toBe(6_000);
    const after = budgetOn(clock);
    after.continue(before);
    expect(after.nextAvailable(1)).toBe(6_000);
    // And the other way round: what it knows itself is not forgotten for one that knows less.
    after.continue(budgetOn(clock));
    expect(after.nextAvailable(1)).toBe(6_000);
  });

  it('knows from the one before it whether anybody else uses the key', async () => {
    const clock = new SimulatedClock();
    const grantedAtOnce = async (budget: RequestBudget) => {
      const { queued, requests } = budget.statistics;
      void budget.acquire('sync', forever);
      void budget.acquire('sync', forever);
      await clock.sleep(1);
      return [budget.statistics.requests - requests, budget.statistics.queued - queued];
    };
    expect(await grantedAtOnce(budgetOn(clock))).toEqual([1, 1]);
    const knowing = budgetOn(clock);
    knowing.continue(await heardBudgetOn(clock));
    expect(await grantedAtOnce(knowing)).toEqual([2, 0]);
    // One that has heard itself keeps to that.
    const [own, ignorant] = [await heardBudgetOn(clock), budgetOn(clock)];
    own.continue(ignorant);
    expect(await grantedAtOnce(own)).toEqual([2, 0]);
    // What was passed on is passed on again.
    const [second, third] = [budgetOn(clock), budgetOn(clock)];
    second.continue(await heardBudgetOn(clock));
    third.continue(second);
    third.continue(ignorant);
    expect(await grantedAtOnce(third)).toEqual([2, 0]);
  });

  it('holds back while every place is taken by a request on its way', async () => {
    const clock = new SimulatedClock();
    const budget = await heardBudgetOn(clock, {
      limits: { perMinute: 2, burst: { requests: 2, perMs: 1_000 } },
    });
    const first = await budget.acquire('sync', forever);
    await budget.acquire('sync', forever);
    let granted = false;
    const third = budget.acquire('sync', forever).then(() => {
      granted = true;
    });
    await clock.sleep(600_000);
    expect(granted).toBe(false);
    first.end({ status: 200 });
    await third;
    expect(granted).toBe(true);
  });

  it('asks once before it sends many: whether others use the key is not known at the start', async () => {
    const clock = new SimulatedClock();
    const budget = budgetOn(clock);
    const first = await budget.acquire('sync', forever);
    const later = sendMany(clock, budget, 5);
    await clock.sleep(300);
    expect(budget.statistics.queued).toBe(5);
    first.end({ status: 200, limit: 100, remaining: 99, resetInMs: 60_000 });
    expect(await later).toEqual(new Array(5).fill(clock.now()));
  });

  it('counts what an earlier process sent as sent in the last ten seconds: its burst is not over yet', async () => {
    const clock = new SimulatedClock();
    const server = new CountingServer(clock);
    const before = budgetOn(clock);
    for (let sent = 0; sent < 19; sent++) await server.call(before, 20, 20);
    const after = budgetOn(clock);
    const first = server.call(after, 20, 20);
    const start = clock.now();
    await Promise.all([first, ...Array.from({ length: 19 }, () => server.call(after, 20, 20))]);
    expect(server.refused).toBe(0);
    expect(clock.now() - start).toBeGreaterThanOrEqual(10_000);
  });

  it('is refused at most at its first request after a restart, whatever the process before it sent', async () => {
    const earlier = fc.record({
      count: fc.integer({ min: 0, max: 100 }),
      idleMs: fc.integer({ min: 0, max: 70_000 }),
      requests: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 30, maxLength: 150 }),
    });
    await fc.assert(
      fc.asyncProperty(earlier, async ({ count, idleMs, requests }) => {
        const clock = new SimulatedClock();
        const server = new CountingServer(clock);
        const before = budgetOn(clock, { marginMs: 50 });
        for (let sent = 0; sent < count; sent++) await server.call(before, 20, 20);
        await clock.sleep(idleMs);
        const [probe = 0, ...others] = requests;
        const after = budgetOn(clock, { marginMs: 50 });
        // Nothing tells before the first request whether the last ten seconds were used up.
        await server.call(after, probe, probe);
        const refusedAtFirst = server.refused;
        await Promise.all(others.map((travel) => server.call(after, travel, travel)));
        expect(refusedAtFirst).toBeLessThanOrEqual(1);
        expect(server.refused).toBe(refusedAtFirst);
      }),
      { numRuns: 60 },
    );
  });
});
