import type { Offer } from '../../phonesystem/discovery.ts';
import { nextConditions, type ReasonName, type Verdict, verdictsOf } from '../../resources/conditions.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../../resources/generated/phone-system.ts';
import { type AccountCounts, totalCounts } from './account-counts.ts';

export interface PhoneSystemFacts {
  readonly reason: ReasonName;
  readonly message: string;
  readonly paused: boolean;
  readonly offer?: Offer;
  readonly customerId?: string;
  /** What is left out below is not known now: what the status says of it stands. */
  readonly missingScopes?: readonly string[];
  readonly counts?: AccountCounts;
  readonly pendingRemovals?: { readonly digest: string; readonly count: number };
  readonly recentRemovals?: readonly { readonly time: string; readonly count: number }[];
  /** The reconcile token that was answered last. */
  readonly handled?: Readonly<Record<string, string>>;
}

export function phoneSystemStatus(
  resource: PhoneSystem,
  facts: PhoneSystemFacts,
  now: string,
): PhoneSystemStatus {
  const generation = resource.metadata.generation ?? 0;
  const verdicts: Verdict[] = [...verdictsOf(facts.reason, facts.message)];
  if (facts.paused) {
    verdicts.push({
      type: 'Paused',
      status: 'True',
      reason: 'PhoneSystem',
      message: 'Nothing is written while spec.paused is true',
    });
  }
  return {
    observedGeneration: generation,
    conditions: nextConditions(resource.status?.conditions ?? [], verdicts, { now, generation }).map(
      (condition) => ({ ...condition }),
    ),
    ...known(facts, resource.status ?? {}),
  };
}

function known(facts: PhoneSystemFacts, before: PhoneSystemStatus): PhoneSystemStatus {
  // Only what was compared with it: what a wrong key shows must not take its place.
  const customerId = facts.customerId ?? before.customerId;
  const missingScopes = facts.missingScopes ?? before.missingScopes ?? [];
  const offers = facts.offer ? [...facts.offer.offers] : (before.offers ?? []);
  const counts = facts.counts ? totalCounts(facts.counts) : before.counts;
  const recentRemovals = facts.recentRemovals ?? before.recentRemovals ?? [];
  const handled = { ...before.handled, ...facts.handled };
  // Only a plan tells that none wait any more.
  const pendingRemovals = facts.pendingRemovals ?? (facts.counts ? undefined : before.pendingRemovals);
  return {
    ...(customerId === undefined ? {} : { customerId }),
    ...(missingScopes.length > 0 ? { missingScopes: [...missingScopes].sort() } : {}),
    ...(offers.length > 0 ? { offers: offers.sort() } : {}),
    ...(counts ? { counts } : {}),
    ...(pendingRemovals ? { pendingRemovals } : {}),
    ...(recentRemovals.length > 0 ? { recentRemovals: recentRemovals.map((entry) => ({ ...entry })) } : {}),
    ...(Object.keys(handled).length > 0 ? { handled } : {}),
  };
}
