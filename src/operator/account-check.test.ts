import { expect, it } from 'vitest';
import type { ObjectType } from '../account/objects.ts';
import { observedAccount, userBody } from '../account/testing/observed.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { ApiError } from '../phonesystem/errors.ts';
import { AccountCheck } from './account-check.ts';

function missingWhenForbidden(...types: readonly ObjectType[]): readonly string[] {
  const check = new AccountCheck({
    phoneSystem: () => undefined,
    clock: new SimulatedClock(),
    findCustomerId: async () => undefined,
  });
  const failures = types.map((type) => [type, new ApiError({ kind: 'forbidden', message: 'no' })] as const);
  const observed = observedAccount({ user: [userBody('jane')] });
  check.snapshot({ ...observed, requests: 1, failures: new Map(failures), missingScopes: [] }, 9);
  return check.missingScopes;
}

it('a key that may not read what is managed lacks a scope', () => {
  expect(missingWhenForbidden('phoneNumber')).toEqual(['UC & CC Number Admin']);
});

it('a key that may not read ring groups lacks none: they are only shown, and nothing is managed by them', () => {
  expect(missingWhenForbidden('ringGroup')).toEqual([]);
});
