import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { schemaTexts } from '../generated/schemas.ts';
import type { Kind } from '../kinds.ts';

/** The openAPIV3Schema of a kind, from its custom resource definition; descriptions are left out. */
export function schemaOfKind(kind: Kind): JsonObject {
  const schema: Json = JSON.parse(schemaTexts[kind] ?? 'null');
  if (!isJsonObject(schema)) throw new Error(`There is no definition of ${kind}`);
  return schema;
}
