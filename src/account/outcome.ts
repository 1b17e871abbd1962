import type { ReasonName } from '../resources/conditions.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { Comparisons, DiffInput } from './comparison.ts';
import { howToAgree, isConsentMark, spentConsents } from './consent.ts';
import type { Declaration, DesiredField, Problem } from './desired.ts';
import { noMemory, type ResourceMemory } from './memory.ts';
import { formatPath, type ObservedAccount } from './objects.ts';
import type { Action, Change, Drift, Outcome } from './plan.ts';
import { isRecreation } from './removal-guard.ts';
import { valueDigest } from './value-digest.ts';

export interface Outcomes {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Keys of the resources of which nothing is to be done or said, and whose objects were all seen. */
  readonly atRest: ReadonlySet<string>;
}

/** What the plan means for each resource, in the words its status will use. */
export function decideOutcomes(
  input: DiffInput,
  comparisons: readonly Comparisons[],
  changes: readonly Change[],
): Outcomes {
  const byHandle = new Map<string, Comparisons>();
  for (const comparison of comparisons) byHandle.set(comparison.object.handle, comparison);
  const changesByResource = new Map<string, Change[]>();
  for (const change of changes) {
    for (const resource of change.resources) {
      const key = resourceKey(resource);
      const list = changesByResource.get(key) ?? [];
      list.push(change);
      changesByResource.set(key, list);
    }
  }
  const problemsByResource = Map.groupBy(input.desired.problems, ({ resource }) => resourceKey(resource));
  const outcomes = new Map<string, Outcome>();
  const atRest = new Set<string>();
  const declarations = [...input.desired.declarations].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [key, declaration] of declarations) {
    const own: Comparisons[] = [];
    for (const handle of declaration.handles) {
      const comparison = byHandle.get(handle);
      if (comparison) own.push(comparison);
    }
    const facts = {
      key,
      declaration,
      comparisons: own,
      changes: changesByResource.get(key) ?? none,
      problems: problemsByResource.get(key) ?? none,
      remembered: input.memory.get(key) ?? noMemory,
      observed: input.observed,
    };
    outcomes.set(key, outcomeOf(facts));
    if (isAtRest(facts)) atRest.add(key);
  }
  return { outcomes, atRest };
}

/** All that it contributes to was seen, nothing is to be done and nothing is wrong: nothing else has a say then. */
function isAtRest({ changes, comparisons, declaration, problems }: Facts): boolean {
  if (changes.length + problems.length + declaration.consent.length > 0) return false;
  return comparisons.every(({ observed, unreadable }) => observed !== undefined && !unreadable);
}

const none: readonly never[] = [];

/** All that the outcome of one resource follows from. */
interface Facts {
  readonly key: string;
  readonly declaration: Declaration;
  readonly comparisons: readonly Comparisons[];
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  readonly remembered: ResourceMemory;
  readonly observed: ObservedAccount;
}

/** As equal keys, without making their text: this is asked some ten times a resource. */
function isSame(a: ResourceRef, b: ResourceRef): boolean {
  return a === b || (a.name === b.name && a.kind === b.kind && a.namespace === b.namespace);
}

function outcomeOf(facts: Facts): Outcome {
  const { changes, comparisons, declaration, observed, remembered } = facts;
  const drift: Drift[] = [];
  for (const comparison of comparisons) {
    for (const difference of comparison.differing) {
      const owner = difference.owners.find((candidate) => isSame(candidate.resource, declaration.resource));
      if (owner && difference.cause === 'drift') {
        drift.push({ path: formatPath(difference.path), owner, cause: difference.cause });
      }
    }
  }
  return {
    resource: declaration.resource,
    ...(declaration.externalId === undefined ? {} : { externalId: declaration.externalId }),
    ...judge(facts),
    drift: drift.length === 0 ? none : drift,
    changes: changes.length === 0 ? none : changes.map((change) => change.id),
    ...appliedOf(remembered, declaration, comparisons, observed),
  };
}

/** Only what the YAML no longer says is forgotten: a typo that stops a resource must not cost its memory. */
function appliedOf(
  remembered: ResourceMemory,
  declaration: Declaration,
  comparisons: readonly Comparisons[],
  observed: ObservedAccount,
): Pick<Outcome, 'applied' | 'released'> {
  if (declaration.consent.length === 0 && isAsRemembered(remembered, declaration.resource, comparisons))
    return { applied: remembered.applied, released: none };
  const equal = new Map<string, string>();
  const open = new Set<string>();
  for (const comparison of comparisons) {
    for (const field of comparison.equal) {
      const own = ownField(field.owners, declaration.resource);
      if (own !== undefined) equal.set(own, valueDigest(field));
    }
    if (comparison.equal.length === comparison.object.fields.length) continue;
    for (const { owners } of comparison.object.fields) {
      const own = ownField(owners, declaration.resource);
      if (own !== undefined) open.add(own);
    }
  }
  const before = Object.keys(remembered.applied).filter((field) => !isConsentMark(field));
  const released = declaration.complete
    ? before.filter((field) => !equal.has(field) && !open.has(field)).sort()
    : [];
  const gone = new Set(released);
  const applied: Record<string, string> = {};
  for (const field of before) if (!gone.has(field)) applied[field] = remembered.applied[field] ?? '';
  for (const [field, digest] of equal) applied[field] = digest;
  const spent = spentConsents(declaration, remembered.applied, comparisons, observed);
  return { applied: { ...applied, ...spent }, released };
}

/** The usual case, of which there are many: every field is as it was, and no other is remembered. */
function isAsRemembered(
  { applied }: ResourceMemory,
  resource: ResourceRef,
  comparisons: readonly Comparisons[],
): boolean {
  let same = 0;
  for (const { equal } of comparisons) {
    for (const field of equal) {
      const own = ownField(field.owners, resource);
      if (own === undefined) continue;
      if (applied[own] !== valueDigest(field)) return false;
      same++;
    }
  }
  return same === Object.keys(applied).length;
}

/** The field by which a resource declares a value; undefined when it does not. */
function ownField(owners: DesiredField['owners'], resource: ResourceRef): string | undefined {
  for (const owner of owners) if (isSame(owner.resource, resource)) return owner.field;
  return undefined;
}

type Judgement = Pick<Outcome, 'reason' | 'message' | 'verified'>;

const doing: Readonly<Record<Action, ReasonName>> = {
  Create: 'Creating',
  Update: 'Updating',
  Delete: 'Deleting',
  Submit: 'Updating',
  Cancel: 'Updating',
};

/** The first thing that a person must know: what is wrong, what is waited for, what is under way; else all is well. */
function judge({ changes, comparisons, declaration, key, observed, problems }: Facts): Judgement {
  if (declaration.paused) return said('Paused', 'Nothing is written while dialops.dev/paused is set');
  const problem = problems.find((candidate) => candidate.scope === 'resource') ?? problems[0];
  if (problem) {
    return said(
      problem.reason,
      problem.field === undefined ? problem.message : `spec.${problem.field}: ${problem.message}`,
    );
  }
  const unreadable = comparisons.find((comparison) => comparison.unreadable)?.unreadable;
  if (unreadable) return said(unreadable.reason, unreadable.message);
  for (const change of changes) {
    if (change.gate?.kind === 'consent' && resourceKey(change.gate.resource) === key) {
      const { lack, needed } = change.gate;
      return said(
        'ConsentRequired',
        `${needed.change} to ${needed.to} loses data; ${howToAgree(needed, lack)}`,
      );
    }
  }
  for (const change of changes) {
    if (change.gate?.kind === 'removalGuard') {
      const approval = `dialops.dev/approve-removals: ${change.gate.digest} on the PhoneSystem`;
      return said(
        'RemovalGuard',
        isRecreation(change)
          ? `It is gone from the account, as others are. If it is the right account, ${approval} has it made again`
          : `Waits for ${approval}`,
      );
    }
    if (change.gate?.kind === 'waits' && !changes.some((other) => comesFirst(other, change)))
      return said(change.gate.reason, change.gate.message);
  }
  const waiting = comparisons.find(
    (comparison) => comparison.object.waits.length > 0 && resourceKey(comparison.object.resources[0]) === key,
  );
  const [wait] = waiting?.object.waits ?? [];
  if (wait) return said(wait.reason, wait.message);
  const active = changes.find((change) => change.gate === undefined);
  if (active) return said(doing[active.action], 'The phone system is being brought in line');
  if (changes.some((change) => change.gate?.kind === 'driftPolicy')) {
    return changes.some((change) => change.action === 'Create')
      ? said('Missing', 'It was deleted in the account; driftPolicy is Report')
      : said('DriftNotCorrected', 'The account was changed since; driftPolicy is Report');
  }
  const verified = comparisons.every((comparison) => comparison.known && isSettled(comparison, observed));
  if (declaration.deleting) return { reason: 'Deleted', message: 'Nothing is left to do', verified };
  return { reason: 'Synced', message: 'The phone system has all that is declared', verified };
}

/** What another change of the same resource waits for says more: it is under way, or held. */
function comesFirst(first: Change, then: Change): boolean {
  if (then.action === 'Submit') return first.handle === then.handle && first.action !== 'Submit';
  return then.after.includes(first.handle);
}

/** False while an object is missing from its list and has not been asked for by itself. */
function isSettled({ object, observed: seen }: Comparisons, observed: ObservedAccount): boolean {
  if (object.id === undefined || (seen && !object.seen)) return true;
  const collection = observed.collections[object.type];
  if (collection.state !== 'read') return true;
  return collection.objects.has(object.id) || observed.gone.has(`${object.type}/${object.id}`);
}

function said(reason: ReasonName, message: string): Judgement {
  return { reason, message, verified: true };
}
