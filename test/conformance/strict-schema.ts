import type { OpenAPIV3 } from 'openapi-types';

export type Schema = OpenAPIV3.SchemaObject;
export type SchemaOrReference = OpenAPIV3.SchemaObject | OpenAPIV3.ReferenceObject;

/**
 * A self-contained, strict copy of a schema: references replaced by what they name, an object that says nothing
 * about further members allows none, members of an `allOf` of objects joined into one object (each of them made
 * strict alone would refuse the members of the others), and no defaults (a validator would fill them in before
 * it looks for what is required).
 *
 * @throws Error when a reference leads nowhere, outside the document, or back to itself.
 */
export function strictSchema(
  schema: SchemaOrReference,
  components: Readonly<Record<string, SchemaOrReference>>,
  trail: readonly string[] = [],
): Schema {
  if ('$ref' in schema) {
    const name = /^#\/components\/schemas\/([^/]+)$/.exec(schema.$ref)?.[1];
    const target = name === undefined ? undefined : components[name];
    if (name === undefined || target === undefined) {
      throw new Error(`cannot follow the reference ${schema.$ref}`);
    }
    if (trail.includes(name)) throw new Error(`the schema ${name} contains itself, which is not supported`);
    return strictSchema(target, components, [...trail, name]);
  }
  const inner = (part: SchemaOrReference) => strictSchema(part, components, trail);
  const copy = joinObjects(schema, inner);
  delete copy.default;
  if (copy.properties) {
    const entries = Object.entries(copy.properties);
    copy.properties = Object.fromEntries(entries.map(([name, part]) => [name, inner(part)]));
  }
  if (copy.type === 'array') copy.items = inner(copy.items);
  if (copy.allOf) copy.allOf = copy.allOf.map(inner);
  if (copy.anyOf) copy.anyOf = copy.anyOf.map(inner);
  if (copy.oneOf) copy.oneOf = copy.oneOf.map(inner);
  if (typeof copy.additionalProperties === 'object')
    copy.additionalProperties = inner(copy.additionalProperties);
  if (copy.additionalProperties === undefined && (copy.type === 'object' || copy.properties)) {
    copy.additionalProperties = false;
  }
  return copy;
}

function joinObjects(schema: Schema, inner: (part: SchemaOrReference) => Schema): Schema {
  const { allOf, ...rest } = schema;
  const parts = allOf?.map(inner) ?? [];
  if (parts.length === 0 || !parts.every((part) => part.properties)) return { ...schema };
  const all: Schema[] = [...parts, { properties: rest.properties ?? {}, required: rest.required ?? [] }];
  return {
    ...rest,
    type: 'object',
    properties: Object.assign({}, ...all.map((part) => part.properties)),
    required: [...new Set(all.flatMap((part) => part.required ?? []))],
  };
}

/** Every `format` named anywhere in a schema made by {@link strictSchema}. */
export function formatsOf(schema: SchemaOrReference): string[] {
  if ('$ref' in schema) return [];
  const parts = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.type === 'array' ? [schema.items] : []),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  return [...(schema.format === undefined ? [] : [schema.format]), ...parts.flatMap(formatsOf)];
}
