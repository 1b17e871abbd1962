import { beforeAll, describe, expect, it } from 'vitest';
import { type AccountFigures, measureAccount } from '../bench/account-figures.ts';
import { BenchAccount } from '../bench/bench-account.ts';
import { create, usual } from '../bench/scenarios/writes.ts';

/** The benchmark on a small company: a regression of a count shows here, in seconds. */
const small = { size: { users: 200, ringGroups: 4, sites: 10 }, batch: 60, planted: 20 };

const measured = new Map<boolean, Promise<AccountFigures>>();

/** Measured once for all tests that look at it. */
function figuresWith(sparseRows: boolean): Promise<AccountFigures> {
  const known = measured.get(sparseRows) ?? measureAccount(small, sparseRows, () => undefined);
  measured.set(sparseRows, known);
  return known;
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('an account of 200, with %s list rows', (_name, sparseRows) => {
  let figures: AccountFigures;

  beforeAll(async () => {
    figures = await figuresWith(sparseRows);
  });

  it('finds all drift that was planted, and no other', () => {
    const { falseFindings, found, planted } = figures.fullCheck;
    expect({ falseFindings, found, planted }).toEqual({ falseFindings: 0, found: 20, planted: 20 });
  });

  it('looks for news with at most five requests', () => {
    expect(figures.idleCheck.requests).toBeLessThanOrEqual(5);
  });

  it('writes nothing for an hour when there is nothing to do', () => {
    expect(figures.phoneSystemWritesConverged).toBe(0);
  });

  it('makes one write of four resources', () => {
    expect(figures.coalesce.writes).toBe(1);
  });

  it('exceeds no limit', () => {
    expect(figures.rateLimited).toBe(0);
    const { create: usualCreate, createSlow, createTail } = figures;
    for (const created of [usualCreate, createSlow, createTail]) expect(created.overInFlight).toBe(0);
  });
});

describe('requests, with complete list rows', () => {
  it('are one a page for a full check, and one for each deletion', async () => {
    const { fullCheck } = await figuresWith(false);
    expect(fullCheck.requests).toBeLessThanOrEqual(fullCheck.floor + 2);
  });

  it('are at most 1.10 a user where 1,000 are created', async () => {
    const account = await BenchAccount.start({ users: 50, ringGroups: 2, sites: 50 }, false);
    const { overInFlight, requestsPerUser } = await create(account, 'create', 1_000, usual);
    expect(requestsPerUser).toBeLessThanOrEqual(1.1);
    expect(overInFlight).toBe(0);
  });
});
