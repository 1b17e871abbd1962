import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';
import type { Kind } from '../../../resources/kinds.ts';
import { schemaOfKind } from '../../../resources/schema/definitions.ts';

/** What the operator writes by itself, and never from what the phone system says. */
const own = new Set(['memory', 'shortened']);

/** The schema of a kind's status. */
export function statusSchema(kind: Kind): JsonObject {
  const { properties } = schemaOfKind(kind);
  const status = isJsonObject(properties) ? properties.status : undefined;
  if (!isJsonObject(status)) throw new Error(`The definition of ${kind} has no status`);
  return status;
}

/** A status with more of everything than its definition holds: lists, texts, and names that come twice. */
export function extremeStatus(kind: Kind): JsonObject {
  return object(statusSchema(kind), 0, own);
}

function value(schema: JsonObject, index: number): Json {
  switch (schema.type) {
    case 'object':
      return object(schema, index);
    case 'array':
      return list(schema);
    case 'string':
      return text(schema, index);
    case 'boolean':
      return true;
    default:
      return 1 + index;
  }
}

function object(schema: JsonObject, index: number, without: ReadonlySet<string> = new Set()): JsonObject {
  const { properties, additionalProperties } = schema;
  const members = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, member]) =>
    isJsonObject(member) && !without.has(name) ? [[name, value(member, index)] as const] : [],
  );
  const named = isJsonObject(additionalProperties)
    ? [['name', value(additionalProperties, index)] as const]
    : [];
  return Object.fromEntries([...members, ...named]);
}

/** Each entry comes twice, and there are more of them than the list holds either way. */
function list({ items, maxItems }: JsonObject): Json {
  if (!isJsonObject(items)) return [];
  const count = (typeof maxItems === 'number' ? maxItems : 10) + 5;
  return Array.from({ length: count * 2 }, (_, index) => value(items, Math.floor(index / 2)));
}

function text({ enum: choices, format, pattern, maxLength }: JsonObject, index: number): string {
  if (isJsonArray(choices)) return String(choices[index % choices.length]);
  if (format === 'date-time') return new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
  const word = `Number${'ABCDEFGHIJ'.charAt(Math.floor(index / 10))}${'ABCDEFGHIJ'.charAt(index % 10)}`;
  if (typeof pattern === 'string') return word;
  // Half of them fit, so that entries that are known by one of them are left.
  if (index % 2 === 1) return `+1408555${String(index).padStart(4, '0')}`;
  return `${word}${'é'.repeat(typeof maxLength === 'number' ? maxLength : 40)}`;
}
