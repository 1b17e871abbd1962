import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';

/** Applies a JSON merge patch (RFC 7396): null removes, objects merge, all else replaces. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: Record<string, Json> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries<Json>(patch satisfies JsonObject)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name] ?? null, value);
  }
  return merged;
}
