import type { AccountResource } from '../../resources/kinds.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';
import { AccountIndex } from '../compile/account-index.ts';
import { compile } from '../compile/compile.ts';
import type { CompileInput } from '../compile/input.ts';
import type { Declaration, DesiredAccount, DesiredObject, InvitationNeed } from '../desired.ts';
import { type Judgement, judge } from '../diff.ts';
import { noMemory } from '../memory.ts';
import type { NeededRead, Outcome, Plan } from '../plan.ts';
import type { RemovalAllowance } from '../removal-guard.ts';
import type { AtRest } from './at-rest.ts';
import { ObservedChanges } from './observed-news.ts';
import { type KnownResource, TiedResources } from './tied-resources.ts';
import { tiesOf, tiesOfObject } from './ties.ts';

export interface RoundInput extends CompileInput {
  readonly driftPolicy: 'Correct' | 'Report';
  readonly removals: RemovalAllowance;
}

export interface Round {
  readonly desired: DesiredAccount;
  readonly plan: Plan;
}

/**
 * Makes one plan after another of an account. Each is what `compile` and `diff` make of its input by themselves, but a
 * resource of which nothing was to be done is not looked at again before something changes that it has to do with.
 * docs/decisions/0006-what-is-at-rest-is-not-compiled-again.md tells why that is safe.
 */
export class Rounds {
  readonly #resources = new TiedResources();
  readonly #observed = new ObservedChanges();
  #policy = '';
  #number = 0;

  make(input: RoundInput): Round {
    const index = new AccountIndex(input.observed);
    const due = this.#due(input, index);
    const resources = [...due].map(({ resource }) => resource);
    const desired = compile({ ...input, resources }, index);
    const { driftPolicy, memory, observed, removals } = input;
    const managed = input.resources.length;
    const judgement = judge({ desired, observed, memory, driftPolicy, removals, managed });
    const fresh = new FreshParts(desired, judgement);
    for (const known of due) known.rest = fresh.restOf(known);
    return joined(this.#resources.all, desired, judgement, fresh);
  }

  /** The resources that have to be looked at, with all that they are tied to. */
  #due(input: RoundInput, index: AccountIndex): ReadonlySet<KnownResource> {
    this.#number++;
    const { changed, concernsAll } = this.#observed.take(input.observed);
    const policy = JSON.stringify(input.policy);
    const isAllDue = concernsAll || policy !== this.#policy;
    this.#policy = policy;
    const due = new Set<KnownResource>();
    const touch = (ties: readonly string[]) => {
      for (const tie of ties) for (const known of this.#resources.tiedBy(tie)) due.add(known);
    };
    for (const resource of input.resources) {
      const known = this.#take(resource, input);
      if (!known.rest || isAllDue) due.add(known);
    }
    for (const known of this.#resources.all) {
      if (known.round === this.#number) continue;
      touch([known.key, ...known.ties]);
      this.#resources.remove(known);
      due.delete(known);
    }
    for (const object of changed) touch(tiesOfObject(object));
    const find = (key: string) => this.#resources.get(key);
    // What is added meanwhile has its turn as well.
    for (const known of due) {
      const before = known.ties;
      const ties = tiesOf(known.resource, known.memory, index, find);
      if (!isSame(before, ties)) {
        this.#resources.tie(known, ties);
        touch(before);
      }
      touch([known.key, ...ties]);
    }
    return due;
  }

  #take(resource: AccountResource, { memory }: RoundInput): KnownResource {
    const key = resourceKey(referenceTo(resource));
    const known = this.#resources.get(key) ?? this.#resources.add(key, resource, this.#number);
    const remembered = memory.get(key) ?? noMemory;
    if (known.resource !== resource || known.memory !== remembered) known.rest = undefined;
    known.resource = resource;
    known.memory = remembered;
    known.round = this.#number;
    return known;
  }
}

/** What was made of the resources that were looked at, by resource. */
class FreshParts {
  readonly #desired: DesiredAccount;
  readonly #judgement: Judgement;
  readonly #objects: ReadonlyMap<string, readonly DesiredObject[]>;
  readonly #reads: ReadonlyMap<string, readonly NeededRead[]>;

  constructor(desired: DesiredAccount, judgement: Judgement) {
    this.#desired = desired;
    this.#judgement = judgement;
    this.#objects = Map.groupBy(desired.objects, ({ resources }) => resourceKey(resources[0]));
    const reads = new Map<string, NeededRead[]>();
    for (const { key, read } of judgement.reads) reads.set(key, [...(reads.get(key) ?? []), read]);
    this.#reads = reads;
  }

  readsOf(key: string): readonly NeededRead[] {
    return this.#reads.get(key) ?? none;
  }

  /** Undefined where it has to be looked at again, whatever happens. */
  restOf({ key, memory, resource }: KnownResource): AtRest | undefined {
    const { declarations, invitations, leftAlone } = this.#desired;
    const declaration = declarations.get(key);
    const outcome = this.#judgement.outcomes.get(key);
    if (!declaration || !outcome || !this.#judgement.atRest.has(key)) return undefined;
    // Rights expire, and what becomes of a port depends on Secrets and on the time; an edit due to a port goes with it.
    if (resource.kind !== 'UserProfile' && resource.kind !== 'Extension') return undefined;
    // By what it is bound to it is tied to the account.
    if (memory.externalId === undefined) return undefined;
    const left = leftAlone.get(key);
    const invitation = invitations.get(key);
    return {
      declaration,
      outcome,
      objects: this.#objects.get(key) ?? none,
      reads: this.readsOf(key),
      ...(left ? { leftAlone: left } : {}),
      ...(invitation ? { invitation } : {}),
    };
  }
}

/** The whole, of what was at rest and what was looked at, in the order of the keys. */
function joined(
  all: readonly KnownResource[],
  part: DesiredAccount,
  judgement: Judgement,
  fresh: FreshParts,
): Round {
  const declarations = new Map<string, Declaration>();
  const outcomes = new Map<string, Outcome>();
  const leftAlone = new Map(part.leftAlone);
  const invitations = new Map<string, InvitationNeed>(part.invitations);
  const objects = [...part.objects];
  const reads = [...part.needs];
  for (const { key, rest } of all) {
    const declared = part.declarations.get(key);
    const declaration = declared ?? rest?.declaration;
    const outcome = declared ? judgement.outcomes.get(key) : rest?.outcome;
    if (declaration) declarations.set(key, declaration);
    if (outcome) outcomes.set(key, outcome);
    if (declared) reads.push(...fresh.readsOf(key));
    else if (rest) {
      for (const read of rest.reads) reads.push(read);
      for (const object of rest.objects) objects.push(object);
      if (rest.leftAlone) leftAlone.set(key, rest.leftAlone);
      if (rest.invitation) invitations.set(key, rest.invitation);
    }
  }
  const { dueEdits, granted, needs, problems } = part;
  const desired = { objects, problems, needs, declarations, leftAlone, granted, invitations, dueEdits };
  return { desired, plan: { changes: judgement.changes, outcomes, reads } };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tie, index) => tie === b[index]);
}

const none: readonly never[] = [];
