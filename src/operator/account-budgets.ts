import type { Clock } from '../foundation/clock.ts';
import { RequestBudget, type RequestLimits } from '../phonesystem/budget.ts';

/** The right to send requests to one account. */
export interface AccountBudget {
  readonly requests: RequestBudget;
  /** The audit API counts by itself. */
  readonly audit: RequestBudget;
}

/**
 * The budgets of accounts, beyond the life of their workers: an edit of a PhoneSystem ends a worker and starts
 * another, and the phone system counts the requests of both.
 */
export class AccountBudgets {
  readonly #clock: Clock;
  readonly #ofOwner = new Map<string, AccountBudget>();
  readonly #ofAccount = new Map<string, AccountBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A budget for a new worker of `owner`, whose last one has ended. */
  begin(owner: string, limits: RequestLimits): AccountBudget {
    const budget: AccountBudget = {
      requests: new RequestBudget({ clock: this.#clock, limits }),
      audit: new RequestBudget({ clock: this.#clock }),
    };
    const before = this.#ofOwner.get(owner);
    if (before) goOn(budget, before);
    this.#ofOwner.set(owner, budget);
    return budget;
  }

  /** `owner` keeps this account from now on: what others have sent to it counts. */
  settle(owner: string, account: string): void {
    const [budget, before] = [this.#ofOwner.get(owner), this.#ofAccount.get(account)];
    if (!budget) return;
    if (before) goOn(budget, before);
    this.#ofAccount.set(account, budget);
  }

  /** The owner is gone for good. */
  forget(owner: string): void {
    this.#ofOwner.delete(owner);
  }
}

function goOn(budget: AccountBudget, before: AccountBudget): void {
  if (budget === before) return;
  budget.requests.continue(before.requests);
  budget.audit.continue(before.audit);
}
