import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../src/foundation/json.ts';
import { schemaOf } from './types-of-crd.ts';

export interface SchemaEntry {
  readonly kind: string;
  readonly schema: JsonObject;
}

/** The schema of a definition, without what only people read. */
export function schemaEntry(definition: string, file: string): SchemaEntry {
  const { kind, schema } = schemaOf(parse(definition), file);
  return { kind, schema: withoutProse(schema) };
}

function withoutProse(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([name, value]): (readonly [string, Json])[] => {
    if (name === 'description') return [];
    if (name === 'properties' && isJsonObject(value)) {
      const members = Object.entries(value).map(([member, below]) => [member, prune(below)] as const);
      return [[name, Object.fromEntries(members)]];
    }
    return name === 'items' || name === 'additionalProperties' ? [[name, prune(value)]] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function prune(value: Json): Json {
  return isJsonObject(value) && !isJsonArray(value) ? withoutProse(value) : value;
}

/** A text to be parsed is read several times as fast as an object literal. */
export function schemasModule(entries: readonly SchemaEntry[]): string {
  const schemas = entries.map(({ kind, schema }) => `  ${kind}:\n    ${literal(JSON.stringify(schema))},`);
  return [
    '// Generated from crds/ by scripts/generate-types.ts. Do not edit.',
    '',
    '/** The openAPIV3Schema of each kind as JSON text, without descriptions. */',
    'export const schemaTexts: Readonly<Record<string, string>> = {',
    ...schemas,
    '};',
    '',
  ].join('\n');
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
