import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { nearestName } from '../../foundation/nearest-name.ts';
import { formatJsonPath, type JsonPath, parseJsonPointer } from '../json-path.ts';
import { kubernetesFormats, uncheckedFormats } from './formats.ts';
import { jsonSchemaOf } from './json-schema.ts';
import type { SchemaFault } from './schema-fault.ts';

/** Checks an object against the structure of its schema: types, fields, lengths, patterns, uniqueness. */
export class StructureCheck {
  readonly #validate: ValidateFunction;

  constructor(schema: JsonObject) {
    ajv ??= createAjv();
    this.#validate = ajv.compile(jsonSchemaOf(schema));
  }

  faultsOf(object: JsonObject): readonly SchemaFault[] {
    if (this.#validate(object)) return [];
    return (this.#validate.errors ?? []).flatMap((error) => faultOf(error, object));
  }
}

let ajv: Ajv | undefined;

function createAjv(): Ajv {
  const created = new Ajv({
    allErrors: true,
    strict: true,
    strictTypes: false,
    verbose: true,
    // Its code is fast as it comes; to polish it takes longer than ten thousand resources gain by it.
    code: { optimize: false },
    // JSON has one kind of number; so has Kubernetes.
    allowUnionTypes: true,
    validateFormats: true,
    // A test holds the schemas to the one of JSON Schema, which takes a tenth of ten thousand resources' time.
    validateSchema: false,
    meta: false,
    formats: {
      ...kubernetesFormats,
      ...Object.fromEntries(uncheckedFormats.map((name) => [name, true] as const)),
    },
  });
  created.addKeyword({ keyword: 'kubernetesSet', type: 'array', errors: true, compile: () => setCheck() });
  created.addKeyword({
    keyword: 'kubernetesMap',
    type: 'array',
    errors: true,
    compile: (keys: unknown) => mapCheck(isJsonArray(keys) ? keys.map(String) : []),
  });
  return created;
}

interface ListCheck {
  (items: readonly Json[]): boolean;
  errors?: Partial<ErrorObject>[];
}

/** Items of a set are equal when their values are. */
function setCheck(): ListCheck {
  return uniqueness((item) => canonical(item));
}

/** Items of a keyed list are equal when their keys are; a key that is left out is a value of its own. */
function mapCheck(keys: readonly string[]): ListCheck {
  return uniqueness((item) =>
    isJsonObject(item)
      ? canonical(keys.map((key) => (item[key] === undefined ? [] : [item[key]])))
      : undefined,
  );
}

function uniqueness(identityOf: (item: Json) => string | undefined): ListCheck {
  const check: ListCheck = (items) => {
    const seen = new Map<string, number>();
    const errors: Partial<ErrorObject>[] = [];
    for (const [index, item] of items.entries()) {
      const identity = identityOf(item);
      if (identity === undefined) continue;
      const first = seen.get(identity);
      if (first === undefined) seen.set(identity, index);
      else errors.push({ keyword: 'duplicate', params: { first, index } });
    }
    check.errors = errors;
    return errors.length === 0;
  };
  return check;
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function faultOf(error: ErrorObject, object: JsonObject): readonly SchemaFault[] {
  const path = existingPath(parseJsonPointer(error.instancePath), object);
  const params: Readonly<Record<string, unknown>> = error.params;
  const value = (message: string): readonly SchemaFault[] => [
    { rule: 'invalid-value', path, at: 'value', message },
  ];
  switch (error.keyword) {
    case 'additionalProperties':
      return [unknownField([...path, String(params.additionalProperty)], error.parentSchema)];
    case 'required': {
      const name = String(params.missingProperty);
      return [
        {
          rule: 'missing-field',
          path: [...path, name],
          at: 'key',
          message: 'is required',
          remedy: `Declare ${formatJsonPath([...path, name])}.`,
        },
      ];
    }
    case 'type':
      return [
        {
          rule: 'wrong-type',
          path,
          at: 'value',
          message: `must be ${named(params.type)}, not ${nameOf(error.data)}`,
        },
      ];
    case 'enum': {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : [];
      const meant = typeof error.data === 'string' ? nearestName(error.data, allowed) : undefined;
      return value(
        `${shown(error.data)} is none of ${allowed.join(', ')}${meant ? `; did you mean ${meant}?` : ''}`,
      );
    }
    case 'pattern':
      return value(`${shown(error.data)} does not match the pattern ${String(params.pattern)}`);
    case 'format':
      return value(
        `${shown(error.data)} is not ${formats[String(params.format)] ?? `a ${String(params.format)}`}`,
      );
    case 'minLength':
    case 'maxLength':
      return value(
        `has ${[...String(error.data)].length} characters; it takes ${bound(error.keyword, params.limit)}`,
      );
    case 'minItems':
    case 'maxItems':
      return value(
        `has ${Array.isArray(error.data) ? error.data.length : 0} items; it takes ${bound(error.keyword, params.limit)}`,
      );
    case 'minProperties':
    case 'maxProperties':
      return value(
        `has ${isJsonObject(error.data) ? Object.keys(error.data).length : 0} members; it takes ${bound(error.keyword, params.limit)}`,
      );
    case 'duplicate': {
      const first = formatJsonPath([...path, Number(params.first)]);
      return [
        {
          rule: 'duplicate-item',
          path: [...path, Number(params.index)],
          at: 'value',
          message: `is the same as ${first}`,
        },
      ];
    }
    default:
      return value(`${error.message ?? 'is not valid'}`);
  }
}

const formats: Readonly<Record<string, string>> = {
  date: 'a date such as 2030-01-31',
  'date-time': 'a time such as 2030-01-31T17:00:00Z',
};

/** Names that look like indexes are names in an object. */
function existingPath(path: JsonPath, object: JsonObject): JsonPath {
  let value: Json | undefined = object;
  return path.map((segment) => {
    const inList = isJsonArray(value);
    const found: Json | undefined = isJsonArray(value)
      ? value[Number(segment)]
      : isJsonObject(value)
        ? value[String(segment)]
        : undefined;
    value = found;
    return inList ? Number(segment) : String(segment);
  });
}

function unknownField(path: JsonPath, schema: unknown): SchemaFault {
  const known = isJsonObject(schema) && isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
  const name = String(path.at(-1));
  const meant = nearestName(name, known);
  return {
    rule: 'unknown-field',
    path,
    at: 'key',
    message: `there is no such field${meant ? `; did you mean ${meant}?` : ''}`,
    ...(meant ? { remedy: `Write ${meant}, or take the field out.` } : {}),
  };
}

function bound(keyword: string, limit: unknown): string {
  return `at ${keyword.startsWith('min') ? 'least' : 'most'} ${String(limit)}`;
}

/** Long values are cut; what stands in the file is at the place of the finding anyway. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function named(type: unknown): string {
  return (Array.isArray(type) ? type : [type])
    .map((each) => typeNames[String(each)] ?? String(each))
    .join(' or ');
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text ${shown(value)}`;
  return typeof value === 'boolean' ? String(value) : `the number ${String(value)}`;
}
