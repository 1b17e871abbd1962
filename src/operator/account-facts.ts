import type { DesiredAccount } from '../account/desired.ts';
import type { Plan } from '../account/plan.ts';
import type { AccountLoop } from '../execution/account-loop.ts';
import type { RemovalCount } from '../execution/removal-count.ts';
import type { AccountCheck } from './account-check.ts';
import type { AccountHealth } from './account-health.ts';
import type { AccountWorkerOptions } from './account-surroundings.ts';
import type { HeldRemovals } from './held-removals.ts';
import { countAccount } from './status/account-counts.ts';

/** In `status.handled`: the approval of removals that was used up. */
export const approvalUsed = 'approve-removals';

export interface AccountFactsOptions {
  readonly check: AccountCheck;
  readonly health: AccountHealth;
  readonly held: HeldRemovals;
  readonly loop: AccountLoop;
  readonly removals: RemovalCount;
  readonly isPaused: () => boolean;
  /** The request to reconcile that was answered last, as the status has it. */
  readonly answered: string | undefined;
  readonly show: AccountWorkerOptions['report'];
}

/** What the PhoneSystem's status says of its account as a whole. */
export class AccountFacts {
  readonly #options: AccountFactsOptions;
  #answered: string | undefined;

  constructor(options: AccountFactsOptions) {
    this.#options = options;
    this.#answered = options.answered;
  }

  /** All that this request asked for was read again. */
  reconciled(request: string | undefined): void {
    this.#answered = request;
  }

  /** Resolves with whether it stands there. Without a round, counts and held removals stay as they are shown. */
  report(round?: { readonly plan: Plan; readonly desired: DesiredAccount }): Promise<boolean> {
    const { check, health, held, isPaused, loop, removals, show } = this.#options;
    const pendingRemovals = round && held.observe(round.plan, round.desired);
    const { spent } = held;
    const { offer } = loop;
    const { customerId, missingScopes } = check;
    const [reason, message] = health.verdict();
    return show({
      reason,
      message,
      paused: isPaused(),
      missingScopes,
      recentRemovals: removals.entries(),
      handled: {
        ...(this.#answered === undefined ? {} : { reconcile: this.#answered }),
        ...(spent === undefined ? {} : { [approvalUsed]: spent }),
      },
      ...(customerId === undefined ? {} : { customerId }),
      ...(offer ? { offer } : {}),
      ...(round ? { counts: countAccount(round.plan, round.desired, loop.view) } : {}),
      ...(pendingRemovals ? { pendingRemovals } : {}),
    });
  }
}
