import { normaliseMac } from '../../account/compare.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { JsonPath } from '../../resources/json-path.ts';

/**
 * The path in the YAML of a field as compile names it: without `spec.`, and with list items named by what they are
 * known by, as in `devices[F0:1A:2B:00:00:01].model`. Where the resource has no such member, the path ends above it.
 *
 * @param object the resource
 */
export function pathOfField(object: JsonObject, field: string): JsonPath {
  const path: (string | number)[] = ['spec'];
  let value: Json | undefined = object.spec;
  for (const [, name, selector] of field.replace(/#.*$/, '').matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    const segment = selector === undefined ? name : isJsonArray(value) ? indexOf(value, selector) : undefined;
    const below: Json | undefined = isJsonArray(value)
      ? value[Number(segment)]
      : isJsonObject(value)
        ? value[String(segment)]
        : undefined;
    if (segment === undefined || below === undefined) break;
    path.push(segment);
    value = below;
  }
  return path;
}

const mac = /^(?:[0-9A-F]{2}[-:.]?){6}$/i;

/** The item with a member of this value: a number, a MAC address, an id, or a name, with `@PBX` behind it or not. */
function indexOf(items: readonly Json[], selector: string): number | undefined {
  const known = new Set([selector, selector.replace(/@[^@]*$/, '')]);
  const matches = (value: Json) =>
    typeof value === 'string' &&
    (known.has(value) || (mac.test(selector) && normaliseMac(value) === normaliseMac(selector)));
  const index = items.findIndex(
    (item) => matches(item) || (isJsonObject(item) && Object.values(item).some(matches)),
  );
  return index < 0 ? undefined : index;
}
