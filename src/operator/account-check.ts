import type { ObjectType } from '../account/objects.ts';
import { customerIdOf } from '../execution/account-identity.ts';
import { shownOnly } from '../execution/needed-types.ts';
import type { Clock } from '../foundation/clock.ts';
import { collections } from '../phonesystem/collections.ts';
import type { Offer } from '../phonesystem/discovery.ts';
import type { ApiError } from '../phonesystem/errors.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { WriteScopes } from './write-scopes.ts';

/** The key belongs to another account than the PhoneSystem is for: nothing of it may be read or written. */
export class CustomerMismatch extends Error {
  override readonly name = 'CustomerMismatch';
}

export interface AccountCheckOptions {
  readonly phoneSystem: () => PhoneSystem | undefined;
  readonly clock: Clock;
  /** Asks the account whose it is; undefined when it does not say. */
  readonly findCustomerId: (signal: AbortSignal) => Promise<string | undefined>;
}

/** An account that does not say whose it is is not asked again with each attempt to read it. */
const askAgainMs = 5 * 60_000;

/** What is known of the account behind one key, and of what the key may not do with it. */
export class AccountCheck {
  readonly writes = new WriteScopes();
  readonly #options: AccountCheckOptions;
  readonly #forbidden = new Set<ObjectType>();
  #shown: string | undefined;
  #customerId: string | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #mismatch: CustomerMismatch | undefined;

  constructor(options: AccountCheckOptions) {
    this.#options = options;
  }

  /** As the account itself has said with this key, and as it must be; undefined until then. */
  get customerId(): string | undefined {
    return this.#customerId;
  }

  /** Scopes that the key lacks, by what was refused when it was last asked for. */
  get missingScopes(): readonly string[] {
    const forReading = [...this.#forbidden].map((type) => collections[type].keyScope);
    return [...new Set([...forReading, ...this.writes.missing])].sort();
  }

  /**
   * Before anything else is read: whose account is it?
   * @throws CustomerMismatch also when it must be a certain one, and does not say which it is
   * @throws ApiError when that can't be asked
   */
  async offer(offer: Offer, signal: AbortSignal): Promise<void> {
    this.#mismatch = undefined;
    const found = offer.customerId ?? this.#shown ?? (await this.#ask(signal));
    if (found !== undefined) this.#meet(found);
    else if (this.#expected()) this.#refuse(this.#silence());
  }

  /**
   * @throws CustomerMismatch
   * @throws ApiError when nothing at all could be read
   */
  snapshot(snapshot: Snapshot, asked: number): void {
    // What changed since says nothing new about whose account it is.
    if (this.#mismatch) throw this.#mismatch;
    const users = snapshot.collections.user;
    const id = users.state === 'read' ? firstCustomerId(users.objects.values()) : undefined;
    if (id !== undefined) this.#meet(id);
    for (const [type, failure] of snapshot.failures) {
      if (failure.kind === 'forbidden' && !shownOnly.has(type)) this.#forbidden.add(type);
    }
    for (const type of this.#forbidden) {
      if (!snapshot.failures.has(type) && snapshot.collections[type].state === 'read')
        this.#forbidden.delete(type);
    }
    const failures = [...snapshot.failures.values()].filter(isOutOfReach);
    const [first] = failures;
    if (first && failures.length >= asked) throw first;
  }

  async #ask(signal: AbortSignal): Promise<string | undefined> {
    const { clock, findCustomerId } = this.#options;
    if (clock.now() - this.#askedAt < askAgainMs) return undefined;
    const found = await findCustomerId(signal);
    this.#askedAt = clock.now();
    return found;
  }

  #meet(found: string): void {
    // The key stays the same as long as this does, and need not be asked again.
    this.#shown = found;
    this.#customerId = undefined;
    const expected = this.#expected();
    if (expected === undefined || expected.id === found) {
      this.#customerId = found;
      return;
    }
    this.#refuse(
      `The key belongs to customer ${found}, and ${expected.because} ${expected.id}; correct the key or spec.endpoint, or make another PhoneSystem for the other account`,
    );
  }

  #expected(): { readonly id: string; readonly because: string } | undefined {
    const phoneSystem = this.#options.phoneSystem();
    const declared = phoneSystem?.spec.customerId;
    if (declared !== undefined) return { id: declared, because: 'spec.customerId is' };
    const before = phoneSystem?.status?.customerId;
    return before === undefined ? undefined : { id: before, because: 'so far it was' };
  }

  #silence(): string {
    const { id, because } = this.#expected() ?? { id: '', because: '' };
    return `The phone system does not say which account the key belongs to, and ${because} ${id}: nothing is written to an account that may be another's; let the key read users, or make a PhoneSystem without customerId`;
  }

  #refuse(message: string): never {
    this.#mismatch = new CustomerMismatch(message);
    throw this.#mismatch;
  }
}

function firstCustomerId(objects: Iterable<{ readonly body: Parameters<typeof customerIdOf>[0] }>) {
  for (const { body } of objects) {
    const id = customerIdOf(body);
    if (id !== undefined) return id;
  }
  return undefined;
}

function isOutOfReach(failure: ApiError): boolean {
  return failure.kind === 'unavailable' || failure.kind === 'timeout' || failure.kind === 'rateLimited';
}
