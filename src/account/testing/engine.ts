import { type ReasonName, readyReason } from '../../resources/conditions.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../../resources/reference.ts';
import { compile } from '../compile/compile.ts';
import { type AccountPolicy, type CompileInput, defaultPolicy } from '../compile/input.ts';
import type { DesiredAccount, DesiredField, DesiredObject, Problem } from '../desired.ts';
import { diff } from '../diff.ts';
import { type Memory, noMemory, type ResourceMemory } from '../memory.ts';
import { formatPath, type ObservedAccount } from '../objects.ts';
import type { Outcome, Plan } from '../plan.ts';
import { defaultAllowance, type RemovalAllowance } from '../removal-guard.ts';
import { observedAccount } from './observed.ts';

export const now = Date.UTC(2026, 0, 5);

export interface World {
  readonly observed?: ObservedAccount;
  readonly memory?: Memory;
  readonly policy?: Partial<AccountPolicy>;
  readonly secretRevision?: CompileInput['secretRevision'];
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly removals?: Partial<RemovalAllowance>;
}

/** What one resource remembers; `bound(jane, 'id-jane')` is one that has its object. */
export function remembers(resource: AccountResource, facts: Partial<ResourceMemory>): Memory {
  return new Map([[resourceKey(referenceTo(resource)), { ...noMemory, ...facts }]]);
}

export function bound(resource: AccountResource, externalId: string): Memory {
  return remembers(resource, { externalId });
}

export function memories(...parts: readonly Memory[]): Memory {
  return new Map(parts.flatMap((part) => [...part]));
}

/** Whatever a test is about: a reason that the documentation has for other kinds alone explains nothing. */
function mustBeDocumented(
  said: Iterable<{ readonly reason: ReasonName; readonly resource: ResourceRef }>,
): void {
  for (const { reason, resource } of said) {
    if (readyReason(reason).kinds.some((kind) => kind === resource.kind)) continue;
    throw new Error(`${reason} is not documented for ${resource.kind}: see ready-reasons.ts`);
  }
}

export function compiled(resources: readonly AccountResource[], world: World = {}): DesiredAccount {
  const desired = compile({
    resources,
    policy: { ...defaultPolicy, ...world.policy },
    observed: world.observed ?? observedAccount({ user: [] }),
    memory: world.memory ?? new Map(),
    now,
    secretRevision: world.secretRevision ?? (() => '1'),
  });
  mustBeDocumented(desired.problems);
  return desired;
}

export function planned(resources: readonly AccountResource[], world: World = {}): Plan {
  const plan = diff({
    desired: compiled(resources, world),
    observed: world.observed ?? observedAccount({ user: [] }),
    memory: world.memory ?? new Map(),
    driftPolicy: world.driftPolicy ?? 'Correct',
    removals: { ...defaultAllowance, ...world.removals },
  });
  mustBeDocumented(plan.outcomes.values());
  return plan;
}

/** `reason field` of each problem of a resource, in the order they were found. */
export function problemsOf(desired: DesiredAccount, resource: AccountResource): readonly string[] {
  return foundProblems(desired, resource).map(({ reason, field }) =>
    field === undefined ? reason : `${reason} ${field}`,
  );
}

export function messageOf(desired: DesiredAccount, resource: AccountResource): string {
  return foundProblems(desired, resource)
    .map(({ message }) => message)
    .join('\n');
}

function foundProblems(desired: DesiredAccount, resource: AccountResource): readonly Problem[] {
  const key = resourceKey(referenceTo(resource));
  return desired.problems.filter((problem) => resourceKey(problem.resource) === key);
}

export function objectOf(desired: DesiredAccount, handle: string): DesiredObject | undefined {
  return desired.objects.find((object) => object.handle === handle);
}

/** Declared values of an object by path as a plan shows it; `absent` for an element that shall not exist. */
export function declared(desired: DesiredAccount, handle: string): Readonly<Record<string, unknown>> {
  const fields = objectOf(desired, handle)?.fields ?? [];
  return Object.fromEntries(
    fields.map((field) => [formatPath(field.path), field.absent ? 'absent' : field.value]),
  );
}

export function fieldAt(desired: DesiredAccount, handle: string, path: string): DesiredField | undefined {
  return objectOf(desired, handle)?.fields.find((field) => formatPath(field.path) === path);
}

export function outcomeOf(plan: Plan, resource: AccountResource): Outcome | undefined {
  return plan.outcomes.get(resourceKey(referenceTo(resource)));
}

/** What the account would remember of a resource after this plan found it equal. */
export function remembered(plan: Plan, resource: AccountResource, externalId: string): Memory {
  return remembers(resource, { externalId, applied: outcomeOf(plan, resource)?.applied ?? {} });
}
