import type { Clock } from '../foundation/clock.ts';
import { type Contender, goesBefore, mayShareAccount } from './account-rivalry.ts';

/** Somebody else writes to the account: this one may not. */
export class AccountTaken extends Error {
  override readonly name = 'AccountTaken';
}

/** Who asks to be the only writer of an account. */
export interface Claimant extends Contender {
  /** Resolves when this one writes nothing any more, and never will again without a new claim. */
  readonly letGo: () => Promise<void>;
}

interface Held {
  readonly claimant: Claimant;
  /** Since when its account can't be read, in milliseconds since the epoch. */
  doubtedAt: number | undefined;
}

export interface AccountClaimsOptions {
  readonly clock: Clock;
  /** Others who had an account when they were last looked at, and of whom nobody knows yet whether they still do. */
  readonly undecided: () => readonly Contender[];
}

/** A key that is refused for so long opens nothing any more: whoever holds it keeps nobody else away. */
const doubtMs = 5 * 60_000;

/**
 * Which PhoneSystem is the one writer of each account. What counts is what an account has told about itself with the
 * key of the claimant, never what a YAML says of it.
 */
export class AccountClaims {
  readonly #options: AccountClaimsOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: AccountClaimsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the claimant is the only one. Whoever must give way to it has let go by then.
   * @throws AccountTaken
   */
  async claim(claimant: Claimant): Promise<void> {
    const rivals = [...this.#held.values()].filter(
      (held) => held.claimant.name !== claimant.name && mayShareAccount(held.claimant, claimant),
    );
    const stronger = rivals.find((held) => !this.#isLapsed(held) && goesBefore(held.claimant, claimant));
    if (stronger) throw new AccountTaken(messageFor(claimant, stronger.claimant));
    const mayBeStronger = this.#options
      .undecided()
      .find(
        (other) =>
          other.name !== claimant.name && mayShareAccount(other, claimant) && goesBefore(other, claimant),
      );
    if (mayBeStronger) throw new AccountTaken(messageFor(claimant, mayBeStronger));
    this.#held.set(claimant.name, { claimant, doubtedAt: undefined });
    for (const { claimant: weaker } of rivals) this.#held.delete(weaker.name);
    await Promise.all(rivals.map(({ claimant: weaker }) => weaker.letGo()));
  }

  /** Its account can't be read at the moment. */
  doubt(name: string): void {
    const held = this.#held.get(name);
    if (held) held.doubtedAt ??= this.#options.clock.now();
  }

  /** @returns true when it held one */
  release(name: string): boolean {
    return this.#held.delete(name);
  }

  #isLapsed({ doubtedAt }: Held): boolean {
    return doubtedAt !== undefined && this.#options.clock.now() - doubtedAt >= doubtMs;
  }
}

function messageFor(claimant: Contender, rival: Contender): string {
  if (claimant.customerId !== undefined)
    return `PhoneSystem ${rival.name} manages the same account; delete one of the two`;
  return `The phone system does not say which account the key opens, and PhoneSystem ${rival.name} has one at the same address, which may be the same; let the key read users, or delete one of the two`;
}
