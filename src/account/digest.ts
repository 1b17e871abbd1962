import { hash } from 'node:crypto';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';

/** JSON text in which the order of object members does not show. */
export function stableText(value: Json): string {
  if (isJsonArray(value)) return `[${value.map(stableText).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${stableText(value[name] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * A short fingerprint of a value, for memory and for approvals. Twelve hexadecimal digits: a false "unchanged"
 * has odds of one in 2^48. Never taken of a secret.
 */
export function digest(value: Json): string {
  const text = stableText(value);
  if (text.length > longestKnown) return fresh(text);
  const known = ofShortTexts.get(text);
  if (known !== undefined) return known;
  const made = fresh(text);
  if (ofShortTexts.size < mostKnown) ofShortTexts.set(text, made);
  return made;
}

/** Flags, codes and the like come up in every resource and every round. */
const ofShortTexts = new Map<string, string>();
const longestKnown = 24;
const mostKnown = 2_000;

function fresh(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 12);
}
