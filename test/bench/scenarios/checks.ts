import type { ObjectType } from '../../../src/account/objects.ts';
import { neededTypes } from '../../../src/execution/needed-types.ts';
import { collections } from '../../../src/phonesystem/collections.ts';
import type { BenchAccount } from '../bench-account.ts';

export interface FullCheck {
  readonly users: number;
  readonly requests: number;
  /** Pages of all collections of managed kinds. */
  readonly floor: number;
  readonly planted: number;
  readonly found: number;
  readonly falseFindings: number;
}

export interface IdleCheck {
  /** The most that one check of the hour took. */
  readonly requests: number;
  /** What a check looked at, by collection. */
  readonly covers: Readonly<Record<string, 'whole' | 'newest'>>;
  /** Minutes: how old the knowledge of what no check looked at became at most. */
  readonly oldestUnknown: number;
}

const minuteMs = 60_000;

/** Pages of the collections that the declared resources are compared with. */
export function pagesOf(account: BenchAccount): number {
  return neededTypes(account.flow.resources).reduce((sum, type) => sum + pages(account, type), 0);
}

function pages(account: BenchAccount, type: ObjectType): number {
  const collection = account.flow.loop.view.collections[type];
  const rows = collection.state === 'read' ? collection.objects.size : 0;
  return Math.max(1, Math.ceil(rows / collections[type].maxPageSize));
}

/**
 * Plants drift behind the operator's back: of each ten, one a deletion and one that leaves the time of the last
 * update alone. Then reads everything once, and holds what is reported against what was planted.
 */
export async function fullCheck(account: BenchAccount, planted: number): Promise<FullCheck> {
  const { flow } = account;
  account.driftPolicy = 'Report';
  await account.rest();
  const floor = pagesOf(account);
  const wanted = await plant(account, planted);
  const { counts } = await account.measure(() => flow.resync());
  const findings = new Set<string>();
  for (const [key, { reason }] of flow.plan?.outcomes ?? [])
    if (reason !== 'Synced') findings.add(numberOf(key));
  const found = [...wanted].filter((number) => findings.has(number)).length;
  return {
    users: account.company.users.length,
    requests: counts.requests,
    floor,
    planted: wanted.size,
    found,
    falseFindings: findings.size - found,
  };
}

/** @returns the numbers of the people who have something wrong now */
async function plant(account: BenchAccount, count: number): Promise<Set<string>> {
  const { company } = account;
  const step = Math.floor(company.users.length / (count + 1));
  const numbers = new Set<string>();
  for (let index = 0; index < count; index++) {
    // Never the first: the primary administrator.
    const position = (index + 1) * step;
    const user = company.users[position];
    const extension = company.extensions[position];
    if (!user || !extension) continue;
    numbers.add(String(position));
    const path = `/users/${user.id}`;
    if (index % 10 === 0) await account.remove(path);
    else if (index % 10 === 1) await account.patch(path, { directoryInfo: { jobTitle: 'Changed' } }, true);
    else if (index % 2 === 0) await account.patch(path, { directoryInfo: { department: 'Elsewhere' } });
    else await account.patch(path, { basicInfo: { firstName: 'Changed' } });
  }
  return numbers;
}

/** The number of the person behind `UserProfile/acme/person-7` and `Extension/acme/extension-7`. */
function numberOf(key: string): string {
  return key.slice(key.lastIndexOf('-') + 1);
}

/** Lives through an hour in which nothing happens. */
export async function quietHour(
  account: BenchAccount,
): Promise<{ readonly idleCheck: IdleCheck; readonly writes: number; readonly requests: number }> {
  const { flow } = account;
  let most = 0;
  let oldest = 0;
  let writes = 0;
  let requests = 0;
  const covers: Record<string, 'whole' | 'newest'> = {};
  for (let minute = 0; minute < 60; minute++) {
    await flow.clock.sleep(minuteMs);
    const startedAt = flow.clock.now();
    const fullBefore = flow.loop.lastFullSyncAt;
    oldest = Math.max(oldest, startedAt - oldestReading(account));
    const { counts } = await account.measure(() => flow.loop.settle());
    writes += counts.writes;
    requests += counts.requests;
    if (flow.loop.lastFullSyncAt !== fullBefore) continue;
    most = Math.max(most, counts.requests);
    for (const type of neededTypes(flow.resources)) {
      const collection = flow.loop.view.collections[type];
      if (collection.state === 'read' && collection.readAt >= startedAt) covers[type] = 'whole';
      else if (counts.byRoute[`GET ${collections[type].path}`] && !covers[type]) covers[type] = 'newest';
    }
  }
  return {
    idleCheck: { requests: most, covers, oldestUnknown: round(oldest / minuteMs) },
    writes,
    requests,
  };
}

function oldestReading(account: BenchAccount): number {
  const times = neededTypes(account.flow.resources).flatMap((type) => {
    const collection = account.flow.loop.view.collections[type];
    return collection.state === 'read' ? [collection.readAt] : [];
  });
  return Math.min(...times);
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
