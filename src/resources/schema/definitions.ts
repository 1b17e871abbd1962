import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { isKind, type Kind } from '../kinds.ts';

const folder = new URL('../../../crds/', import.meta.url);

/** The openAPIV3Schema of each kind, from the custom resource definitions. */
export function loadSchemas(): ReadonlyMap<Kind, JsonObject> {
  const schemas = new Map<Kind, JsonObject>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const definition: Json = parse(readFileSync(new URL(file, folder), 'utf8'));
    const spec = member(definition, 'spec');
    const kind = member(spec, 'names').kind;
    const [version] = isJsonArray(spec.versions) ? spec.versions : [];
    if (typeof kind !== 'string' || !isKind(kind)) continue;
    schemas.set(kind, member(member(version, 'schema'), 'openAPIV3Schema'));
  }
  return schemas;
}

function member(value: Json | undefined, name: string): JsonObject {
  const found = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(found) ? found : {};
}
