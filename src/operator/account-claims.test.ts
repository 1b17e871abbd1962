import { beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AccountClaims, AccountTaken, type Claimant } from './account-claims.ts';
import type { Contender } from './account-rivalry.ts';

let clock: SimulatedClock;
let undecided: Contender[];
let gone: string[];
let claims: AccountClaims;
beforeEach(() => {
  clock = new SimulatedClock();
  undecided = [];
  gone = [];
  claims = new AccountClaims({ clock, undecided: () => undecided });
});

/** @param day on which the PhoneSystem was made */
function claimant(name: string, day: number, customerId?: string): Claimant {
  return {
    name,
    endpoint: 'https://phones.example.com/admin',
    customerId,
    created: `2026-01-0${day}T00:00:00Z`,
    letGo: async () => {
      gone.push(name);
    },
  };
}

const [older, younger] = [claimant('older', 1, 'A'), claimant('younger', 2, 'A')];
const silent = claimant('silent', 1);

it('the younger of two waits until the older one is gone', async () => {
  await claims.claim(older);
  await expect(claims.claim(younger)).rejects.toThrow('PhoneSystem older manages the same account');
  expect(claims.release('older')).toBe(true);
  await claims.claim(younger);
  expect(gone).toEqual([]);
});

it('the older one gets its account back, once the younger has let go', async () => {
  await claims.claim(younger);
  await claims.claim(older);
  expect(gone).toEqual(['younger']);
  await expect(claims.claim(younger)).rejects.toThrow(AccountTaken);
});

it('one of whose account nobody knows keeps nobody away who has shown his', async () => {
  await claims.claim(silent);
  await claims.claim(younger);
  expect(gone).toEqual(['silent']);
  await expect(claims.claim(silent)).rejects.toThrow(/does not say which account.*PhoneSystem younger/);
});

it('accounts of two customers do not concern each other', async () => {
  await claims.claim(older);
  await claims.claim(claimant('other', 2, 'B'));
  await claims.claim(older);
  expect(gone).toEqual([]);
});

it('while one is looked at that had the account before, a younger one does not take it', async () => {
  undecided = [older];
  await expect(claims.claim(younger)).rejects.toThrow('PhoneSystem older manages the same account');
  undecided = [];
  await claims.claim(younger);
});

it('a younger one that had the account before is not waited for', async () => {
  undecided = [younger, claimant('other', 1, 'B')];
  await claims.claim(older);
});

it('one whose key opens nothing any more keeps its account for five minutes', async () => {
  await claims.claim(older);
  claims.doubt('older');
  await clock.sleep(4 * 60_000);
  claims.doubt('older');
  await expect(claims.claim(younger)).rejects.toThrow(AccountTaken);
  await clock.sleep(60_000);
  await claims.claim(younger);
  // It writes nothing meanwhile, and has it back once its key is good again.
  expect(gone).toEqual(['older']);
  await claims.claim(older);
  expect(gone).toEqual(['older', 'younger']);
});

it('a doubt is over with the next reading', async () => {
  await claims.claim(older);
  claims.doubt('older');
  await clock.sleep(6 * 60_000);
  await claims.claim(older);
  await expect(claims.claim(younger)).rejects.toThrow(AccountTaken);
});
