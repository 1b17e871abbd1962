import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEqual } from '../foundation/json.ts';
import { read } from './path.ts';

/** Members by which the elements of the phone system's lists are told apart, the surest first. */
const keys = ['id', 'phoneNumber', 'macAddress', 'extensionNumber', 'pbxName', 'name'] as const;

/**
 * Lays a list row over an earlier single read of the same, unchanged object: members of the row win, what the row
 * does not show is kept.
 *
 * @returns undefined when the row holds something that the single read did not: what the row hides of that, nobody
 *   knows
 */
export function overlay(row: JsonObject, known: JsonObject): JsonObject | undefined {
  const merged: Record<string, Json> = { ...known };
  for (const [name, value] of Object.entries(row)) {
    const one = overlayValue(value, known[name]);
    if (one === undefined) return undefined;
    merged[name] = one;
  }
  return merged;
}

function overlayValue(row: Json, known: Json | undefined): Json | undefined {
  if (isJsonObject(row)) return isJsonObject(known) ? overlay(row, known) : undefined;
  if (!isJsonArray(row)) return row;
  const before = isJsonArray(known) ? known : [];
  const merged: Json[] = [];
  for (const item of row) {
    const one = isJsonObject(item) ? overlayElement(item, before) : item;
    if (one === undefined) return undefined;
    merged.push(one);
  }
  return merged;
}

function overlayElement(item: JsonObject, before: readonly Json[]): Json | undefined {
  const by = keys.find((key) => typeof item[key] === 'string');
  // Such as a personal phone number, of which there may be two alike.
  if (by === undefined) return before.find((known) => isJsonObject(known) && shows(item, known));
  const found = read(before, [{ by, is: String(item[by]) }]);
  return found.present ? overlayValue(item, found.value) : undefined;
}

/** Whether an element of a row shows a part of what is known, and nothing else. */
function shows(item: JsonObject, known: JsonObject): boolean {
  return Object.entries(item).every(([name, value]) => jsonEqual(value, known[name]));
}
