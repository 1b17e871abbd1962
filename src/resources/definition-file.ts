import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { type Kind, kindNames } from './kinds.ts';

/** The definitions lie as far above this file built as not. */
const folder = new URL('../../crds/', import.meta.url);

/** The schema of a kind with all that people read in it. @throws where the package lacks its definitions */
export async function readSchema(kind: Kind): Promise<JsonObject> {
  const file = new URL(`${kindNames[kind].plural}.yaml`, folder);
  const definition: Json = parse(await readFile(file, 'utf8'));
  const spec = isJsonObject(definition) ? definition.spec : undefined;
  const versions = isJsonObject(spec) ? spec.versions : undefined;
  const version = isJsonArray(versions) ? versions[0] : undefined;
  const validation = isJsonObject(version) ? version.schema : undefined;
  const schema = isJsonObject(validation) ? validation.openAPIV3Schema : undefined;
  if (!isJsonObject(schema)) throw new Error(`${file.pathname} holds no schema of ${kind}`);
  return schema;
}
