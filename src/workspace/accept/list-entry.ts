import { normaliseMac } from '../../account/compare.ts';
import { isJsonObject, type Json } from '../../foundation/json.ts';

const identities = ['macAddress', 'number', 'id', 'name'] as const;

/** By what an entry of a list is known as the same one after it was changed. */
export function identityOf(entry: Json): string {
  if (!isJsonObject(entry)) return JSON.stringify(entry);
  for (const name of identities) {
    const value = entry[name];
    if (typeof value !== 'string') continue;
    return `${name} ${name === 'macAddress' ? normaliseMac(value) : value}`;
  }
  return JSON.stringify(entry);
}

/** An entry in which a MAC address is written in one way. */
export function normaliseEntry(entry: Json): Json {
  if (!isJsonObject(entry) || typeof entry.macAddress !== 'string') return entry;
  return { ...entry, macAddress: normaliseMac(entry.macAddress) };
}

/** What an entry says beyond what the account shows of it stays, and so does the way a MAC address is written. */
export function mergedEntry(before: Json, next: Json): Json {
  if (!isJsonObject(before) || !isJsonObject(next)) return next;
  const { macAddress } = before;
  return { ...before, ...next, ...(macAddress === undefined ? {} : { macAddress }) };
}
