import type { DesiredAccount } from '../../account/desired.ts';
import type { ObservedAccount } from '../../account/objects.ts';
import type { Plan } from '../../account/plan.ts';
import { removalDigest } from '../../account/removal-guard.ts';
import type { Offer } from '../../phonesystem/discovery.ts';
import { nextConditions, type ReasonName, type Verdict, verdictsOf } from '../../resources/conditions.ts';
import type { PhoneSystem, PhoneSystemStatus } from '../../resources/generated/phone-system.ts';

export interface PhoneSystemFacts {
  readonly reason: ReasonName;
  readonly message: string;
  readonly paused: boolean;
  readonly offer?: Offer;
  readonly missingScopes: readonly string[];
  readonly counts?: { readonly managed: number; readonly drifted: number; readonly unmanaged: number };
  readonly pendingRemovals?: { readonly digest: string; readonly count: number };
  readonly recentRemovals: readonly { readonly time: string; readonly count: number }[];
  /** The reconcile token that was answered last. */
  readonly handled: Readonly<Record<string, string>>;
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
    ...(facts.offer?.customerId === undefined ? {} : { customerId: facts.offer.customerId }),
    ...(facts.missingScopes.length > 0 ? { missingScopes: [...facts.missingScopes].sort() } : {}),
    ...(facts.offer && facts.offer.offers.size > 0 ? { offers: [...facts.offer.offers].sort() } : {}),
    ...(facts.counts ? { counts: facts.counts } : {}),
    ...(facts.pendingRemovals ? { pendingRemovals: facts.pendingRemovals } : {}),
    ...(facts.recentRemovals.length > 0
      ? { recentRemovals: facts.recentRemovals.map((entry) => ({ ...entry })) }
      : {}),
    ...(Object.keys(facts.handled).length > 0 ? { handled: { ...facts.handled } } : {}),
  };
}

/** How much is declared, how much of it differs, and what the account has that no YAML declares. */
export function countAccount(plan: Plan, desired: DesiredAccount, observed: ObservedAccount) {
  let drifted = 0;
  const declared = new Set<string>();
  for (const outcome of plan.outcomes.values()) {
    if (outcome.drift.length > 0 || outcome.reason === 'Missing') drifted++;
    if (outcome.externalId !== undefined) declared.add(outcome.externalId);
  }
  const users = observed.collections.user;
  const extensions = observed.collections.extension;
  let unmanaged = 0;
  for (const collection of [users, extensions]) {
    if (collection.state !== 'read') continue;
    for (const id of collection.objects.keys()) if (!declared.has(id)) unmanaged++;
  }
  return { managed: desired.declarations.size, drifted, unmanaged };
}

/** What the removal guard holds back. */
export function pendingRemovals(plan: Plan): { digest: string; count: number } | undefined {
  const held = plan.changes.filter((change) => change.gate?.kind === 'removalGuard');
  return held.length === 0 ? undefined : { digest: removalDigest(held), count: held.length };
}
