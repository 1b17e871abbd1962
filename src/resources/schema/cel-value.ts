import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';

/** A value as the CEL library takes it: integers are BigInt, times are Date, everything else is as in JSON. */
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly CelValue[]
  | { readonly [name: string]: CelValue };

/** Makes CEL values of what one schema describes, as Kubernetes does by types and formats. */
export type CelConversion = (value: Json) => CelValue;

const asIs: CelConversion = (value) => value;

/** Most schemas have neither integers nor times below them: nothing is copied then. */
export function celConversion(schema: JsonObject): CelConversion {
  if (schema.type === 'integer') return integer;
  if (schema.type === 'string' && (schema.format === 'date-time' || schema.format === 'date')) return time;
  if (isJsonObject(schema.items)) {
    const item = celConversion(schema.items);
    return item === asIs ? asIs : (value) => (isJsonArray(value) ? value.map(item) : value);
  }
  if (isJsonObject(schema.additionalProperties)) {
    const each = celConversion(schema.additionalProperties);
    return each === asIs ? asIs : (value) => mapMembers(value, () => each);
  }
  if (!isJsonObject(schema.properties)) return asIs;
  const members = new Map<string, CelConversion>();
  for (const [name, below] of Object.entries(schema.properties)) {
    const convert = isJsonObject(below) ? celConversion(below) : asIs;
    if (convert !== asIs) members.set(name, convert);
  }
  return members.size === 0 ? asIs : (value) => mapMembers(value, (name) => members.get(name) ?? asIs);
}

function mapMembers(value: Json, conversionOf: (name: string) => CelConversion): CelValue {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, conversionOf(name)(member)]),
  );
}

function integer(value: Json): CelValue {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function time(value: Json): CelValue {
  if (typeof value !== 'string') return value;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date;
}
