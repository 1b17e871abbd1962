import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';

/**
 * Drops members that are null where the schema does not take null, before anything is validated, as the API server
 * does: `email: null`, or `email:` without a value, is a missing email. Items of lists stay.
 */
export function withoutNulls(value: JsonObject, schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const below = schemaOf(schema, name);
      if (member === null && below !== undefined && below.nullable !== true && below.default === undefined)
        return [];
      return [[name, pruned(member, below)]];
    }),
  );
}

function pruned(value: Json, schema: JsonObject | undefined): Json {
  if (schema === undefined) return value;
  if (isJsonObject(value)) return withoutNulls(value, schema);
  if (!isJsonArray(value)) return value;
  const items = isJsonObject(schema.items) ? schema.items : undefined;
  return value.map((item) => pruned(item, items));
}

function schemaOf(schema: JsonObject, name: string): JsonObject | undefined {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const found = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
  return isJsonObject(found) ? found : undefined;
}

/** Whether there is a null at all: most documents have none. */
export function hasNull(value: Json): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  if (isJsonArray(value)) return value.some(hasNull);
  // Every resource comes by here: nothing is made for it.
  for (const name in value) if (hasNull(value[name] ?? null)) return true;
  return false;
}
