import { BenchAccount } from '../bench-account.ts';
import { type Created, create, withTail } from './writes.ts';

const seeds = 12;
/** How many people there are already makes no difference to how long the new ones take. */
const small = { users: 60, ringGroups: 2, sites: 50 };

/** `createTail` once more with other chances: it depends on when the slow operations come. */
export async function tails(users: number): Promise<readonly (Created & { readonly seed: number })[]> {
  const found: (Created & { readonly seed: number })[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const account = await BenchAccount.start(small, false, seed);
    found.push({ seed, ...(await create(account, 'tail', users, withTail)) });
  }
  return found;
}
