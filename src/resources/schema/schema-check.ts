import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { Kind, Resource } from '../kinds.ts';
import { CelRules } from './cel-rules.ts';
import { schemaOfKind } from './definitions.ts';
import { hasNull, withoutNulls } from './null-members.ts';
import { metadataFaults } from './object-metadata.ts';
import type { SchemaFault } from './schema-fault.ts';
import { StructureCheck } from './structure.ts';
import { unknownFields } from './unknown-fields.ts';

/** The verdict on one object: the resource, or what is wrong with it. */
export type SchemaVerdict =
  | { readonly valid: true; readonly resource: Resource }
  | { readonly valid: false; readonly faults: readonly SchemaFault[] };

interface KindCheck {
  readonly schema: JsonObject;
  readonly structure: StructureCheck;
  readonly rules: CelRules;
}

/**
 * Checks objects as the API server does on a create with strict field validation: structure, metadata, then the
 * rules in CEL. A status is dropped: only the names of its fields are looked at.
 */
export class SchemaCheck {
  readonly #checks = new Map<Kind, KindCheck>();

  /** @param object of this kind by its apiVersion and kind */
  check(kind: Kind, object: JsonObject): SchemaVerdict {
    const { rules, schema, structure } = this.#checkOf(kind);
    const { status } = object;
    const declared = status === undefined ? object : withoutMember(object, 'status');
    const cleaned = hasNull(declared) ? withoutNulls(declared, schema) : declared;
    const faults = [
      ...structure.faultsOf(cleaned),
      ...metadataFaults(cleaned),
      ...(status === undefined ? [] : unknownFields(status, statusOf(schema), ['status'])),
    ];
    if (faults.length === 0) faults.push(...rules.faultsOf(cleaned));
    if (faults.length > 0) return { valid: false, faults };
    return isResource(cleaned) ? { valid: true, resource: cleaned } : { valid: false, faults: [] };
  }

  #checkOf(kind: Kind): KindCheck {
    const known = this.#checks.get(kind);
    if (known) return known;
    const schema = schemaOfKind(kind);
    const check = {
      schema,
      structure: new StructureCheck(withoutStatus(schema)),
      rules: new CelRules(schema),
    };
    this.#checks.set(kind, check);
    return check;
  }
}

/** Half of a schema is of the status, which is looked at on its own. */
function withoutStatus(schema: JsonObject): JsonObject {
  if (!isJsonObject(schema.properties)) return schema;
  return { ...schema, properties: withoutMember(schema.properties, 'status') };
}

function withoutMember(object: JsonObject, name: string): JsonObject {
  const { [name]: _left, ...rest } = object;
  return rest;
}

function statusOf({ properties }: JsonObject): JsonObject | undefined {
  const status = isJsonObject(properties) ? properties.status : undefined;
  return isJsonObject(status) ? status : undefined;
}

/** The types of `generated/` are made from the very schema that was checked. */
function isResource(value: Json | Resource): value is Resource {
  return typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;
}
