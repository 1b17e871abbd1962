import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../src/foundation/json.ts';
import { schemaOf } from './types-of-crd.ts';

export interface EditorSchema {
  readonly kind: string;
  readonly apiVersion: string;
  /** JSON Schema, draft 7, as editors complete, explain and check by. */
  readonly schema: JsonObject;
}

/** The editor's schema of one kind. Rules across fields are CEL's: `dialops validate` checks them. */
export function editorSchema(definition: Json, file: string): EditorSchema {
  const { kind, group, version, schema } = schemaOf(definition, file);
  const apiVersion = `${group}/${version}`;
  const body = translated(schema);
  const properties = isJsonObject(body.properties) ? body.properties : {};
  return {
    kind,
    apiVersion,
    schema: {
      ...body,
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      properties: {
        ...properties,
        apiVersion: { const: apiVersion },
        kind: { const: kind },
        metadata: {
          description: 'Standard object metadata of Kubernetes.',
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string', maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
            namespace: { type: 'string', maxLength: 63 },
            annotations: { type: 'object', additionalProperties: { type: 'string' } },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
      },
    },
  };
}

/** One schema for files that hold several kinds; kinds of others are left alone. */
export function schemaOfAll(schemas: readonly EditorSchema[]): JsonObject {
  const [first] = schemas;
  if (!first) throw new Error('There are no definitions');
  return {
    $schema: draft,
    title: 'Resources of dialops',
    type: 'object',
    allOf: [
      when(
        { required: ['apiVersion'], properties: { apiVersion: { pattern: '^dialops\\.dev/' } } },
        {
          properties: {
            apiVersion: { const: first.apiVersion },
            kind: { enum: schemas.map(({ kind }) => kind) },
          },
        },
      ),
      ...schemas.map(({ apiVersion, kind, schema }) =>
        when(
          {
            required: ['apiVersion', 'kind'],
            properties: { apiVersion: { const: apiVersion }, kind: { const: kind } },
          },
          schema,
        ),
      ),
    ],
  };
}

function when(condition: JsonObject, consequence: JsonObject): JsonObject {
  return Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ]);
}

export const draft = 'http://json-schema.org/draft-07/schema#';

function translated(schema: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'properties' && isJsonObject(value)) {
      const members = Object.entries(value).map(([member, below]) => [member, inner(below)] as const);
      result.properties = Object.fromEntries(members);
    } else if (name === 'items' || name === 'additionalProperties' || name === 'not') {
      result[name] = inner(value);
    } else if (isJsonArray(value) && (name === 'allOf' || name === 'anyOf' || name === 'oneOf')) {
      result[name] = value.map(inner);
    } else if (!name.startsWith('x-kubernetes-') && name !== 'nullable') {
      result[name] = value;
    }
  }
  if (schema['x-kubernetes-list-type'] === 'set') result.uniqueItems = true;
  if (isJsonObject(schema.properties) && schema.additionalProperties === undefined) {
    result.additionalProperties = false;
  }
  return result;
}

function inner(value: Json): Json {
  return isJsonObject(value) ? translated(value) : value;
}
