import type { AccountResource } from '../../resources/kinds.ts';
import { compile } from '../compile/compile.ts';
import { type AccountPolicy, type CompileInput, defaultPolicy } from '../compile/input.ts';
import type { DesiredAccount, Problem } from '../desired.ts';
import { diff } from '../diff.ts';
import { type Memory, noMemory, type ResourceMemory } from '../memory.ts';
import { formatPath, type ObservedAccount } from '../objects.ts';
import type { Change, Outcome, Plan } from '../plan.ts';
import { defaultAllowance, type RemovalAllowance } from '../removal-guard.ts';
import { account } from './observed-account.ts';

/** Monday, 5 January 2026. */
export const now = Date.UTC(2026, 0, 5);

export interface RoundInput {
  readonly resources: readonly AccountResource[];
  readonly account?: ObservedAccount;
  /** By `Kind/name`. */
  readonly memory?: Readonly<Record<string, Partial<ResourceMemory>>>;
  readonly policy?: Partial<AccountPolicy>;
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly removals?: Partial<RemovalAllowance>;
  readonly now?: number;
  readonly secretRevision?: CompileInput['secretRevision'];
}

/** What one round found: the plan, told in the short words in which tests ask for it. */
export class Round {
  readonly desired: DesiredAccount;
  readonly plan: Plan;
  /** As it is after the round: what was found applied is remembered. */
  readonly memory: Readonly<Record<string, Partial<ResourceMemory>>>;

  constructor(input: RoundInput) {
    const observed = input.account ?? account();
    const memory = memoryOf(input.memory ?? {});
    this.desired = compile({
      resources: input.resources,
      policy: { ...defaultPolicy, ...input.policy },
      observed,
      memory,
      now: input.now ?? now,
      secretRevision: input.secretRevision ?? (() => undefined),
    });
    this.plan = diff({
      desired: this.desired,
      observed,
      memory,
      driftPolicy: input.driftPolicy ?? 'Correct',
      removals: { ...defaultAllowance, ...input.removals },
    });
    this.memory = Object.fromEntries(
      [...this.plan.outcomes].map(([key, { applied, externalId }]) => [
        shortKey(key),
        { ...memory.get(key), applied, ...(externalId === undefined ? {} : { externalId }) },
      ]),
    );
  }

  /** The outcome of `Kind/name`. */
  outcome(name: string): Outcome {
    const outcome = this.plan.outcomes.get(longKey(name));
    if (!outcome) throw new Error(`no outcome of ${name}`);
    return outcome;
  }

  reason(name: string): string {
    return this.outcome(name).reason;
  }

  message(name: string): string {
    return this.outcome(name).message;
  }

  /** `Kind/name: field: Reason` of each problem. */
  get problems(): string[] {
    return this.desired.problems.map(
      ({ resource, field, reason }) => `${resource.kind}/${resource.name}: ${field ?? '-'}: ${reason}`,
    );
  }

  problem(name: string, field?: string): Problem {
    const found = this.desired.problems.find(
      (candidate) =>
        `${candidate.resource.kind}/${candidate.resource.name}` === name && candidate.field === field,
    );
    if (!found) throw new Error(`no such problem; there are ${this.problems.join(', ')}`);
    return found;
  }

  /** `Action type id-or-natural-key` of each change that may be made now. */
  get does(): string[] {
    return this.plan.changes.filter(({ gate }) => gate === undefined).map(words);
  }

  /** `gate: Action type …` of each change that is only shown. */
  get holds(): string[] {
    return this.plan.changes.flatMap((change) =>
      change.gate ? [`${change.gate.kind}: ${words(change)}`] : [],
    );
  }

  /** All values of the changes that may be made now, by path; an element that goes is `<gone>`. */
  get writes(): Record<string, unknown> {
    return valuesOf(this.plan.changes.filter(({ gate }) => gate === undefined));
  }

  /** All values of the changes that are only shown. */
  get withheld(): Record<string, unknown> {
    return valuesOf(this.plan.changes.filter(({ gate }) => gate !== undefined));
  }

  /** Path and cause of each difference. */
  get causes(): Record<string, string> {
    return Object.fromEntries(
      this.plan.changes.flatMap(({ fields }) =>
        fields.map(({ path, cause }) => [formatPath(path), cause] as const),
      ),
    );
  }

  get reads(): string[] {
    return this.plan.reads.map(({ type, id }) => `${type}/${id}`);
  }
}

export function round(
  resources: readonly AccountResource[],
  observed?: ObservedAccount,
  more: Omit<RoundInput, 'resources' | 'account'> = {},
): Round {
  return new Round({ resources, ...(observed ? { account: observed } : {}), ...more });
}

function words({ action, type, objectId, naturalKey }: Change): string {
  return `${action} ${type} ${objectId ?? naturalKey}`;
}

function valuesOf(changes: readonly Change[]): Record<string, unknown> {
  return Object.fromEntries(
    changes.flatMap(({ fields }) =>
      fields.map(({ path, to, field }) => [formatPath(path), field.absent ? '<gone>' : to] as const),
    ),
  );
}

function longKey(name: string): string {
  const [kind, ...rest] = name.split('/');
  return `${kind}/acme/${rest.join('/')}`;
}

function shortKey(key: string): string {
  return key.replace('/acme/', '/');
}

function memoryOf(short: Readonly<Record<string, Partial<ResourceMemory>>>): Memory {
  return new Map(Object.entries(short).map(([name, memory]) => [longKey(name), { ...noMemory, ...memory }]));
}
