import { createHash } from 'node:crypto';
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
  return createHash('sha256').update(stableText(value)).digest('hex').slice(0, 12);
}
