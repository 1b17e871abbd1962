import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { AccountReferences } from './references.ts';

/** What the account holds for one field of a spec, in YAML terms. */
export type Reading =
  | {
      readonly kind: 'value';
      readonly value: Json;
      /** Entries of a list that YAML can't say, with why: the others are in `value`. */
      readonly lacking?: readonly string[];
    }
  /** The phone system has nothing there. */
  | { readonly kind: 'unset' }
  /** The list row does not show it. */
  | { readonly kind: 'unknown' }
  /** There is something that YAML can't say. */
  | { readonly kind: 'inexpressible'; readonly why: string };

/** An object of the phone system, as a mapping reads it. */
export interface Seen {
  readonly body: JsonObject;
  /** Read by itself: what is absent is then not set. */
  readonly complete: boolean;
  readonly references: AccountReferences;
  /** The user that an extension stands in. */
  readonly user?: JsonObject;
  /** The name of the resource that an extension is, by its id. */
  readonly extensionName?: (id: string) => string | undefined;
}

/** One field of a spec and where the phone system keeps it: the inverse of what compile declares. */
export interface FieldMapping {
  /** As in the YAML, without `spec.`: `callerId.externalName`. */
  readonly field: string;
  /** The places on the wire that it stands for, lists as `[]`. */
  readonly wire: readonly string[];
  readonly read: (seen: Seen) => Reading;
  /** The value that clears it, where YAML has one: an empty text or list. */
  readonly cleared?: Json;
}

export const unset: Reading = { kind: 'unset' };
export const unknown: Reading = { kind: 'unknown' };

export function shown(value: Json): Reading {
  return { kind: 'value', value };
}

export function inexpressible(why: string): Reading {
  return { kind: 'inexpressible', why };
}

/** A value on the wire: null, '' and [] are the same nothing; a member that a row lacks is unknown. */
export function look(seen: Pick<Seen, 'body' | 'complete'>, path: readonly string[]): Reading {
  let value: Json = seen.body;
  for (const name of path) {
    if (value === null) return unset;
    const next: Json | undefined = isJsonObject(value) ? value[name] : undefined;
    if (next === undefined) return seen.complete ? unset : unknown;
    value = next;
  }
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return unset;
  return shown(value);
}

/** A text that stands in the YAML as on the wire. `fault` says what is wrong with one that no write could hold. */
export function text(
  field: string,
  path: readonly string[],
  options: { readonly cleared?: ''; readonly fault?: (value: string) => string | undefined } = {
    cleared: '',
  },
): FieldMapping {
  const { cleared, fault } = options;
  return {
    field,
    wire: [path.join('.')],
    ...(cleared === undefined ? {} : { cleared }),
    read: (seen) => {
      const found = look(seen, path);
      if (found.kind !== 'value') return found;
      if (typeof found.value !== 'string') return notA('text', path);
      const wrong = fault?.(found.value);
      return wrong === undefined ? found : inexpressible(wrong);
    },
  };
}

export function flag(field: string, path: readonly string[]): FieldMapping {
  return sameAsOnWire(field, path, 'true or false', (value) => typeof value === 'boolean');
}

export function count(field: string, path: readonly string[]): FieldMapping {
  return sameAsOnWire(field, path, 'whole number', (value) => Number.isSafeInteger(value));
}

function sameAsOnWire(
  field: string,
  path: readonly string[],
  what: string,
  isOne: (value: Json) => boolean,
): FieldMapping {
  return {
    field,
    wire: [path.join('.')],
    read: (seen) => {
      const found = look(seen, path);
      return found.kind !== 'value' || isOne(found.value) ? found : notA(what, path);
    },
  };
}

/** A word of the wire that YAML spells in its own way. */
export function choice(
  field: string,
  path: readonly string[],
  spellings: Readonly<Record<string, string>>,
): FieldMapping {
  return {
    field,
    wire: [path.join('.')],
    read: (seen) => {
      const found = look(seen, path);
      if (found.kind !== 'value') return found;
      const spelt = typeof found.value === 'string' ? spellings[found.value] : undefined;
      if (spelt !== undefined) return shown(spelt);
      return inexpressible(`${path.join('.')} is none of ${Object.keys(spellings).join(', ')}`);
    },
  };
}

export function notA(what: string, path: readonly string[]): Reading {
  return inexpressible(`${path.join('.')} is no ${what}`);
}
