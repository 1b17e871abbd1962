import { expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AccountCheck } from './account-check.ts';
import { AccountHealth } from './account-health.ts';

function health(told: string[]): AccountHealth {
  const check = new AccountCheck({
    phoneSystem: () => undefined,
    clock: new SimulatedClock(),
    findCustomerId: async () => undefined,
  });
  return new AccountHealth(check, { error: (message) => told.push(message) }, () => undefined);
}

it('says of the account nothing else for one object that cannot be read, and tells of it once', () => {
  const told: string[] = [];
  const account = health(told);
  const before = account.verdict();
  account.unread('user/u1', new Error('500'));
  account.unread('user/u1', new Error('500'));
  expect(account.fault).toBeUndefined();
  expect(account.verdict()).toEqual(before);
  expect(told).toEqual(['an object was not read']);
  account.failed(new Error('away'));
  expect(account.verdict()[0]).toBe('Unreachable');
});
