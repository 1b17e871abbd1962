import type { DesiredAccount } from '../../account/desired.ts';
import type { ObservedAccount } from '../../account/objects.ts';
import type { Plan } from '../../account/plan.ts';
import { type AccountKind, accountKinds, isAccountKind } from '../../resources/kinds.ts';

export interface KindCounts {
  /** Resources that declare something. */
  readonly managed: number;
  /** Those of them that differ from the account, or whose object is missing there. */
  readonly drifted: number;
  /** Objects that no resource declares; undefined where they are not counted, or were not read. */
  readonly unmanaged?: number;
}

export type AccountCounts = Readonly<Record<AccountKind, KindCounts>>;

/** What a person or a line is in the phone system; what else is there need not be declared to be in order. */
const countedCollections = { UserProfile: 'user', Extension: 'extension' } as const;

/** How much is declared, how much of it differs, and what the account has that no YAML declares. */
export function countAccount(plan: Plan, desired: DesiredAccount, observed: ObservedAccount): AccountCounts {
  const tally = () => ({ managed: 0, drifted: 0 });
  const counts = {
    UserProfile: tally(),
    Extension: tally(),
    PrivilegeGrant: tally(),
    PortingOrder: tally(),
  };
  for (const { resource } of desired.declarations.values()) {
    if (isAccountKind(resource.kind)) counts[resource.kind].managed++;
  }
  const declared = new Set<string>();
  for (const outcome of plan.outcomes.values()) {
    const { kind } = outcome.resource;
    const differs = outcome.drift.length > 0 || outcome.reason === 'Missing';
    if (differs && isAccountKind(kind)) counts[kind].drifted++;
    if (outcome.externalId !== undefined) declared.add(outcome.externalId);
  }
  const unmanaged = (kind: keyof typeof countedCollections) => {
    const collection = observed.collections[countedCollections[kind]];
    if (collection.state !== 'read') return {};
    return { unmanaged: [...collection.objects.keys()].filter((id) => !declared.has(id)).length };
  };
  return {
    ...counts,
    UserProfile: { ...counts.UserProfile, ...unmanaged('UserProfile') },
    Extension: { ...counts.Extension, ...unmanaged('Extension') },
  };
}

/** All kinds together, as the status of a PhoneSystem shows them. */
export function totalCounts(counts: AccountCounts): {
  readonly managed: number;
  readonly drifted: number;
  readonly unmanaged: number;
} {
  const total = { managed: 0, drifted: 0, unmanaged: 0 };
  for (const kind of accountKinds) {
    const { managed, drifted, unmanaged = 0 } = counts[kind];
    total.managed += managed;
    total.drifted += drifted;
    total.unmanaged += unmanaged;
  }
  return total;
}
