import { compile } from '../../account/compile/compile.ts';
import { type AccountPolicy, defaultPolicy } from '../../account/compile/input.ts';
import type { Problem } from '../../account/desired.ts';
import type { ReasonName } from '../../resources/conditions.ts';
import type { Finding } from '../../resources/finding.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import type { PhoneSystem } from '../../resources/generated/phone-system.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import { formatJsonPath, type JsonPath } from '../../resources/json-path.ts';
import { type AccountResource, phoneSystemOf } from '../../resources/kinds.ts';
import type { LoadedResource, LoadedResources } from '../../resources/loading/load-resources.ts';
import { formatReference, type ResourceRef, resourceKey } from '../../resources/reference.ts';
import { type RuleId, validationRule } from '../../resources/validation-rules.ts';
import { assumedAccount, assumedMemory } from './assumed-account.ts';
import { dispatchableLocationDue } from './emergency-address.ts';
import { pathOfField } from './field-path.ts';

export interface SetOptions {
  /** Milliseconds since the epoch: grants expire. */
  readonly now: number;
  /** What a PhoneSystem of the set says about its resources. */
  readonly policyOf: (phoneSystem: PhoneSystem) => AccountPolicy;
}

/** What only all resources of a set together show. Reasons that need the account are no findings. */
export function setFindings(loaded: LoadedResources, options: SetOptions): readonly Finding[] {
  const set = new ResourceSet(loaded);
  return [...accountsOf(loaded.resources)].flatMap(([, account]) => [
    ...compileFindings(set, account, options),
    ...emergencyFindings(set, account),
    ...emailFindings(set, account),
    ...ownerFindings(set, account),
  ]);
}

/** The resources of one PhoneSystem. */
interface Account {
  phoneSystem?: PhoneSystem;
  readonly resources: AccountResource[];
}

function accountsOf(loaded: readonly LoadedResource[]): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  for (const { document, resource } of loaded) {
    if (resource.kind === 'DriftReport') continue;
    const key = `${document.ref.namespace}/${phoneSystemOf(resource)}`;
    const account = accounts.get(key) ?? { resources: [] };
    accounts.set(key, account);
    if (resource.kind === 'PhoneSystem') account.phoneSystem = resource;
    else account.resources.push(resource);
  }
  return accounts;
}

/** Finds the places of findings. */
class ResourceSet {
  readonly loaded: LoadedResources;
  readonly #byKey: ReadonlyMap<string, LoadedResource>;

  constructor(loaded: LoadedResources) {
    this.loaded = loaded;
    this.#byKey = new Map(loaded.resources.map((each) => [each.document.key, each]));
  }

  find(ref: ResourceRef): LoadedResource | undefined {
    return this.#byKey.get(resourceKey(ref));
  }

  /** ` (people/jane.yaml:7:9)` */
  whereIs(ref: ResourceRef): string {
    const place = this.find(ref)?.document.placeOf(['metadata', 'name']);
    return place ? ` (${place.file}:${place.line}:${place.column})` : '';
  }

  finding(rule: RuleId, ref: ResourceRef, path: JsonPath, message: string): readonly Finding[] {
    const document = this.find(ref)?.document;
    if (!document) return [];
    const { remedy, severity } = validationRule(rule);
    const field = formatJsonPath(path);
    return [{ rule, severity, place: document.placeOf(path), resource: ref, field, message, remedy }];
  }
}

const rules: { readonly [reason in ReasonName]?: RuleId } = {
  ReferenceNotFound: 'reference-not-found',
  ReferenceCycle: 'reference-cycle',
  Conflict: 'conflict',
  InvalidField: 'refused-value',
  PrivilegeCapExceeded: 'privilege-cap-exceeded',
  SourceExpired: 'expired-source',
  Incomplete: 'incomplete-port',
};

function compileFindings(set: ResourceSet, account: Account, options: SetOptions): readonly Finding[] {
  const { problems } = compile({
    resources: account.resources,
    policy: account.phoneSystem ? options.policyOf(account.phoneSystem) : defaultPolicy,
    observed: assumedAccount(account.resources),
    memory: assumedMemory(account.resources),
    unreadable: set.loaded,
    now: options.now,
    // Secrets are never looked at here: each is taken to be there.
    secretRevision: () => '',
  });
  const circular = new Set<string>();
  return problems.flatMap((problem) => {
    // A circle is one mistake, however often compile went round it.
    const key = resourceKey(problem.resource);
    if (problem.reason === 'ReferenceCycle' && circular.has(key)) return [];
    if (problem.reason === 'ReferenceCycle') circular.add(key);
    return problemFinding(set, problem);
  });
}

function problemFinding(set: ResourceSet, problem: Problem): readonly Finding[] {
  const rule = rules[problem.reason];
  const loaded = set.find(problem.resource);
  if (!rule || !loaded) return [];
  const path = pathOf(loaded, problem.field);
  return set.finding(rule, problem.resource, path, withPlaces(set, problem));
}

function pathOf({ document, resource }: LoadedResource, field: string | undefined): JsonPath {
  if (field === undefined) return ['metadata', 'name'];
  // The login is the email where none is declared.
  const derived =
    field === 'userName' && resource.kind === 'UserProfile' && resource.spec.userName === undefined;
  return pathOfField(document.object, derived ? 'email' : field);
}

/** Says of the first resource that a message names where it stands. */
function withPlaces(set: ResourceSet, { message, resource }: Problem): string {
  return message.replace(
    /\b(UserProfile|Extension|PrivilegeGrant|PortingOrder) ([a-z0-9][-a-z0-9.]*)/,
    (text, kind: string, name: string) =>
      `${text}${set.whereIs({ kind, namespace: resource.namespace, name })}`,
  );
}

function emergencyFindings(set: ResourceSet, { resources }: Account): readonly Finding[] {
  return resources.filter(isExtension).flatMap((extension) => {
    const why = dispatchableLocationDue(extension);
    if (why === undefined) return [];
    return set.finding(
      'missing-emergency-address',
      refOf(extension),
      ['spec'],
      `has no emergencyAddress, and ${why}`,
    );
  });
}

function emailFindings(set: ResourceSet, { resources }: Account): readonly Finding[] {
  const first = new Map<string, UserProfile>();
  return resources.filter(isProfile).flatMap((profile) => {
    const email = profile.spec.email.toLowerCase();
    const other = first.get(email);
    if (!other) {
      first.set(email, profile);
      return [];
    }
    const ref = refOf(other);
    const message = `is the email of ${formatReference(ref)}${set.whereIs(ref)} too`;
    return set.finding('same-email', refOf(profile), ['spec', 'email'], message);
  });
}

function ownerFindings(set: ResourceSet, { resources }: Account): readonly Finding[] {
  return resources
    .filter(isExtension)
    .filter(({ spec }) => spec.userProfileRef === undefined)
    .flatMap((extension) =>
      set.finding('extension-without-profile', refOf(extension), ['spec'], 'belongs to no user profile'),
    );
}

function isExtension(resource: AccountResource): resource is Extension {
  return resource.kind === 'Extension';
}

function isProfile(resource: AccountResource): resource is UserProfile {
  return resource.kind === 'UserProfile';
}

function refOf({ kind, metadata }: AccountResource): ResourceRef {
  return { kind, namespace: metadata.namespace ?? 'default', name: metadata.name };
}
