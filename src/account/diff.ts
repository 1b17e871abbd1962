import type { Json } from '../foundation/json.ts';
import { resourceKey } from '../resources/reference.ts';
import { assemble, riskOf } from './assemble-change.ts';
import { comparable, sameValue } from './compare.ts';
import type { Comparisons, DiffInput } from './comparison.ts';
import { lackOfConsent } from './consent.ts';
import type { Declaration, DesiredAct, DesiredField, DesiredObject } from './desired.ts';
import { digest } from './digest.ts';
import { type Memory, noMemory } from './memory.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from './objects.ts';
import { decideOutcomes } from './outcome.ts';
import { absentFromReadList, type Found, read } from './path.ts';
import type { Cause, Change, FieldChange, Gate, NeededRead, Outcome, Plan } from './plan.ts';
import { guardRemovals } from './removal-guard.ts';
import { valueDigest } from './value-digest.ts';

/**
 * Holds the desired account against the observed one. Pure: the same desired, observed and memory give the same
 * plan, byte for byte, in whatever order the resources came.
 */
export function diff(input: DiffInput): Plan {
  const { changes, outcomes, reads } = judge(input);
  return { changes, outcomes, reads: [...input.desired.needs, ...reads.map(({ read }) => read)] };
}

/** A plan, and what tells whether the same would be found again. */
export interface Judgement {
  readonly changes: readonly Change[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly atRest: ReadonlySet<string>;
  /** With the key of the resource that the object stands or falls with. */
  readonly reads: readonly { readonly key: string; readonly read: NeededRead }[];
}

export function judge(input: DiffInput): Judgement {
  const reads: { key: string; read: NeededRead }[] = [];
  const changes: Change[] = [];
  const comparisons: Comparisons[] = [];
  const there = new Set<string>();
  for (const object of sorted(input.desired.objects)) {
    const found = compareObject(object, input);
    comparisons.push(found);
    if (found.observed) there.add(object.handle);
    if (object.id !== undefined && needsRead(object, found, input.observed)) {
      const key = resourceKey(object.resources[0]);
      reads.push({ key, read: { type: object.type, id: object.id } });
    }
  }
  for (const found of comparisons) {
    if (!isInLine(found)) changes.push(...changesOf(found, input, there));
  }
  const guarded = guardRemovals(changes, input.desired, input.removals, input.managed);
  return { changes: guarded, reads, ...decideOutcomes(input, comparisons, guarded) };
}

const typeOrder: readonly ObjectType[] = [
  'address',
  'user',
  'extension',
  'extensionSettings',
  'profileSettings',
  'administrator',
  'portingOrder',
  'invitation',
];

/** Those of a type stand in the order of their handles mostly, which makes it cheap to put them all in order. */
function sorted(objects: readonly DesiredObject[]): DesiredObject[] {
  const byType = Map.groupBy(objects, ({ type }) => type);
  const types = [...byType].sort(([a], [b]) => typeOrder.indexOf(a) - typeOrder.indexOf(b));
  return types.flatMap(([, list]) =>
    list.sort((a, b) => (a.handle < b.handle ? -1 : a.handle > b.handle ? 1 : 0)),
  );
}

function observedObject(object: DesiredObject, observed: ObservedAccount): ObservedObject | undefined {
  if (object.seen && object.id !== undefined) {
    return { type: object.type, id: object.id, body: object.seen, source: 'row', readAt: 0 };
  }
  const collection = observed.collections[object.type];
  return collection.state === 'read' && object.id !== undefined
    ? collection.objects.get(object.id)
    : undefined;
}

function isGone(object: DesiredObject, observed: ObservedAccount): boolean {
  return object.id !== undefined && observed.gone.has(`${object.type}/${object.id}`);
}

/** A row that hides declared paths, and an object missing from a list, are looked at one by one before judging. */
function needsRead(object: DesiredObject, found: Comparisons, observed: ObservedAccount): boolean {
  if (found.unreadable) return false;
  if (!found.observed) return !isGone(object, observed);
  return !found.known;
}

function compareObject(object: DesiredObject, input: DiffInput): Comparisons {
  const collection = input.observed.collections[object.type];
  const observed = observedObject(object, input.observed);
  const base = { object, ...(observed ? { observed } : {}), differing: [], equal: [], known: true };
  if (collection.state === 'unsupported') {
    return { ...base, unreadable: { reason: 'Unsupported', message: collection.reason } };
  }
  if (collection.state === 'unknown') {
    return { ...base, unreadable: { reason: 'NotRead', message: collection.reason } };
  }
  if (observed === undefined || object.presence === 'absent') return base;
  const differing: FieldChange[] = [];
  const equal: DesiredField[] = [];
  let known = true;
  for (const field of object.fields) {
    if (field.createOnly) {
      equal.push(field);
      continue;
    }
    const result = compareField(field, observed, input);
    if (result === 'unknown') known = false;
    else if (result === 'equal') equal.push(field);
    else differing.push(result);
  }
  return { object, observed, differing, equal, known };
}

/** The usual case, of which there are many: it is there, nothing differs and nothing is to be done. */
function isInLine({ differing, object, observed }: Comparisons): boolean {
  return (
    observed !== undefined &&
    object.presence === 'present' &&
    differing.length === 0 &&
    object.act === undefined
  );
}

function compareField(
  field: DesiredField,
  observed: ObservedObject,
  input: DiffInput,
): FieldChange | 'equal' | 'unknown' {
  if (field.source?.kind === 'secret') {
    const remembered = appliedDigest(field, input.memory);
    const isAssumed = remembered === undefined && field.assumed === true;
    if (isAssumed || remembered === field.source.revision) return 'equal';
    return change(field, undefined, remembered === undefined ? 'undetermined' : 'pending');
  }
  const found = read(observed.body, field.path);
  if (!found.present && observed.source === 'row' && !absentFromReadList(observed.body, field.path))
    return 'unknown';
  if (field.absent) {
    return found.present ? change(field, found.value, causeOf(field, found, input.memory)) : 'equal';
  }
  const value: Json = found.present ? found.value : null;
  if (!field.source && sameValue(value, field.value, field.comparison)) return 'equal';
  return change(field, found.present ? found.value : undefined, causeOf(field, found, input.memory));
}

function change(field: DesiredField, from: Json | undefined, cause: Cause): FieldChange {
  const secret = field.source?.kind === 'secret';
  return {
    path: field.path,
    ...(from === undefined || secret ? {} : { from }),
    to: secret ? null : field.value,
    cause,
    owners: field.owners,
    risk: field.risk,
    secret,
    field,
  };
}

function appliedDigest(field: DesiredField, memory: Memory): string | undefined {
  const [owner] = field.owners;
  return (memory.get(resourceKey(owner.resource)) ?? noMemory).applied[owner.field];
}

/** Three-way: what was last applied tells whose change a difference is. */
function causeOf(field: DesiredField, found: Found, memory: Memory): Cause {
  const remembered = appliedDigest(field, memory);
  if (remembered === undefined) return 'undetermined';
  const desired = valueDigest(field);
  if (desired === remembered) return 'drift';
  const observed = digest(comparable(found.present ? found.value : null, field.comparison));
  return observed === remembered ? 'pending' : 'conflict';
}

function changesOf(found: Comparisons, input: DiffInput, there: ReadonlySet<string>): Change[] {
  const { object, observed, unreadable } = found;
  if (unreadable) return [];
  const waits = waitGate(object, there);
  if (object.presence === 'absent') {
    if (!observed) return [];
    return [assemble('Delete', object, [], pausedGate(object, input) ?? waits, 'losesData')];
  }
  if (!observed) {
    // An id that is known but not found is judged only once a single read has confirmed that it is gone.
    if (object.id !== undefined && !isGone(object, input.observed)) return [];
    const lost = object.id !== undefined && !object.replaceable;
    const fields = object.fields
      .filter((field) => !field.absent && !isPaused(field, input))
      .map((field) => change(field, undefined, lost ? 'drift' : 'pending'));
    const reported = lost && input.driftPolicy === 'Report';
    const gate =
      pausedGate(object, input) ?? waits ?? (reported ? { kind: 'driftPolicy' as const } : undefined);
    return [assemble('Create', object, fields, gate, 'safe'), ...laterSubmission(object, input)];
  }
  const groups = new Map<string, { gate: Gate | undefined; fields: FieldChange[] }>();
  for (const field of found.differing) {
    const gate = fieldGate(field, input) ?? waits;
    const name = JSON.stringify(gate ?? null);
    const group = groups.get(name) ?? { gate, fields: [] };
    group.fields.push(field);
    groups.set(name, group);
  }
  const changes = [...groups.values()].map(({ gate, fields }) =>
    assemble('Update', object, fields, gate, riskOf(fields)),
  );
  if (object.act && mayAct(object.act, found)) {
    changes.push(assemble(object.act.name, object, [], pausedGate(object, input) ?? waits, 'safe'));
  } else if (found.known) changes.push(...laterSubmission(object, input));
  return changes;
}

/** Whoever makes or corrects an order for submission sees before that it will be sent to the carrier. */
function laterSubmission(object: DesiredObject, input: DiffInput): Change[] {
  if (object.act?.name !== 'Submit') return [];
  const message = 'Waits until the order is as declared';
  const gate = pausedGate(object, input) ?? { kind: 'waits', reason: 'WaitingForDependency', message };
  return [assemble('Submit', object, [], gate, 'safe')];
}

/** What is submitted is what is declared, all of it, as far as anybody can see; there is nothing to cancel by halves. */
function mayAct(act: DesiredAct, found: Comparisons): boolean {
  return act.name === 'Cancel' || (found.known && found.differing.length === 0);
}

function declarationOf(
  resource: { kind: string; namespace: string; name: string },
  input: DiffInput,
): Declaration | undefined {
  return input.desired.declarations.get(resourceKey(resource));
}

function isPaused(field: DesiredField, input: DiffInput): boolean {
  return field.owners.some((owner) => declarationOf(owner.resource, input)?.paused === true);
}

function pausedGate(object: DesiredObject, input: DiffInput): Gate | undefined {
  return declarationOf(object.resources[0], input)?.paused === true ? { kind: 'paused' } : undefined;
}

function waitGate(object: DesiredObject, there: ReadonlySet<string>): Gate | undefined {
  const [wait] = object.waits;
  if (wait) return { kind: 'waits', reason: wait.reason, message: wait.message };
  const missing = object.after.find((handle) => !there.has(handle));
  if (missing === undefined) return undefined;
  return { kind: 'waits', reason: 'WaitingForDependency', message: `Waits until ${spoken(missing)} exists` };
}

/** `user/UserProfile/acme/jane` is the user of `UserProfile jane`. */
function spoken(handle: string): string {
  const [type, kind, , name] = handle.split('/');
  return name === undefined ? handle : `the ${type} of ${kind} ${name}`;
}

function fieldGate(field: FieldChange, input: DiffInput): Gate | undefined {
  if (isPaused(field.field, input)) return { kind: 'paused' };
  const needed = field.field.consent;
  if (needed && field.from !== undefined) {
    const resource = field.owners[0].resource;
    const given = declarationOf(resource, input)?.consent ?? [];
    const { applied } = input.memory.get(resourceKey(resource)) ?? noMemory;
    const lack = lackOfConsent(given, needed, applied);
    if (lack) return { kind: 'consent', needed, resource, lack };
  }
  if (field.cause === 'drift' && input.driftPolicy === 'Report' && !isLeaving(field, input)) {
    return { kind: 'driftPolicy' };
  }
  return undefined;
}

/**
 * What a deletion or an expiry asks for is no drift, even where somebody has undone it a moment after: the resource would wait for
 * ever, and what it gave would outlive its YAML.
 */
function isLeaving({ field, owners }: FieldChange, input: DiffInput): boolean {
  if (field.ends) return true;
  return owners.some(({ resource }) => declarationOf(resource, input)?.deleting === true);
}
