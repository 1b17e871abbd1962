import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { Kind, ResourceOf } from '../../resources/kinds.ts';
import { SchemaCheck } from '../../resources/schema/schema-check.ts';
import type { FieldMapping, Reading, Seen } from './reading.ts';

/** A field, or a part of it, that stays out of the YAML. */
export interface Omitted {
  readonly field: string;
  readonly why: string;
}

/** What the mappings of a kind read from one object: values at their place in the spec. */
export class SpecDraft {
  readonly omitted: Omitted[] = [];
  /** Fields that the list row does not show. */
  readonly unknown: string[] = [];
  #spec: JsonObject = {};

  get spec(): JsonObject {
    return this.#spec;
  }

  read(seen: Seen, fields: readonly FieldMapping[]): this {
    for (const mapping of fields) this.take(mapping.field, mapping.read(seen));
    return this;
  }

  take(field: string, reading: Reading): void {
    if (reading.kind === 'value') {
      this.set(field, reading.value);
      for (const why of reading.lacking ?? []) this.omitted.push({ field, why });
    } else if (reading.kind === 'inexpressible') this.omitted.push({ field, why: reading.why });
    else if (reading.kind === 'unknown') this.unknown.push(field);
  }

  set(field: string, value: Json): void {
    this.#spec = withField(this.#spec, field.split('.'), value);
  }

  drop(field: string): void {
    this.#spec = withoutField(this.#spec, field.split('.'));
  }

  /** Why a field without which there is no resource is missing; undefined when none is. */
  lackOf(required: readonly string[]): string | undefined {
    for (const field of required) {
      if (hasField(this.#spec, field.split('.'))) continue;
      const why = this.omitted.find((omitted) => omitted.field === field)?.why;
      if (why !== undefined) return `${field} ${why}`;
      return this.unknown.includes(field) ? `${field} was not read` : `it has no ${field}`;
    }
    return undefined;
  }
}

function hasField(spec: Json | undefined, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return spec !== undefined;
  return isJsonObject(spec) && hasField(spec[name], rest);
}

function withField(spec: Json | undefined, path: readonly string[], value: Json): JsonObject {
  const [name, ...rest] = path;
  const base = isJsonObject(spec) ? spec : {};
  if (name === undefined) return base;
  return { ...base, [name]: rest.length === 0 ? value : withField(base[name], rest, value) };
}

function withoutField(spec: JsonObject, path: readonly string[]): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(spec, name)) return spec;
  const { [name]: member, ...others } = spec;
  if (rest.length === 0 || !isJsonObject(member)) return others;
  const kept = withoutField(member, rest);
  return Object.keys(kept).length === 0 ? others : { ...spec, [name]: kept };
}

/** Makes resources that the API server takes: fields that it would refuse are left out, and said. */
export class Admission {
  readonly #schema = new SchemaCheck();

  /**
   * @param fields those of the kind: a fault inside one leaves that one out
   * @returns the resource, or why there can be none
   */
  admit<K extends Kind>(
    kind: K,
    metadata: JsonObject,
    draft: SpecDraft,
    fields: readonly string[],
  ): ResourceOf<K> | string {
    for (;;) {
      const object = { apiVersion: 'dialops.dev/v1alpha1', kind, metadata, spec: draft.spec };
      const verdict = this.#schema.check(kind, object);
      if (verdict.valid) {
        const { resource } = verdict;
        if (isOfKind(resource, kind)) return resource;
        throw new Error(`The schema of ${kind} admits another kind`);
      }
      const [fault] = verdict.faults;
      const at = fault?.path.slice(1).map(String) ?? [];
      const field = fields
        .filter((name) => isWithin(at, name.split('.')) && hasField(draft.spec, name.split('.')))
        .sort((a, b) => b.length - a.length)[0];
      if (!fault || field === undefined) return fault?.message ?? 'the schema refuses it';
      draft.drop(field);
      draft.omitted.push({ field, why: fault.message });
    }
  }
}

function isWithin(path: readonly string[], field: readonly string[]): boolean {
  return field.every((name, index) => path[index] === name);
}

function isOfKind<K extends Kind>(resource: { readonly kind: string }, kind: K): resource is ResourceOf<K> {
  return resource.kind === kind;
}
