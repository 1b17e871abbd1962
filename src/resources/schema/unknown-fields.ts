import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { JsonPath } from '../json-path.ts';
import type { SchemaFault } from './schema-fault.ts';

/**
 * Fields that a schema does not know, whatever else is wrong with the value. For the status: it is dropped on a
 * create, and the API server only looks at the names in it.
 *
 * @param schema undefined where the schema says nothing about what is inside: then every name is unknown
 */
export function unknownFields(
  value: Json,
  schema: JsonObject | undefined,
  path: JsonPath,
): readonly SchemaFault[] {
  if (isJsonArray(value)) {
    const items = isJsonObject(schema?.items) ? schema.items : undefined;
    return value.flatMap((item, index) => unknownFields(item, items, [...path, index]));
  }
  if (!isJsonObject(value) || schema?.['x-kubernetes-preserve-unknown-fields'] === true) return [];
  const properties = isJsonObject(schema?.properties) ? schema.properties : {};
  return Object.entries(value).flatMap(([name, member]): readonly SchemaFault[] => {
    const known = Object.hasOwn(properties, name) ? properties[name] : schema?.additionalProperties;
    if (isJsonObject(known)) return unknownFields(member, known, [...path, name]);
    if (known === true) return [];
    return [{ rule: 'unknown-field', path: [...path, name], at: 'key', message: 'there is no such field' }];
  });
}
