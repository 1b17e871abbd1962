import type { RemovalEntry } from '../execution/removal-log.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { formatJsonPath } from '../resources/json-path.ts';
import { type AccountKind, type AccountResource, isAccountKind } from '../resources/kinds.ts';
import { schemaOfKind } from '../resources/schema/definitions.ts';
import { StructureCheck } from '../resources/schema/structure.ts';

/** A remembered resource, or what is wrong with it, in words. */
export type LockedResource = { readonly resource: AccountResource } | { readonly fault: string };

/**
 * Holds what a lock file or its journal remembers of a resource against the schema of its kind, the memory in its
 * status included: whoever edits or merges such a file may leave anything in it.
 */
export class LockedResourceCheck {
  readonly #structures = new Map<AccountKind, StructureCheck>();

  check(entry: Json): LockedResource {
    if (!isJsonObject(entry)) return { fault: 'is no resource' };
    const { kind, metadata } = entry;
    if (typeof kind !== 'string' || !isAccountKind(kind)) {
      return { fault: 'is of no kind that a lock file keeps' };
    }
    const name = isJsonObject(metadata) ? metadata.name : undefined;
    if (typeof name !== 'string' || name === '') return { fault: 'has no metadata.name' };
    // Another version of dialops may know more fields: they do no harm here.
    const fault = this.#structureOf(kind)
      .faultsOf(entry)
      .find(({ rule }) => rule !== 'unknown-field');
    if (fault) return { fault: `(${kind} ${name}): ${formatJsonPath(fault.path)} ${fault.message}` };
    return isChecked(entry) ? { resource: entry } : { fault: 'is no resource' };
  }

  #structureOf(kind: AccountKind): StructureCheck {
    const known = this.#structures.get(kind);
    if (known) return known;
    const structure = new StructureCheck(remembered(schemaOfKind(kind)));
    this.#structures.set(kind, structure);
    return structure;
  }
}

/** The declared part of a schema, and of the status what is kept in files: its identity and its memory. */
function remembered(schema: JsonObject): JsonObject {
  const { properties } = schema;
  const status = isJsonObject(properties) ? properties.status : undefined;
  const members = isJsonObject(status) ? status.properties : undefined;
  if (!isJsonObject(properties) || !isJsonObject(members)) throw new Error('A schema has no status');
  const { externalId, memory } = members;
  if (externalId === undefined || memory === undefined) throw new Error('A schema has no memory');
  const kept = { type: 'object', properties: { externalId, memory } };
  return { ...schema, required: ['metadata', 'spec'], properties: { ...properties, status: kept } };
}

/** The types of resources are made from the very schemas that were checked. */
function isChecked(entry: Json | AccountResource): entry is AccountResource {
  return isJsonObject(entry) && 'kind' in entry && 'metadata' in entry && 'spec' in entry;
}

export function isRemovals(value: Json | readonly RemovalEntry[]): value is readonly RemovalEntry[] {
  return isJsonArray(value) && value.every(isRemoval);
}

function isRemoval(entry: Json): boolean {
  if (!isJsonObject(entry)) return false;
  const { count, time } = entry;
  const isTime = typeof time === 'string' && !Number.isNaN(Date.parse(time));
  return isTime && typeof count === 'number' && Number.isInteger(count) && count > 0;
}
