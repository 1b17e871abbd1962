import { isJsonArray, isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { nearestName } from '../../foundation/nearest-name.ts';

/** One field, or a whole kind, as `dialops explain` tells of it. */
export interface FieldExplanation {
  /** As in the YAML: `spec.voicemail.email`; '' is the resource as a whole. */
  readonly field: string;
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  /** What a value must be, in words: `at most 70 characters`. */
  readonly limits: readonly string[];
  /** Rules across several fields, as the API server words them. */
  readonly rules: readonly string[];
  readonly fields: readonly FieldExplanation[];
}

/** There is no such field; the message says which there are. */
export class UnknownField extends Error {
  override readonly name = 'UnknownField';
}

/** A path of one or more names; where the first is no part of a resource, `spec` is meant. */
export function explainField(kind: string, schema: JsonObject, path: readonly string[]): FieldExplanation {
  const properties = propertiesOf(schema);
  const [first] = path;
  const full = first === undefined || Object.hasOwn(properties, first) ? path : ['spec', ...path];
  let current = schema;
  let required = true;
  const walked: string[] = [];
  for (const name of full) {
    const below = propertiesOf(current);
    const next = below[name];
    if (!isJsonObject(next)) throw new UnknownField(unknown(kind, walked, name, Object.keys(below)));
    required = requiredOf(current).has(name);
    current = next;
    walked.push(name);
  }
  return explanation(walked.join('.'), current, required);
}

/** The field of `spec` of the same name, where a part of the resource has the name that was given: `status` is both. */
export function namesakeInSpec(schema: JsonObject, path: readonly string[]): string | undefined {
  const [first] = path;
  const { spec } = propertiesOf(schema);
  if (first === undefined || first === 'spec' || !isJsonObject(spec)) return undefined;
  const isBoth = Object.hasOwn(propertiesOf(schema), first) && Object.hasOwn(propertiesOf(spec), first);
  return isBoth ? `spec.${first}` : undefined;
}

function unknown(kind: string, walked: readonly string[], name: string, known: readonly string[]): string {
  const where = [kind, ...walked].join('.');
  if (known.length === 0) return `${where} has no fields below it`;
  const near = nearestName(name, known);
  const meant = near === undefined ? '.' : `; did you mean ${near}?`;
  return `${where} has no field ${name}${meant} It has: ${known.join(', ')}`;
}

function explanation(field: string, schema: JsonObject, required: boolean): FieldExplanation {
  const mandatory = requiredOf(schema);
  return {
    field,
    type: typeOf(schema),
    description: typeof schema.description === 'string' ? schema.description : '',
    required,
    limits: limitsOf(schema),
    rules: rulesOf(schema),
    fields: Object.entries(propertiesOf(schema)).flatMap(([name, below]) =>
      isJsonObject(below)
        ? [explanation(field === '' ? name : `${field}.${name}`, below, mandatory.has(name))]
        : [],
    ),
  };
}

/** Of a list, those of its items. */
function propertiesOf(schema: JsonObject): JsonObject {
  if (isJsonObject(schema.properties)) return schema.properties;
  return isJsonObject(schema.items) ? propertiesOf(schema.items) : {};
}

function requiredOf(schema: JsonObject): ReadonlySet<unknown> {
  if (isJsonObject(schema.items)) return requiredOf(schema.items);
  return new Set(isJsonArray(schema.required) ? schema.required : []);
}

function typeOf(schema: JsonObject): string {
  if (schema.type === 'array') {
    const set = schema['x-kubernetes-list-type'] === 'set' ? 'set' : 'list';
    return `${set} of ${isJsonObject(schema.items) ? typeOf(schema.items) : 'anything'}`;
  }
  if (schema.type === 'object' && isJsonObject(schema.additionalProperties)) {
    return `map of ${typeOf(schema.additionalProperties)}`;
  }
  if (schema.format === 'date-time') return 'time (RFC 3339)';
  if (schema.format === 'date') return 'date (YYYY-MM-DD)';
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

/** A limit in words; `#` stands for the number, or the text. */
const wordings: Readonly<Record<string, string>> = {
  minimum: 'at least #',
  maximum: 'at most #',
  minLength: 'at least # characters',
  maxLength: 'at most # characters',
  minItems: 'at least # items',
  maxItems: 'at most # items',
  pattern: 'matches #',
};

function limitsOf(schema: JsonObject): string[] {
  const limits = isJsonArray(schema.enum) ? [`one of ${schema.enum.map(String).join(', ')}`] : [];
  for (const [name, wording] of Object.entries(wordings)) {
    const value = schema[name];
    if (value === undefined || value === 0 || (value === 1 && name === 'minLength')) continue;
    limits.push(wording.replace('#', () => String(value)));
  }
  const keys = schema['x-kubernetes-list-map-keys'];
  if (isJsonArray(keys)) limits.push(`each with its own ${keys.map(String).join(' and ')}`);
  return isJsonObject(schema.items)
    ? [...limits, ...limitsOf(schema.items).map((each) => `each ${each}`)]
    : limits;
}

function rulesOf(schema: JsonObject): string[] {
  const rules = schema['x-kubernetes-validations'];
  const own = isJsonArray(rules)
    ? rules.flatMap((rule) => (isJsonObject(rule) && typeof rule.message === 'string' ? [rule.message] : []))
    : [];
  return isJsonObject(schema.items) ? [...own, ...rulesOf(schema.items)] : own;
}
