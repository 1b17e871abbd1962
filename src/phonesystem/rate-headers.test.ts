import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { RequestBudget } from './budget.ts';
import { readRateHeaders } from './rate-headers.ts';
import { answer, options, problem, scripted } from './testing/scripted.ts';

const now = Date.UTC(2026, 0, 5, 9, 0, 0);
const seconds = (ms: number) => String(ms / 1_000);

describe('readRateHeaders', () => {
  it('reads the limit, what is left and the time until the reset', () => {
    expect(
      readRateHeaders(
        {
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': '87',
          'x-ratelimit-reset': seconds(now + 42_000),
        },
        now,
      ),
    ).toEqual({ limit: 100, remaining: 87, resetInMs: 42_000 });
  });

  it.each([
    ['an hour slow', -3_600_000],
    ['an hour fast', 3_600_000],
  ])('measures the reset by the clock of the phone system when ours is %s', (_name, wrong) => {
    const headers = { 'x-ratelimit-reset': seconds(now + 20_000), date: new Date(now).toUTCString() };
    expect(readRateHeaders(headers, now + wrong).resetInMs).toBe(20_000);
  });

  it('measures the reset by its own clock when the answer has no date that can be read', () => {
    const headers = { 'x-ratelimit-reset': seconds(now + 20_000) };
    expect(readRateHeaders(headers, now).resetInMs).toBe(20_000);
    expect(readRateHeaders({ ...headers, date: 'today' }, now).resetInMs).toBe(20_000);
  });

  it('takes a reset that has passed for now', () => {
    expect(readRateHeaders({ 'x-ratelimit-reset': seconds(now - 5_000) }, now).resetInMs).toBe(0);
  });

  it('waits as long as retry-after says, whatever the reset', () => {
    const headers = { 'retry-after': '7', 'x-ratelimit-reset': seconds(now + 50_000) };
    expect(readRateHeaders(headers, now).resetInMs).toBe(7_000);
  });

  it.each(['', '-1', 'soon', 'NaN', '1e9', '0x10', '7, 8'])('does not take "%s" for a number', (value) => {
    const headers = {
      'x-ratelimit-limit': value,
      'x-ratelimit-remaining': value,
      'x-ratelimit-reset': value,
      'retry-after': value,
    };
    expect(readRateHeaders(headers, now)).toEqual({});
  });
});

describe('what the headers of an answer do to the next request', () => {
  /** A client whose one request was answered so, and the budget that it used. */
  async function afterAnswer(status: number, headers: Record<string, string>) {
    const clock = new SimulatedClock(now);
    const budget = new RequestBudget({ clock, marginMs: 0 });
    const answered = status === 429 ? { ...problem(429), headers } : answer(status, {}, headers);
    const { client } = scripted(() => answered, { clock, budget });
    await client.get('user', 'u1', { ...options, refusalIsFinal: true }).catch(() => undefined);
    return budget;
  }

  it('leaves to others on the same key the places that they took', async () => {
    const budget = await afterAnswer(200, {
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '12',
      'x-ratelimit-reset': seconds(now + 20_000),
    });
    expect(budget.available()).toBeLessThanOrEqual(12);
    // Places beyond the twelve are free when the phone system says so.
    expect(budget.nextAvailable(13)).toBeGreaterThanOrEqual(20_000);
  });

  it('stops after a 429 for as long as retry-after says', async () => {
    const budget = await afterAnswer(429, { 'retry-after': '17' });
    expect(budget.nextAvailable(1)).toBe(17_000);
  });

  it('stops after a 429 until the reset, counted from the date of the answer', async () => {
    const budget = await afterAnswer(429, {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': seconds(now + 90_000),
      date: new Date(now + 60_000).toUTCString(),
    });
    expect(budget.nextAvailable(1)).toBe(30_000);
  });

  it('does not stop until the reset when the 429 came with requests left', async () => {
    const budget = await afterAnswer(429, {
      'x-ratelimit-remaining': '60',
      'x-ratelimit-reset': seconds(now + 55_000),
    });
    expect(budget.nextAvailable(1)).toBe(2_000);
  });
});
