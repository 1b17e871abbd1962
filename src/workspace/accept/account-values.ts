import {
  extensionFields,
  extensionSettingsFields,
  requiredOfExtension,
} from '../../account/decompile/extension.ts';
import { placedExtensions } from '../../account/decompile/placed-extensions.ts';
import { portingOrderFields } from '../../account/decompile/porting-order.ts';
import type { FieldMapping, Seen } from '../../account/decompile/reading.ts';
import { AccountReferences } from '../../account/decompile/references.ts';
import type { PlacedExtension } from '../../account/decompile/resource-names.ts';
import { profileFields, profileSettingsFields } from '../../account/decompile/user-profile.ts';
import type { DriftedField, DriftedResource } from '../../account/drift/drift-findings.ts';
import type { Memory } from '../../account/memory.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from '../../account/objects.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { JsonPath } from '../../resources/json-path.ts';

/** The value that a field of the YAML would have, or why there is none. */
export type AccountValue = { readonly path: JsonPath; readonly value: Json } | { readonly why: string };

/** What the account holds, in the words of the YAML: the inverse of compile, field by field. Made once an account. */
export class AccountValues {
  readonly #account: ObservedAccount;
  readonly #references: AccountReferences;
  readonly #memory: Memory;
  #extensions: ReadonlyMap<string, PlacedExtension> | undefined;

  constructor(account: ObservedAccount, memory: Memory) {
    this.#account = account;
    this.#references = new AccountReferences(account);
    this.#memory = memory;
  }

  /**
   * @param spec as the file has it
   * @returns a value at a path below the resource
   */
  valueOf(drifted: DriftedResource, field: DriftedField, spec: JsonObject): AccountValue {
    const { externalId: id, resource } = drifted;
    if (field.cause === 'conflict') {
      return { why: 'the YAML was changed, too: decide there which of the two it shall be' };
    }
    if (id === undefined) return { why: 'it is bound to nothing in the account' };
    if (resource.kind === 'PrivilegeGrant') return this.#privileges(drifted, field, spec);
    for (const [mappings, seen] of this.#places(resource.kind, id)) {
      const mapping = mappings.find(({ field: name }) => isWithin(field.field, name));
      if (!mapping) continue;
      return seen ? valueBy(mapping, seen, spec) : { why: 'the account does not show it' };
    }
    return { why: 'there is no way to say in YAML what the account has there' };
  }

  #places(kind: string, id: string): readonly (readonly [readonly FieldMapping[], Seen | undefined])[] {
    const own = (type: ObjectType) => {
      const object = this.#object(type, id);
      return object && this.#seen(object);
    };
    switch (kind) {
      case 'UserProfile':
        return [
          [profileFields, own('user')],
          [profileSettingsFields, own('profileSettings')],
        ];
      case 'Extension': {
        const placed = this.#extension(id);
        const seen = placed && {
          body: placed.body,
          complete: placed.complete,
          references: this.#references,
          ...(placed.user ? { user: placed.user } : {}),
        };
        return [
          [extensionFields, seen],
          [extensionSettingsFields, own('extensionSettings')],
        ];
      }
      case 'PortingOrder': {
        const seen = own('portingOrder');
        const extensionName = (extension: string) => this.#extensionName(extension);
        return [[portingOrderFields, seen && { ...seen, extensionName }]];
      }
      default:
        return [];
    }
  }

  #object(type: ObjectType, id: string): ObservedObject | undefined {
    const collection = this.#account.collections[type];
    return collection.state === 'read' ? collection.objects.get(id) : undefined;
  }

  #seen({ body, source }: ObservedObject): Seen {
    return { body, complete: source === 'single', references: this.#references };
  }

  #extension(id: string): PlacedExtension | undefined {
    const { extension, user } = this.#account.collections;
    this.#extensions ??= new Map(
      placedExtensions(
        user.state === 'read' ? [...user.objects.values()] : [],
        extension.state === 'read' ? [...extension.objects.values()] : [],
      ).map((placed) => [placed.id, placed]),
    );
    return this.#extensions.get(id);
  }

  #extensionName(id: string): string | undefined {
    for (const [key, { externalId }] of this.#memory) {
      if (externalId === id && key.startsWith('Extension/')) return key.split('/').at(-1);
    }
    return undefined;
  }

  /** Several grants of one person are one truth: whose the new privilege is, the account does not say. */
  #privileges(
    { externalId }: DriftedResource,
    { account, path }: DriftedField,
    spec: JsonObject,
  ): AccountValue {
    const [, pbx, , section] = path;
    const grants = [...this.#memory].filter(
      ([key, memory]) => key.startsWith('PrivilegeGrant/') && memory.externalId === externalId,
    );
    if (grants.length !== 1) return { why: 'the person has several grants: say in which of them it belongs' };
    if (typeof pbx !== 'object' || typeof section !== 'object' || !isJsonArray(spec.sections)) {
      return { why: 'the grant does not name its sections itself' };
    }
    if (!isJsonArray(spec.pbxes) || spec.pbxes.length !== 1) {
      return { why: `the grant is for other PBXes, too, and the change is on ${pbx.is} alone` };
    }
    const at = spec.sections.findIndex((entry) => isJsonObject(entry) && entry.name === section.is);
    if (at < 0) return { why: `the grant does not name the section ${section.is}` };
    if (!isJsonArray(account) || account.length === 0) {
      return { why: `nothing of ${section.is} is left: take the section out of the grant` };
    }
    return { path: ['spec', 'sections', at, 'privileges'], value: account };
  }
}

/** `phoneNumbers[+14085550123]` and `emergencyAddress.fromSite` are parts of what a mapping is about. */
function isWithin(field: string, mapping: string): boolean {
  return field === mapping || field.startsWith(`${mapping}.`) || field.startsWith(`${mapping}[`);
}

/** What a resource is known by in the account is not changed by accepting a value. */
const fixed: ReadonlySet<string> = new Set([...requiredOfExtension, 'site']);

function valueBy(mapping: FieldMapping, seen: Seen, spec: JsonObject): AccountValue {
  const path = ['spec', ...mapping.field.split('.')];
  const reading = mapping.read(seen);
  if (fixed.has(mapping.field)) return { why: 'it is decided once, and can not be taken over' };
  switch (reading.kind) {
    case 'value':
      return reading.lacking
        ? { why: `YAML can not say all of it: ${reading.lacking.join('; ')}` }
        : { path, value: reading.value };
    case 'unset': {
      // Of a list that is declared entry by entry, every entry has gone.
      const value = mapping.cleared ?? (isJsonArray(memberOf(spec, mapping.field)) ? [] : undefined);
      return value === undefined
        ? { why: 'the account has nothing there, for which YAML has no word: take the field out' }
        : { path, value };
    }
    case 'unknown':
      return { why: 'the account does not show it' };
    case 'inexpressible':
      return { why: `YAML can not say it: it ${reading.why}` };
  }
}

function memberOf(spec: JsonObject, field: string): Json | undefined {
  let found: Json | undefined = spec;
  for (const name of field.split('.')) found = isJsonObject(found) ? found[name] : undefined;
  return found;
}
