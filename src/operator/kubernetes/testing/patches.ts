import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEqual,
} from '../../../foundation/json.ts';

/** RFC 7396. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, Json> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = applyMergePatch(result[name], value);
  }
  return result;
}

/** RFC 6902, as far as the operator uses it. Throws when an operation does not fit, a failed test included. */
export function applyJsonPatch(target: Json, operations: readonly Json[]): Json {
  return operations.reduce<Json>((document, operation) => {
    if (!isJsonObject(operation)) throw new Error('not an operation');
    const { op, path, value = null } = operation;
    if (typeof path !== 'string') throw new Error('no path');
    const parts = path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (op === 'test') {
      // The API server's library takes a missing value and null for equal.
      if (!jsonEqual(at(document, parts) ?? null, value)) throw new Error(`test failed: ${path}`);
      return document;
    }
    return change(document, parts, String(op), value);
  }, target);
}

function at(document: Json | undefined, parts: readonly string[]): Json | undefined {
  return parts.reduce<Json | undefined>((node, part) => {
    if (isJsonArray(node)) return node[Number(part)];
    return isJsonObject(node) ? node[part] : undefined;
  }, document);
}

function change(node: Json | undefined, parts: readonly string[], op: string, value: Json): Json {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (isJsonArray(node)) {
    const items = [...node];
    const index = part === '-' ? items.length : Number(part);
    if (rest.length > 0) items[index] = change(items[index], rest, op, value);
    else if (op === 'add') items.splice(index, 0, value);
    else if (items[index] === undefined) throw new Error(`nothing at ${part}`);
    else if (op === 'remove') items.splice(index, 1);
    else items[index] = value;
    return items;
  }
  if (!isJsonObject(node)) throw new Error(`nothing at ${part}`);
  const result: Record<string, Json> = { ...node };
  if (rest.length > 0) result[part] = change(node[part], rest, op, value);
  else if (op === 'add') result[part] = value;
  else if (node[part] === undefined) throw new Error(`nothing at ${part}`);
  else if (op === 'remove') delete result[part];
  else result[part] = value;
  return result;
}

export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _old, ...rest } = object;
  return value === undefined ? rest : { ...rest, [name]: value };
}
