import type { ObjectType } from '../account/objects.ts';
import { collections } from '../phonesystem/collections.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import type { ApiError } from '../phonesystem/errors.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';

/** The key belongs to another account than the PhoneSystem is for: nothing of it may be read or written. */
export class CustomerMismatch extends Error {
  override readonly name = 'CustomerMismatch';
}

/** What is known of the account behind the key, and which of its parts the key may not read. */
export class AccountCheck {
  readonly #phoneSystem: () => PhoneSystem | undefined;
  readonly #forbidden = new Set<ObjectType>();
  #customerId: string | undefined;

  constructor(phoneSystem: () => PhoneSystem | undefined) {
    this.#phoneSystem = phoneSystem;
  }

  get customerId(): string | undefined {
    return this.#customerId;
  }

  /** Scopes that the key lacks, by what was refused when it was last asked for. */
  get missingScopes(): readonly string[] {
    return [...new Set([...this.#forbidden].map((type) => collections[type].keyScope))].sort();
  }

  /** @throws CustomerMismatch */
  offer(offer: Offer): void {
    if (offer.customerId !== undefined) this.#meet(offer.customerId);
  }

  /**
   * @throws CustomerMismatch
   * @throws ApiError when nothing at all could be read
   */
  snapshot(snapshot: Snapshot, asked: number): void {
    const users = snapshot.collections.user;
    if (users.state === 'read') {
      for (const { body } of users.objects.values()) {
        const id = customerIdOf(body.customerId) ?? this.#customerId;
        if (id !== undefined) this.#meet(id);
        break;
      }
    }
    for (const [type, failure] of snapshot.failures) {
      if (failure.kind === 'forbidden') this.#forbidden.add(type);
    }
    for (const type of this.#forbidden) {
      if (!snapshot.failures.has(type) && snapshot.collections[type].state === 'read')
        this.#forbidden.delete(type);
    }
    const failures = [...snapshot.failures.values()].filter(isOutOfReach);
    const [first] = failures;
    if (first && failures.length >= asked) throw first;
  }

  #meet(found: string): void {
    const phoneSystem = this.#phoneSystem();
    const declared = phoneSystem?.spec.customerId;
    const expected = declared ?? phoneSystem?.status?.customerId ?? this.#customerId;
    if (expected !== undefined && expected !== found) {
      throw new CustomerMismatch(
        `The key belongs to customer ${found}, and ${declared === undefined ? 'so far it was' : 'spec.customerId is'} ${expected}; correct the key or spec.endpoint, or make another PhoneSystem for the other account`,
      );
    }
    this.#customerId = found;
  }
}

function customerIdOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isOutOfReach(failure: ApiError): boolean {
  return failure.kind === 'unavailable' || failure.kind === 'timeout' || failure.kind === 'rateLimited';
}
