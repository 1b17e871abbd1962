import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../src/foundation/json.ts';

export interface GeneratedTypes {
  /** `user-profile.ts` */
  readonly fileName: string;
  readonly text: string;
}

function member(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (typeof step === 'number') current = isJsonArray(current) ? current[step] : undefined;
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** The schema of the only version of a custom resource definition, with its kind. */
export function schemaOf(
  crd: Json,
  file: string,
): { kind: string; group: string; version: string; schema: JsonObject } {
  const kind = member(crd, 'spec', 'names', 'kind');
  const group = member(crd, 'spec', 'group');
  const version = member(crd, 'spec', 'versions', 0, 'name');
  const schema = member(crd, 'spec', 'versions', 0, 'schema', 'openAPIV3Schema');
  if (
    typeof kind !== 'string' ||
    typeof group !== 'string' ||
    typeof version !== 'string' ||
    !isJsonObject(schema)
  ) {
    throw new Error(`${file} is not a CustomResourceDefinition with a schema in its first version`);
  }
  return { kind, group, version, schema };
}

/** Only what shapes a type and what explains it: bounds and rules are the schema's business. */
function typeSchema(schema: JsonObject): JSONSchema {
  const { description, type, enum: values, required, properties, items, additionalProperties } = schema;
  const result: JSONSchema = {};
  if (typeof description === 'string') result.description = description;
  if (isJsonArray(values))
    result.enum = values.filter((value) => typeof value === 'string' || value === true);
  if (
    type === 'object' ||
    type === 'array' ||
    type === 'string' ||
    type === 'boolean' ||
    type === 'integer'
  ) {
    result.type = type;
  } else {
    throw new Error(`No TypeScript type for the schema type ${JSON.stringify(type)}`);
  }
  if (isJsonArray(required)) result.required = required.filter((name) => typeof name === 'string');
  if (isJsonObject(properties)) {
    result.properties = Object.fromEntries(
      Object.entries(properties)
        .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
        .map(([name, property]) => [name, typeSchema(property)]),
    );
  }
  if (isJsonObject(items)) result.items = typeSchema(items);
  if (isJsonObject(additionalProperties)) result.additionalProperties = typeSchema(additionalProperties);
  return result;
}

function fileNameOf(kind: string): string {
  return `${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.ts`;
}

/**
 * TypeScript for one custom resource definition: an interface named after the kind, and `<Kind>Spec` and
 * `<Kind>Status`. The same definition always gives the same text.
 */
export async function typesOf(crdText: string, file: string): Promise<GeneratedTypes> {
  const { kind, group, version, schema } = schemaOf(parse(crdText), file);
  const { properties = {}, ...resource } = typeSchema(schema);
  const titled = (name: 'spec' | 'status'): JSONSchema => ({
    ...properties[name],
    title: `${kind}${name === 'spec' ? 'Spec' : 'Status'}`,
  });
  const text = await compile(
    {
      ...resource,
      title: kind,
      required: [
        'apiVersion',
        'kind',
        'metadata',
        ...(Array.isArray(resource.required) ? resource.required : []),
      ],
      properties: {
        apiVersion: { tsType: `'${group}/${version}'` },
        kind: { tsType: `'${kind}'` },
        metadata: { tsType: 'ObjectMeta' },
        spec: titled('spec'),
        status: titled('status'),
      },
    },
    kind,
    {
      additionalProperties: false,
      bannerComment: `// Generated from ${file} by scripts/generate-types.ts. Change that file instead.\n\nimport type { ObjectMeta } from '../object-meta.ts';`,
      format: true,
      style: { singleQuote: true, printWidth: 110, trailingComma: 'all' },
    },
  );
  return { fileName: fileNameOf(kind), text };
}
