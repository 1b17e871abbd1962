import type { DriftedField, DriftedResource } from '../../account/drift/drift-findings.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEqual } from '../../foundation/json.ts';
import { formatJsonPath, type JsonPath } from '../../resources/json-path.ts';
import { isKind } from '../../resources/kinds.ts';
import type { LoadedDocument } from '../../resources/loading/loaded-document.ts';
import { jsonOf, parseYaml } from '../../resources/loading/yaml-document.ts';
import { type ResourceRef, resourceKey } from '../../resources/reference.ts';
import { SchemaCheck } from '../../resources/schema/schema-check.ts';
import type { AccountValues } from './account-values.ts';
import { normaliseEntry } from './list-entry.ts';
import { NotEditable, type Splice, spliceValue } from './yaml-edit.ts';

/** What a file becomes when the account's values are taken over. */
export interface FileEdit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly splices: readonly Splice[];
}

/** A drifted field that can't be taken over. */
export interface NotAccepted {
  readonly resource: ResourceRef;
  /** As in the YAML, without `spec.`; absent where it is the whole resource. */
  readonly field?: string;
  readonly why: string;
}

export interface Acceptance {
  readonly edits: readonly FileEdit[];
  /** Resources of which something is taken over. */
  readonly accepted: readonly ResourceRef[];
  readonly notAccepted: readonly NotAccepted[];
}

/** One value to write at one place. */
interface Wish {
  readonly resource: ResourceRef;
  readonly field: string;
  readonly document: LoadedDocument;
  readonly path: JsonPath;
  readonly value: Json;
  readonly splices: readonly Splice[];
}

export interface AcceptanceInput {
  readonly drifted: readonly DriftedResource[];
  /** By resource key. */
  readonly documents: ReadonlyMap<string, LoadedDocument>;
  readonly values: AccountValues;
  /** False: the value stays out, without a word. Default: all are taken. */
  readonly takes?: (field: DriftedField, path: JsonPath, value: Json) => boolean;
}

/** Finds what files would be with the account's values in them. Writes nothing. */
export function planAcceptance(input: AcceptanceInput): Acceptance {
  const notAccepted: NotAccepted[] = [];
  const wishes: Wish[] = [];
  for (const drifted of input.drifted) {
    const { resource } = drifted;
    const refuse = (why: string, field?: string) =>
      void notAccepted.push({ resource, why, ...(field === undefined ? {} : { field }) });
    const document = input.documents.get(resourceKey(resource));
    if (!document) refuse('it is in none of the files');
    else if (document.source.file === '-') refuse('it came by the standard input, and stands in no file');
    else if (drifted.state === 'Missing') {
      refuse('the account has it no longer: take the document out of the file, and what refers to it');
    } else wishes.push(...wishesOf(drifted, document, input, refuse));
  }
  const edits: FileEdit[] = [];
  const accepted = new Map<string, ResourceRef>();
  const check = new SchemaCheck();
  for (const [file, all] of Map.groupBy(wishes, ({ document }) => document.source.file)) {
    const { faults, taken } = compatible(all, check);
    for (const [{ field, resource }, why] of faults) notAccepted.push({ resource, field, why });
    const [first] = taken;
    if (!first) continue;
    const splices = inOrder(taken);
    edits.push({ file, before: first.document.text, after: spliced(first.document.text, splices), splices });
    for (const { resource } of taken) accepted.set(resourceKey(resource), resource);
  }
  return { edits, accepted: [...accepted.values()], notAccepted };
}

function wishesOf(
  drifted: DriftedResource,
  document: LoadedDocument,
  { takes, values }: AcceptanceInput,
  refuse: (why: string, field?: string) => void,
): Wish[] {
  const { source } = document;
  const yaml = document.yamlDocuments[source.document];
  const { spec } = document.object;
  if (!yaml || !isJsonObject(spec)) return [];
  const wishes = new Map<string, Wish>();
  for (const field of drifted.fields) {
    const found = values.valueOf(drifted, field, spec);
    if ('why' in found) {
      refuse(found.why, field.field);
      continue;
    }
    const { path, value } = found;
    const at = formatJsonPath(path);
    if (wishes.has(at) || takes?.(field, path, value) === false) continue;
    try {
      const splices = spliceValue(yaml, document.text, [...source.within, ...path], value);
      const { resource } = drifted;
      wishes.set(at, { resource, field: field.field, document, path, value, splices });
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error;
      refuse(error.message, field.field);
    }
  }
  return [...wishes.values()];
}

/** Those that go together; where all do, one look is enough. */
function compatible(
  wishes: readonly Wish[],
  check: SchemaCheck,
): { readonly taken: readonly Wish[]; readonly faults: ReadonlyMap<Wish, string> } {
  const faults = new Map<Wish, string>();
  if (faultOf(wishes, check) === undefined) return { taken: wishes, faults };
  let taken: readonly Wish[] = [];
  for (const wish of wishes) {
    const fault = faultOf([...taken, wish], check);
    if (fault === undefined) taken = [...taken, wish];
    else faults.set(wish, fault);
  }
  return { taken, faults };
}

/** Reads the result as anybody would: all as before, but for the values that are meant, and these as they should. */
function faultOf(wishes: readonly Wish[], check: SchemaCheck): string | undefined {
  const [first] = wishes;
  if (!first) return undefined;
  const layout = 'its layout does not let it be changed in its place';
  const splices = inOrder(wishes);
  if (splices.some(({ start }, index) => start < (splices[index - 1]?.end ?? 0))) return layout;
  const after = parseYaml(spliced(first.document.text, splices));
  const before = first.document.yamlDocuments;
  if (after.length !== before.length || after.some(({ faults }) => faults.length > 0)) return layout;
  const byDocument = Map.groupBy(wishes, ({ document }) => document.source.document);
  for (const [index, { document }] of after.entries()) {
    const was = before[index];
    if (!was) return layout;
    const own = byDocument.get(index) ?? [];
    const places = own.map((wish) => [...wish.document.source.within, ...wish.path]);
    const is = jsonOf(document);
    if (!jsonEqual(without(jsonOf(was), places), without(is, places))) return layout;
    for (const [at, wish] of own.entries()) {
      if (!covers(valueAt(is, places[at] ?? []), wish.value)) return layout;
    }
    for (const { document: loaded } of own) {
      const fault = schemaFault(valueAt(is, loaded.source.within), loaded.ref.kind, check);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function schemaFault(object: Json | undefined, kind: string, check: SchemaCheck): string | undefined {
  if (!isJsonObject(object) || !isKind(kind)) return 'it is no resource any more';
  const verdict = check.check(kind, object);
  const [fault] = verdict.valid ? [] : verdict.faults;
  return fault && `the schema refuses the value: ${formatJsonPath(fault.path)} ${fault.message}`;
}

function inOrder(wishes: readonly Wish[]): readonly Splice[] {
  return wishes.flatMap(({ splices }) => splices).toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { end, start, text: replacement } of splices) {
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

function valueAt(value: Json | undefined, path: JsonPath): Json | undefined {
  let found = value;
  for (const segment of path) {
    if (isJsonArray(found) && typeof segment === 'number') found = found[segment];
    else found = isJsonObject(found) ? found[String(segment)] : undefined;
  }
  return found;
}

function without(value: Json, places: readonly JsonPath[]): Json {
  return places.reduce<Json>((rest, path) => withoutOne(rest, path), value);
}

function withoutOne(value: Json, [first, ...rest]: JsonPath): Json {
  if (first === undefined) return null;
  if (isJsonArray(value))
    return value.map((item, index) => (index === first ? withoutOne(item, rest) : item));
  if (!isJsonObject(value)) return value;
  const member = value[String(first)];
  const replaced: JsonObject = member === undefined ? value : { ...value, [first]: withoutOne(member, rest) };
  return replaced;
}

/** Entries of lists may say more than the account shows, in any order. */
function covers(actual: Json | undefined, value: Json): boolean {
  if (actual === undefined) return false;
  if (isJsonArray(value)) {
    return (
      isJsonArray(actual) &&
      actual.length === value.length &&
      value.every((item) => actual.some((other) => covers(normaliseEntry(other), normaliseEntry(item))))
    );
  }
  if (!isJsonObject(value)) return jsonEqual(actual, value);
  return (
    isJsonObject(actual) && Object.entries(value).every(([name, member]) => covers(actual[name], member))
  );
}
