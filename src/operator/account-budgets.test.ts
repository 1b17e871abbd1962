import { beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import { AccountBudgets } from './account-budgets.ts';

const forever = new AbortController().signal;
const limits = { perMinute: 100, burst: { requests: 20, perMs: 10_000 } };

let budgets: AccountBudgets;
beforeEach(() => {
  budgets = new AccountBudgets(new SimulatedClock());
});

async function send(budget: RequestBudget, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) (await budget.acquire('sync', forever)).end({ status: 200 });
}

it('counts for a new worker what the one before it has sent, within its own limits', async () => {
  const { requests, audit } = budgets.begin('acme/default', limits);
  await send(requests, 12);
  await send(audit, 3);
  const next = budgets.begin('acme/default', { ...limits, burst: { requests: 15, perMs: 10_000 } });
  expect([next.requests.available(), next.audit.available()]).toEqual([3, 17]);
  expect(budgets.begin('acme/default', limits).requests.available()).toBe(8);
});

it('counts what had no answer yet when its worker ended', async () => {
  const { requests } = budgets.begin('acme/default', limits);
  await send(requests, 1);
  const permit = await requests.acquire('sync', forever);
  const next = budgets.begin('acme/default', limits).requests;
  expect(next.available()).toBe(18);
  permit.end();
  expect(next.available()).toBe(18);
});

it('keeps to what a refusal asked for', async () => {
  const { requests } = budgets.begin('acme/default', limits);
  (await requests.acquire('sync', forever)).end({ status: 429, resetInMs: 30_000 });
  expect(budgets.begin('acme/default', limits).requests.nextAvailable()).toBe(30_000);
});

it('counts for the next keeper of an account what others have sent to it', async () => {
  const { requests } = budgets.begin('acme/older', limits);
  budgets.settle('acme/older', 'phones.example.com A');
  await send(requests, 12);
  budgets.forget('acme/older');
  const next = budgets.begin('acme/younger', limits).requests;
  expect(next.available()).toBe(20);
  budgets.settle('acme/younger', 'phones.example.com A');
  expect(next.available()).toBe(8);
  budgets.settle('acme/younger', 'phones.example.com A');
  expect(next.available()).toBe(8);
});

it('takes what others have sent for theirs no longer, once it counts as its own', async () => {
  const wide = { perMinute: 60_000, burst: { requests: 10_000, perMs: 10_000 } };
  // The phone system counts all of them, and tells how many of its own hundred are left.
  let left = 100;
  const ask = async (budget: RequestBudget) => {
    const permit = await budget.acquire('sync', forever);
    left--;
    permit.end({ status: 200, limit: 100, remaining: left, resetInMs: 60_000 });
  };
  const older = budgets.begin('acme/older', wide).requests;
  budgets.settle('acme/older', 'phones.example.com A');
  for (let sent = 0; sent < 40; sent++) await ask(older);
  expect(older.available()).toBe(60);
  const next = budgets.begin('acme/younger', wide).requests;
  await ask(next);
  budgets.settle('acme/younger', 'phones.example.com A');
  budgets.settle('acme/younger', 'phones.example.com A');
  expect(next.available()).toBe(59);
});

it('does not mix accounts', async () => {
  const { requests } = budgets.begin('acme/default', limits);
  budgets.settle('acme/default', 'phones.example.com A');
  await send(requests, 12);
  const other = budgets.begin('globex/default', limits).requests;
  budgets.settle('globex/default', 'phones.example.com B');
  expect(other.available()).toBe(20);
});
