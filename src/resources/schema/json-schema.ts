import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';

/**
 * A structural schema as ajv takes it: a field that the definition does not know is an error, lists that are sets or
 * keyed have `kubernetesSet` and `kubernetesMap`, and rules are left to CEL.
 */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'properties' && isJsonObject(value))
      result.properties = Object.fromEntries(
        Object.entries(value).map(([member, below]) => [
          member,
          isJsonObject(below) ? jsonSchemaOf(below) : below,
        ]),
      );
    else if ((name === 'items' || name === 'additionalProperties' || name === 'not') && isJsonObject(value))
      result[name] = jsonSchemaOf(value);
    else if ((name === 'allOf' || name === 'anyOf' || name === 'oneOf') && isJsonArray(value))
      result[name] = value.map((each) => (isJsonObject(each) ? jsonSchemaOf(each) : each));
    else if (!name.startsWith('x-kubernetes-') && !ignored.has(name)) result[name] = value;
  }
  return { ...result, ...closing(schema), ...typing(schema), ...listing(schema) };
}

const ignored = new Set(['description', 'default', 'example', 'externalDocs', 'title', 'nullable']);

function closing(schema: JsonObject): JsonObject {
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true;
  const closed = isJsonObject(schema.properties) && schema.additionalProperties === undefined && !open;
  return closed ? { additionalProperties: false } : {};
}

function typing(schema: JsonObject): JsonObject {
  const type = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type;
  if (type === undefined) return {};
  const types = isJsonArray(type) ? type : [type];
  return { type: schema.nullable === true ? [...types, 'null'] : type };
}

function listing(schema: JsonObject): JsonObject {
  const kind = schema['x-kubernetes-list-type'];
  if (kind === 'set') return { kubernetesSet: true };
  const keys = schema['x-kubernetes-list-map-keys'];
  return kind === 'map' && isJsonArray(keys) ? { kubernetesMap: keys } : {};
}
