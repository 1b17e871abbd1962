import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { Stored } from './kinds.ts';
import { keyOf } from './kubernetes/object.ts';

/**
 * Two writers on one account would undo each other's work: the older PhoneSystem keeps it.
 * @returns the older one that manages the same account, as far as anybody knows
 */
export function olderRival(
  phoneSystem: Stored<PhoneSystem>,
  all: readonly Stored<PhoneSystem>[],
): Stored<PhoneSystem> | undefined {
  return all.find(
    (other) =>
      other.metadata.uid !== phoneSystem.metadata.uid &&
      other.metadata.deletionTimestamp === undefined &&
      sameAccount(other, phoneSystem) &&
      age(other) < age(phoneSystem),
  );
}

function age(phoneSystem: Stored<PhoneSystem>): string {
  return `${phoneSystem.metadata.creationTimestamp ?? ''} ${keyOf(phoneSystem.metadata)}`;
}

/** Where only one of two is known to belong to another customer, nobody can tell them apart. */
function sameAccount(a: PhoneSystem, b: PhoneSystem): boolean {
  if (!sameAddress(a.spec.endpoint, b.spec.endpoint)) return false;
  const [left, right] = [customerOf(a), customerOf(b)];
  return left === undefined || right === undefined || left === right;
}

function customerOf({ spec, status }: PhoneSystem): string | undefined {
  return spec.customerId ?? status?.customerId;
}

function sameAddress(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return a === b;
  const [left, right] = [new URL(a), new URL(b)];
  const path = (url: URL) => url.pathname.replace(/\/+$/, '');
  return left.host === right.host && path(left) === path(right);
}
