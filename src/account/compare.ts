import { isJsonArray, isJsonObject, type Json, jsonEqual } from '../foundation/json.ts';
import { stableText } from './digest.ts';

/**
 * How a declared value and an observed one are held against each other.
 * - `exact`: as JSON, where null, an absent member, an empty string and an empty list are the same nothing.
 * - `caseless`: text without regard to case (user names, emails).
 * - `mac`: a MAC address without regard to case and punctuation.
 * - `set`: a list whose order and repetitions mean nothing.
 * - `ids`, `names`: a list of objects of which only the id or the name counts.
 */
export type Comparison = 'exact' | 'caseless' | 'mac' | 'set' | 'ids' | 'names';

/** One form for all the ways in which the phone system says "nothing". */
export function normalise(value: Json | undefined): Json {
  if (value === undefined || value === null || value === '') return null;
  if (isJsonArray(value)) return value.length === 0 ? null : value.map(normalise);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, normalise(member)] as const)
    .filter(([, member]) => member !== null);
  return members.length === 0 ? null : Object.fromEntries(members);
}

export function normaliseMac(text: string): string {
  return text.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
}

function canonical(value: Json, comparison: Comparison): Json {
  const plain = normalise(value);
  if (comparison === 'caseless' && typeof plain === 'string') return plain.toLowerCase();
  if (comparison === 'mac' && typeof plain === 'string') return normaliseMac(plain);
  if (!isJsonArray(plain)) return plain;
  if (comparison === 'set') return unordered(plain);
  if (comparison === 'ids')
    return unordered(plain.map((item) => (isJsonObject(item) ? (item.id ?? null) : item)));
  if (comparison === 'names')
    return unordered(plain.map((item) => (isJsonObject(item) ? (item.name ?? null) : item)));
  return plain;
}

function unordered(list: readonly Json[]): Json {
  const byText = new Map(list.map((item) => [stableText(item), item]));
  return [...byText.keys()].sort().map((text) => byText.get(text) ?? null);
}

export function sameValue(a: Json, b: Json, comparison: Comparison): boolean {
  // The usual case, of which there are very many.
  if (a === b) return true;
  return jsonEqual(canonical(a, comparison), canonical(b, comparison));
}

/** The value in the form in which equal values have equal digests. */
export function comparable(value: Json, comparison: Comparison): Json {
  return canonical(value, comparison);
}
