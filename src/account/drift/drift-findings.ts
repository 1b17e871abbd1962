import type { Json } from '../../foundation/json.ts';
import { compareReferences, type ResourceRef, resourceKey } from '../../resources/reference.ts';
import type { DesiredAccount, DesiredObject } from '../desired.ts';
import type { Memory } from '../memory.ts';
import { formatPath, type ObjectType, type ObservedAccount, type WirePath } from '../objects.ts';
import type { Action, Cause, Change, FieldChange, Plan } from '../plan.ts';
import { type ForeignObject, unmanagedObjects } from './unmanaged.ts';

/** A declared value that is another one in the account. */
export interface DriftedField {
  /** As in the YAML, without `spec.`: `callerId.externalName`, `phoneNumbers[+14085550123]`. */
  readonly field: string;
  readonly path: WirePath;
  /** In the words of the wire; null where the YAML asks for nothing. */
  readonly declared: Json;
  /** In the words of the wire; absent where the account has nothing. */
  readonly account?: Json;
  /** `conflict`: the YAML was changed as well since it was last applied. */
  readonly cause: Extract<Cause, 'drift' | 'conflict'>;
}

/** A resource whose object moved away from what was applied. */
export interface DriftedResource {
  readonly resource: ResourceRef;
  /** Missing: it was there, and the account has it no longer. */
  readonly state: 'Drifted' | 'Missing';
  readonly externalId?: string;
  /** Empty where all of it is missing. */
  readonly fields: readonly DriftedField[];
}

/** What the YAML asks for and was not applied yet: no drift. */
export interface NotApplied {
  readonly resource: ResourceRef;
  readonly action: Action;
  /** Of an update, the fields that it is about. */
  readonly fields: readonly string[];
}

/** A part that could not be read or judged: neither drifted nor missing. */
export interface UnknownPart {
  /** An object type, where all of it is not known. */
  readonly type?: ObjectType;
  /** A resource, where it alone is not known. */
  readonly resource?: ResourceRef;
  readonly why: string;
}

export interface DriftFindings {
  /** Resources that are bound to an object, or were. */
  readonly managed: number;
  readonly drifted: readonly DriftedResource[];
  readonly notApplied: readonly NotApplied[];
  readonly unmanaged: readonly ForeignObject[];
  readonly unknown: readonly UnknownPart[];
}

export interface DriftInput {
  readonly plan: Plan;
  readonly desired: DesiredAccount;
  readonly observed: ObservedAccount;
  readonly memory: Memory;
  /** Ids of objects that are declared in a way that could not be read, by kind: `UserProfile/u1`. */
  readonly declaredElsewhere?: ReadonlySet<string>;
  /** There is no record of what was applied: on which side something was changed is not known. Default: false. */
  readonly remembersNothing?: boolean;
}

/** What a plan says about the account rather than about the YAML. Pure. */
export function findDrift(input: DriftInput): DriftFindings {
  const { plan } = input;
  const missing = missingResources(input);
  const drifted = new Map<string, DriftedResource>();
  const add = (resource: ResourceRef, field?: DriftedField) => {
    const key = resourceKey(resource);
    const known = drifted.get(key);
    const externalId = plan.outcomes.get(key)?.externalId ?? input.memory.get(key)?.externalId;
    drifted.set(key, {
      resource,
      state: missing.has(key) ? 'Missing' : 'Drifted',
      ...(externalId === undefined ? {} : { externalId }),
      fields: field ? [...(known?.fields ?? []), field] : (known?.fields ?? []),
    });
  };
  for (const resource of missing.values()) add(resource);
  const notApplied: NotApplied[] = [];
  const undetermined: UnknownPart[] = [];
  for (const change of plan.changes) {
    if (input.remembersNothing && change.action === 'Update') {
      undetermined.push(...differing(change));
      continue;
    }
    for (const field of change.action === 'Update' ? change.fields : []) {
      if (!isDrift(field)) continue;
      for (const { resource, field: name } of field.owners) {
        if (!missing.has(resourceKey(resource))) add(resource, driftedField(field, inYaml(name)));
      }
    }
    notApplied.push(...notYetApplied(change, missing));
  }
  return {
    managed: [...plan.outcomes.values()].filter(({ externalId }) => externalId !== undefined).length,
    drifted: [...drifted.values()]
      .map((resource) => ({ ...resource, fields: once(resource.fields) }))
      .sort((a, b) => compareReferences(a.resource, b.resource)),
    notApplied,
    unmanaged: unmanagedObjects(input),
    unknown: [...undetermined, ...unknownParts(input, missing)],
  };
}

function isDrift(field: FieldChange): field is FieldChange & { readonly cause: DriftedField['cause'] } {
  return !field.secret && (field.cause === 'drift' || field.cause === 'conflict');
}

function driftedField(
  change: FieldChange & { readonly cause: DriftedField['cause'] },
  field: string,
): DriftedField {
  return {
    field,
    path: change.path,
    declared: change.field.absent ? null : change.to,
    ...(change.from === undefined ? {} : { account: change.from }),
    cause: change.cause,
  };
}

/** One field of the YAML may be several on the wire; the first is where people look for it. */
function once(fields: readonly DriftedField[]): readonly DriftedField[] {
  const seen = new Set<string>();
  return fields.filter(({ field, path }) => {
    const key = `${field} ${formatPath(path)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** `license#seat` is what `license` does in a second place. */
function inYaml(field: string): string {
  return field.replace(/#.*$/, '');
}

/** Resources whose object is surely gone, by key. */
export function missingResources({
  desired,
  memory,
  observed,
}: Pick<DriftInput, 'desired' | 'memory' | 'observed'>): ReadonlyMap<string, ResourceRef> {
  const missing = new Map<string, ResourceRef>();
  for (const object of desired.objects) {
    if (!isLost(object, observed)) continue;
    const [first, ...others] = object.resources;
    missing.set(resourceKey(first), first);
    // An extension inside a user goes with it.
    for (const other of others) {
      const key = resourceKey(other);
      if (other.kind === 'Extension' && memory.get(key)?.externalId !== undefined) missing.set(key, other);
    }
  }
  // A port is never made twice: that it is gone is a fault of its own.
  for (const { reason, resource } of desired.problems) {
    if (reason === 'Missing') missing.set(resourceKey(resource), resource);
  }
  return missing;
}

/** Settings of an object that stand beside it come and go with it. */
const beside: ReadonlySet<ObjectType> = new Set(['extensionSettings', 'profileSettings', 'invitation']);

function isLost(object: DesiredObject, observed: ObservedAccount): boolean {
  if (object.presence !== 'present' || object.id === undefined || object.replaceable) return false;
  if (object.seen || beside.has(object.type)) return false;
  const collection = observed.collections[object.type];
  return (
    collection.state === 'read' &&
    !collection.objects.has(object.id) &&
    observed.gone.has(`${object.type}/${object.id}`)
  );
}

function notYetApplied(change: Change, missing: ReadonlyMap<string, ResourceRef>): NotApplied[] {
  const { action, resources } = change;
  if (action !== 'Update') {
    const others = resources.filter((resource) => !missing.has(resourceKey(resource)));
    return others.length < resources.length ? [] : [{ resource: resources[0], action, fields: [] }];
  }
  const pending = change.fields.filter((field) => !isDrift(field));
  return byResource(pending).map(({ fields, resource }) => ({ resource, action, fields }));
}

/** Values that differ where nothing tells whether the YAML or the account was changed. */
function differing({ fields }: Change): UnknownPart[] {
  return byResource(fields.filter(({ secret }) => !secret)).map(({ fields: names, resource }) => ({
    resource,
    why: `${names.map((name) => `spec.${name}`).join(', ')} ${names.length === 1 ? 'differs' : 'differ'} from the account, and there is no record of what was applied: nobody knows which side was changed. dialops plan shows the values; dialops apply puts those of the YAML into the account, and makes the record`,
  }));
}

/** The fields of the YAML that changes are about. */
function byResource(
  changes: readonly FieldChange[],
): readonly { readonly resource: ResourceRef; readonly fields: readonly string[] }[] {
  const found = new Map<string, { resource: ResourceRef; fields: Set<string> }>();
  for (const field of changes) {
    for (const owner of field.owners) {
      const key = resourceKey(owner.resource);
      const entry = found.get(key) ?? { resource: owner.resource, fields: new Set() };
      found.set(key, entry);
      entry.fields.add(inYaml(owner.field));
    }
  }
  return [...found.values()].map(({ fields, resource }) => ({ resource, fields: [...fields] }));
}

function unknownParts(
  { desired, observed, plan }: DriftInput,
  missing: ReadonlyMap<string, ResourceRef>,
): UnknownPart[] {
  const parts: UnknownPart[] = [];
  for (const [name, collection] of Object.entries(observed.collections)) {
    if (collection.state !== 'unknown' || collection.reason === 'Not read yet') continue;
    const type = Object.keys(observed.collections).find((each): each is ObjectType => each === name);
    if (type) parts.push({ type, why: collection.reason });
  }
  const told = new Set<string>();
  const tell = (resource: ResourceRef, why: string) => {
    const key = resourceKey(resource);
    if (told.has(key) || missing.has(key)) return;
    told.add(key);
    parts.push({ resource, why });
  };
  for (const { field, message, resource, scope } of desired.problems) {
    tell(resource, field === undefined || scope === 'resource' ? message : `spec.${field}: ${message}`);
  }
  for (const { message, reason, resource, verified } of plan.outcomes.values()) {
    if (!verified || reason === 'NotRead') tell(resource, message);
  }
  return parts;
}
