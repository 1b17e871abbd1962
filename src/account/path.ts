import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { normaliseMac } from './compare.ts';
import type { PathSegment, WirePath } from './objects.ts';

function segmentEquals(a: PathSegment, b: PathSegment): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.by === b.by && a.is === b.is;
}

export function pathEquals(a: WirePath, b: WirePath): boolean {
  return a.length === b.length && a.every((segment, index) => segmentEquals(segment, b[index] ?? ''));
}

export function startsWith(path: WirePath, prefix: WirePath): boolean {
  return prefix.length <= path.length && pathEquals(path.slice(0, prefix.length), prefix);
}

/** What `read` found: a value (null included), or that some part of the path is not there. */
export type Found = { readonly present: true; readonly value: Json } | { readonly present: false };

const nothing: Found = { present: false };

function elementIndex(list: readonly Json[], by: string, is: string): number {
  const wanted = keyText(by, is);
  return list.findIndex((item) => {
    const value = isJsonObject(item) ? item[by] : undefined;
    return value !== undefined && value !== null && keyText(by, String(value)) === wanted;
  });
}

/** Keys compare as the phone system compares them: without regard to case, MAC addresses without punctuation. */
function keyText(by: string, key: string): string {
  return by === 'macAddress' ? normaliseMac(key) : key.toLowerCase();
}

export function read(body: Json, path: WirePath): Found {
  let value: Json = body;
  for (const segment of path) {
    if (typeof segment === 'string') {
      if (!isJsonObject(value) || !Object.hasOwn(value, segment)) return nothing;
      const next = value[segment];
      if (next === undefined) return nothing;
      value = next;
    } else {
      if (!isJsonArray(value)) return nothing;
      const next = value[elementIndex(value, segment.by, segment.is)];
      if (next === undefined) return nothing;
      value = next;
    }
  }
  return { present: true, value };
}

/** True when the path is absent because a list that was read lacks the element: that is known, not unknown. */
export function absentFromReadList(body: Json, path: WirePath): boolean {
  for (let length = path.length; length > 0; length--) {
    const segment = path[length - 1];
    if (segment === undefined || typeof segment === 'string') continue;
    const list = read(body, path.slice(0, length - 1));
    if (list.present && isJsonArray(list.value)) return elementIndex(list.value, segment.by, segment.is) < 0;
  }
  return false;
}

/**
 * A copy of `body` with `value` at `path`. Missing objects and list elements are made on the way; a new list
 * element starts with its selector's member. Everything else, unknown members included, stays as it is.
 */
export function write(body: JsonObject, path: WirePath, value: Json): JsonObject {
  const written = writeAt(body, path, value);
  if (!isJsonObject(written)) throw new Error('A path must begin with an object member');
  return written;
}

function writeAt(current: Json | undefined, path: WirePath, value: Json): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (typeof segment === 'string') {
    const base = isJsonObject(current) ? current : {};
    return { ...base, [segment]: writeAt(base[segment], rest, value) };
  }
  const list = isJsonArray(current) ? [...current] : [];
  const index = elementIndex(list, segment.by, segment.is);
  const element = index < 0 ? { [segment.by]: segment.is } : list[index];
  const next = writeAt(element, rest, value);
  if (index < 0) list.push(next);
  else list[index] = next;
  return list;
}

/** A copy of `body` without the list element or member that `path` names; unchanged when it is not there. */
export function remove(body: JsonObject, path: WirePath): JsonObject {
  const last = path.at(-1);
  const parentPath = path.slice(0, -1);
  const parent = read(body, parentPath);
  if (last === undefined || !parent.present) return body;
  if (typeof last === 'string') {
    if (!isJsonObject(parent.value) || !Object.hasOwn(parent.value, last)) return body;
    const { [last]: _dropped, ...kept } = parent.value;
    return parentPath.length === 0 ? kept : write(body, parentPath, kept);
  }
  if (!isJsonArray(parent.value)) return body;
  const index = elementIndex(parent.value, last.by, last.is);
  return index < 0 ? body : write(body, parentPath, parent.value.toSpliced(index, 1));
}
