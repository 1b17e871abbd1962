import type { Extension } from '../../../src/resources/generated/extension.ts';
import type { AccountResource } from '../../../src/resources/kinds.ts';
import type { BenchAccount, Latency } from '../bench-account.ts';
import { newcomers } from '../company.ts';
import { round } from './checks.ts';

export interface Created {
  readonly users: number;
  readonly requestsPerUser: number;
  readonly minutes: number;
  readonly floorMinutes: number;
  readonly overInFlight: number;
}

export interface Updated {
  readonly users: number;
  readonly requestsPerUser: number;
  readonly floor: number;
  readonly minutes: number;
}

/** The published limits: requests a minute, operations in flight. */
const perMinute = 100;
const inFlight = 10;

export const usual: Latency = { min: 2_000, max: 5_000 };
export const slow: Latency = { min: 5_000, max: 15_000 };
export const withTail: Latency = { ...usual, tail: { share: 0.01, ms: 60_000 } };

/** Not less than the requests need, nor than the places among the operations in flight allow. */
export function floorMinutes(users: number, { min, max, tail }: Latency): number {
  const middle = (min + max) / 2;
  const mean = tail ? tail.share * tail.ms + (1 - tail.share) * middle : middle;
  return Math.max(users / perMinute, (users * mean) / 1_000 / (60 * inFlight));
}

/** What `fullCheck` planted is put right, so that what follows begins with an account as declared. */
export async function correctDrift(account: BenchAccount): Promise<void> {
  account.driftPolicy = 'Correct';
  await account.flow.apply();
  requireSynced(account);
}

/** People with an extension each come to the company, all at once. */
export async function create(
  account: BenchAccount,
  name: string,
  users: number,
  latency: Latency,
): Promise<Created> {
  const { flow } = account;
  await account.setLatency(latency);
  await flow.resync();
  await account.rest();
  const { counts, minutes } = await account.measure(() =>
    flow.apply([...account.declared, ...newcomers(account.company, users, name)]),
  );
  requireSynced(account);
  // They stay, and are nobody's business any more.
  await flow.apply(account.declared);
  await account.setLatency(usual);
  return {
    users,
    requestsPerUser: round(counts.requests / users),
    minutes: round(minutes),
    floorMinutes: round(floorMinutes(users, latency)),
    overInFlight: counts.overInFlight,
  };
}

/** One field of many people changes in the YAML, and stays so: to change it back would take as long again. */
export async function update(account: BenchAccount, users: number): Promise<Updated> {
  const { flow } = account;
  await flow.resync();
  await account.rest();
  let left = users;
  const changed = account.declared.map((resource): AccountResource => {
    if (resource.kind !== 'UserProfile' || left === 0) return resource;
    left--;
    return { ...resource, spec: { ...resource.spec, jobTitle: 'Promoted' } };
  });
  const { counts, minutes } = await account.measure(() => flow.apply(changed));
  requireSynced(account);
  return { users, requestsPerUser: round(counts.requests / users), floor: 2, minutes: round(minutes) };
}

/** A profile and three extensions of it change at once: one user on the wire. */
export async function coalesce(
  account: BenchAccount,
): Promise<{ readonly writes: number; readonly floor: 1 }> {
  const { flow } = account;
  const [profile, extension] = newcomers(account.company, 1, 'several');
  if (profile?.kind !== 'UserProfile' || extension?.kind !== 'Extension') throw new Error('No newcomer');
  const extensions = ['6901', '6902', '6903'].map(
    (number): Extension => ({
      ...extension,
      metadata: { ...extension.metadata, name: `several-${number}` },
      spec: { ...extension.spec, number },
    }),
  );
  await flow.apply([...account.declared, profile, ...extensions]);
  requireSynced(account);
  await account.rest();
  const { counts } = await account.measure(() =>
    flow.apply([
      ...account.declared,
      { ...profile, spec: { ...profile.spec, jobTitle: 'Director' } },
      ...extensions.map((one) => ({ ...one, spec: { ...one.spec, callWaiting: false } })),
    ]),
  );
  requireSynced(account);
  await flow.apply(account.declared);
  return { writes: counts.writes, floor: 1 };
}

/** A figure of work that was not done would be a good one. */
function requireSynced({ flow }: BenchAccount): void {
  const [failure] = flow.failures;
  if (failure) throw new Error(`A write failed: ${failure.message}`);
  for (const [key, { reason, message }] of flow.plan?.outcomes ?? []) {
    if (reason !== 'Synced') throw new Error(`${key} is ${reason}: ${message}`);
  }
}
