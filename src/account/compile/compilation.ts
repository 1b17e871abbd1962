import { externalIdAnnotation, pausedAnnotation } from '../../resources/annotations.ts';
import type { ReasonName } from '../../resources/conditions.ts';
import type { AccountKind, AccountResource } from '../../resources/kinds.ts';
import { type ResourceRef, referenceTo, resourceKey } from '../../resources/reference.ts';
import type {
  Declaration,
  DesiredAccount,
  DesiredField,
  DesiredObject,
  GrantedSection,
  Owner,
  Problem,
} from '../desired.ts';
import { noMemory, type ResourceMemory } from '../memory.ts';
import type { ObjectType } from '../objects.ts';
import type { AccountIndex } from './account-index.ts';
import { holders } from './identity.ts';
import type { CompileInput } from './input.ts';
import { mergeFields } from './merge-fields.ts';
import { resolveReference } from './resolve-reference.ts';

type AccountResourceOf<K extends AccountKind> = Extract<AccountResource, { readonly kind: K }>;

/** How any resource stands. */
interface Standing {
  readonly ref: ResourceRef;
  readonly key: string;
  readonly deleting: boolean;
  readonly paused: boolean;
  readonly consent: Declaration['consent'];
}

/** A resource with what is remembered of it. */
export interface Compiled<K extends AccountKind> extends Standing {
  readonly resource: AccountResourceOf<K>;
  readonly memory: ResourceMemory;
  /** The id by memory or, for adoption, by annotation. */
  readonly knownId?: string;
}

interface Draft {
  readonly object: Omit<DesiredObject, 'fields' | 'resources'>;
  readonly resources: ResourceRef[];
  /** What each resource contributes. */
  readonly parts: (readonly DesiredField[])[];
}

/** What a resource is, and what it contributes to. */
interface Facts {
  readonly externalId?: string | undefined;
  readonly handles: readonly string[];
}

const none: readonly string[] = [];

/** The work in progress of one compilation: what the per-kind compilers read and where they put their findings. */
export class Compilation {
  readonly input: CompileInput;
  readonly index: AccountIndex;
  readonly problems: Problem[] = [];
  readonly leftAlone = new Map<string, readonly string[]>();
  readonly granted = new Map<string, readonly GrantedSection[]>();
  readonly #resources: readonly AccountResource[];
  readonly #drafts = new Map<string, Draft>();
  /** By type and id, once somebody asks. */
  #handles: Map<string, string> | undefined;
  readonly #declarations = new Map<string, { readonly standing: Standing; readonly facts: Facts }>();
  readonly #incomplete = new Set<string>();
  readonly #needs = new Map<string, { readonly type: ObjectType; readonly id: string }>();
  #bound: ReadonlyMap<string, string> | undefined;
  #dependents: Map<string, AccountResource[]> | undefined;
  readonly #problemsOf = new Map<string, readonly Problem[]>();
  readonly #blocked = new Set<string>();
  readonly #deleting: ReadonlySet<string>;

  constructor(input: CompileInput, index: AccountIndex) {
    this.input = input;
    this.index = index;
    this.#deleting = new Set(
      input.resources
        .filter((resource) => resource.metadata.deletionTimestamp !== undefined)
        .map((resource) => resourceKey(referenceTo(resource))),
    );
    this.#resources = sortedByKey(input.resources);
  }

  /** All resources of a kind, sorted by name: input order must not matter. */
  all<K extends AccountKind>(kind: K): Compiled<K>[] {
    const all: Compiled<K>[] = [];
    for (const resource of this.#resources) {
      if (isOfKind(resource, kind)) all.push({ resource, ...this.#facts(resource) });
    }
    return all;
  }

  #facts(resource: AccountResource): Omit<Compiled<AccountKind>, 'resource'> {
    const ref = referenceTo(resource);
    const key = resourceKey(ref);
    const memory = this.input.memory.get(key) ?? noMemory;
    const knownId = memory.externalId ?? resource.metadata.annotations?.[externalIdAnnotation];
    return {
      ref,
      key,
      memory,
      deleting: resource.metadata.deletionTimestamp !== undefined,
      paused: this.input.policy.paused || resource.metadata.annotations?.[pausedAnnotation] === 'true',
      consent: 'consent' in resource.spec ? (resource.spec.consent ?? []) : [],
      ...(knownId === undefined ? {} : { knownId }),
    };
  }

  /** Records how a resource stands; every resource is declared once. */
  declare(standing: Standing, facts: Facts): void {
    this.#declarations.set(standing.key, { standing, facts });
  }

  /** What became of every resource, once all are compiled. */
  declarations(): ReadonlyMap<string, Declaration> {
    const declarations = new Map<string, Declaration>();
    for (const [key, { standing, facts }] of this.#declarations) {
      const handles = this.#blocked.has(key) ? none : facts.handles;
      const complete = !this.#incomplete.has(key);
      const { externalId } = facts;
      const { ref, deleting, paused, consent } = standing;
      const identity = externalId === undefined ? {} : { externalId };
      declarations.set(key, { resource: ref, ...identity, handles, paused, deleting, consent, complete });
    }
    return declarations;
  }

  /** Says that not all of a resource's fields are declared this time: what is missing was not taken out of the YAML. */
  postpone(key: string): void {
    this.#incomplete.add(key);
  }

  /** Asks for a single read of an object whose row hides what is needed of it. */
  need(type: ObjectType, id: string): void {
    if (!this.input.observed.gone.has(`${type}/${id}`)) this.#needs.set(`${type}/${id}`, { type, id });
  }

  get needs(): DesiredAccount['needs'] {
    return [...this.#needs.values()];
  }

  /** Extensions and grants that stay and refer to the profile with this key. */
  dependents(key: string): readonly AccountResource[] {
    if (!this.#dependents) {
      this.#dependents = new Map();
      for (const resource of this.#resources) {
        if (resource.kind !== 'Extension' && resource.kind !== 'PrivilegeGrant') continue;
        const name = resource.spec.userProfileRef?.name;
        if (name === undefined || resource.metadata.deletionTimestamp !== undefined) continue;
        const profile = resourceKey({ ...referenceTo(resource), kind: 'UserProfile', name });
        const list = this.#dependents.get(profile);
        if (list) list.push(resource);
        else this.#dependents.set(profile, [resource]);
      }
    }
    return this.#dependents.get(key) ?? [];
  }

  /** The resource of a kind that is bound to the object with this id, for people: `UserProfile jane`. */
  boundTo(kind: AccountKind, id: string): string | undefined {
    this.#bound ??= holders(this.input.memory);
    return this.#bound.get(`${kind} ${id}`);
  }

  /** Nothing of the resource is written. */
  refuse(resource: ResourceRef, reason: ReasonName, message: string, field?: string): void {
    // Whether something is left to take away is not known: what is being deleted must not go yet.
    if (reason !== 'NotRead' && this.#isMoot(resource, reason)) return;
    this.#blocked.add(resourceKey(resource));
    this.#report({
      resource,
      reason,
      message,
      scope: 'resource',
      ...(field === undefined ? {} : { field }),
    });
  }

  /** Only this field is left out. */
  omit(resource: ResourceRef, field: string, reason: ReasonName, message: string): void {
    if (this.#isMoot(resource, reason)) return;
    this.#report({ resource, reason, message, field, scope: 'field' });
  }

  /** Once, though several ways lead to it. */
  #report(problem: Problem): void {
    const { field, message, reason } = problem;
    const key = resourceKey(problem.resource);
    this.#incomplete.add(key);
    const known = this.#problemsOf.get(key) ?? [];
    if (known.some((other) => other.field === field && other.reason === reason && other.message === message))
      return;
    this.#problemsOf.set(key, [...known, problem]);
    this.problems.push(problem);
  }

  problemsOf(key: string): readonly Problem[] {
    return this.#problemsOf.get(key) ?? [];
  }

  /** A mistake in what is being deleted must not keep it from going. */
  #isMoot(resource: ResourceRef, reason: ReasonName): boolean {
    return this.#deleting.has(resourceKey(resource)) && reason !== 'InUse' && reason !== 'StillReferred';
  }

  isRefused(key: string): boolean {
    return this.#blocked.has(key);
  }

  /** Begins an object; `contribute` adds to it. */
  begin(object: Omit<DesiredObject, 'fields' | 'resources'>, primary: ResourceRef): void {
    this.#drafts.set(object.handle, { object, resources: [primary], parts: [] });
    if (this.#handles && object.id !== undefined)
      this.#handles.set(`${object.type}/${object.id}`, object.handle);
  }

  /** The handle under which an existing object was begun: it is written once, whoever contributes. */
  handleOf(type: ObjectType, id: string): string | undefined {
    if (!this.#handles) {
      this.#handles = new Map();
      for (const { object } of this.#drafts.values())
        if (object.id !== undefined) this.#handles.set(`${object.type}/${object.id}`, object.handle);
    }
    return this.#handles.get(`${type}/${id}`);
  }

  draft(handle: string): Draft | undefined {
    return this.#drafts.get(handle);
  }

  contribute(handle: string, resource: ResourceRef, fields: readonly DesiredField[]): void {
    const draft = this.#drafts.get(handle);
    if (!draft) return;
    const { resources } = draft;
    if (
      !resources.includes(resource) &&
      !resources.some((other) => resourceKey(other) === resourceKey(resource))
    )
      resources.push(resource);
    draft.parts.push(fields);
  }

  objects(): DesiredObject[] {
    const objects: DesiredObject[] = [];
    for (const { object, resources, parts } of this.#drafts.values()) {
      const [first, ...others] = resources;
      if (!first) continue;
      const fields = joined(parts);
      const merged =
        others.length === 0
          ? fields
          : mergeFields(fields, this.input.memory, (problem) => this.#report(problem));
      objects.push({ ...object, resources: [first, ...others], fields: merged });
    }
    return objects;
  }

  /** Resolves `{name}` or `{id}` of a field to an id; records the problem and gives undefined when it can't. */
  resolve(
    owner: Owner,
    type: ObjectType,
    reference: { readonly name?: string; readonly id?: string },
  ): string | undefined {
    return resolveReference(this, owner, type, reference);
  }
}

/** Exactly as long as need be: this is kept. */
function joined([first = [], ...others]: readonly (readonly DesiredField[])[]): readonly DesiredField[] {
  return others.length === 0 ? first : first.concat(...others);
}

function sortedByKey(resources: readonly AccountResource[]): AccountResource[] {
  return resources
    .map((resource) => ({ resource, key: resourceKey(referenceTo(resource)) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ resource }) => resource);
}

function isOfKind<K extends AccountKind>(
  resource: AccountResource,
  kind: K,
): resource is AccountResourceOf<K> {
  return resource.kind === kind;
}
