import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEqual,
} from '../../src/foundation/json.ts';
import type { Schema, SchemaOrReference } from './strict-schema.ts';

/**
 * The part of a request body that the client answers for: without the members that are read-only or undeclared
 * and stood with the same value in the object as it was read. A whole-resource PUT has to send those back.
 */
export function withoutPassedThrough(
  body: Json,
  schema: SchemaOrReference,
  previous: Json | undefined,
): Json {
  return previous === undefined ? body : strip(body, schema, [previous]);
}

function strip(value: Json, schema: SchemaOrReference, read: readonly Json[]): Json {
  if ('$ref' in schema) return value;
  if (isJsonArray(value) && schema.type === 'array') {
    const readItems = read.filter(isJsonArray).flat();
    return value.map((item) => strip(item, schema.items, readItems));
  }
  if (!isJsonObject(value)) return value;
  const properties = propertiesOf(schema);
  const readObjects: JsonObject[] = read.filter(isJsonObject);
  const kept: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const declared = properties[name];
    const readMembers = readObjects.flatMap((object) => {
      const readMember = object[name];
      return readMember === undefined ? [] : [readMember];
    });
    const writable = declared !== undefined && !('$ref' in declared) && declared.readOnly !== true;
    if (!writable && readMembers.some((readMember) => jsonEqual(readMember, member))) continue;
    kept.push([name, declared ? strip(member, declared, readMembers) : member]);
  }
  return Object.fromEntries(kept);
}

function propertiesOf(schema: Schema): Readonly<Record<string, SchemaOrReference>> {
  const parts: SchemaOrReference[] = [
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ];
  return Object.assign(
    {},
    ...parts.map((part) => ('$ref' in part ? {} : propertiesOf(part))),
    schema.properties,
  );
}
