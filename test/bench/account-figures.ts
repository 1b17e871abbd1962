import { BenchAccount } from './bench-account.ts';
import type { Size } from './company.ts';
import { type FullCheck, fullCheck, type IdleCheck, quietHour } from './scenarios/checks.ts';
import {
  type Created,
  coalesce,
  correctDrift,
  create,
  slow,
  type Updated,
  update,
  usual,
  withTail,
} from './scenarios/writes.ts';

/** The figures of one company, from the real client, engine and sandbox in simulated time. */
export interface AccountFigures {
  readonly fullCheck: FullCheck;
  readonly idleCheck: IdleCheck;
  readonly create: Created;
  readonly createSlow: Created;
  readonly createTail: Created;
  readonly update: Updated;
  readonly coalesce: { readonly writes: number; readonly floor: 1 };
  /** Answers 429 over all of it. */
  readonly rateLimited: number;
  /** Over an hour. */
  readonly phoneSystemWritesConverged: number;
}

export interface Plan {
  readonly size: Size;
  /** How many users are created and updated in each scenario. */
  readonly batch: number;
  readonly planted: number;
}

export async function measureAccount(
  plan: Plan,
  sparseRows: boolean,
  progress: (line: string) => void,
): Promise<AccountFigures> {
  const { batch, planted, size } = plan;
  progress('reading the company');
  const account = await BenchAccount.start(size, sparseRows);
  progress('an hour without changes');
  const quiet = await quietHour(account);
  progress(`${planted} drifts planted`);
  const full = await fullCheck(account, planted);
  progress('drifts corrected');
  await correctDrift(account);
  progress('four resources of one user');
  const coalesced = await coalesce(account);
  progress(`${batch} users created`);
  const created = await create(account, 'create', batch, usual);
  progress(`${batch} users created at 5–15 s`);
  const createdSlowly = await create(account, 'createSlow', batch, slow);
  progress(`${batch} users created with stragglers`);
  const createdWithTail = await create(account, 'createTail', batch, withTail);
  progress(`${batch} users updated`);
  const updated = await update(account, batch);
  return {
    fullCheck: full,
    idleCheck: quiet.idleCheck,
    create: created,
    createSlow: createdSlowly,
    createTail: createdWithTail,
    update: updated,
    coalesce: coalesced,
    rateLimited: account.rateLimited,
    phoneSystemWritesConverged: quiet.writes,
  };
}
