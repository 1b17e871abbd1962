import type { ErrorObject } from 'ajv';
import formats, { type FormatName } from 'ajv-formats';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';

/** What one place of a validated value has against it. */
export interface SchemaError {
  /** JSON pointer inside the validated value. */
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}

/**
 * Checks of string formats as functions, the only form in which the response validator takes them (the request
 * validator brings its own).
 */
export const formatChecks: Record<string, (text: string) => boolean> = Object.fromEntries(
  (['uuid', 'email', 'date-time', 'date', 'uri'] satisfies FormatName[]).map((name) => [
    name,
    formatCheck(name),
  ]),
);

function formatCheck(name: FormatName): (text: string) => boolean {
  const format = formats.default.get(name);
  const check = typeof format === 'object' && 'validate' in format ? format.validate : format;
  if (check instanceof RegExp) return (text) => check.test(text);
  if (typeof check !== 'function') throw new Error(`the format ${name} has no check`);
  return (text) => {
    const outcome: unknown = Reflect.apply(check, undefined, [text]);
    return outcome === true;
  };
}

/**
 * One error for each place: a nullable enumeration, for instance, is reported by three keywords of the validator
 * at once. `root` is the member under which the validator wraps the value.
 */
export function collectErrors(errors: readonly ErrorObject[], root: string): SchemaError[] {
  const byPointer = new Map<string, SchemaError>();
  for (const error of errors) {
    const pointer = placeOf(error, root);
    const known = byPointer.get(pointer);
    if (known && weight(known.rule) >= weight(error.keyword)) continue;
    byPointer.set(pointer, { pointer, rule: error.keyword, message: error.message ?? 'is not valid' });
  }
  return [...byPointer.values()];
}

/** Errors of wrapping keywords say less than those of what is inside. */
function weight(rule: string): number {
  if (rule === 'oneOf' || rule === 'anyOf' || rule === 'allOf') return 0;
  return rule === 'type' ? 1 : 2;
}

function placeOf(error: ErrorObject, root: string): string {
  const base = error.instancePath.startsWith(root)
    ? error.instancePath.slice(root.length)
    : error.instancePath;
  const { additionalProperty, missingProperty } = error.params;
  for (const name of [additionalProperty, missingProperty]) {
    if (typeof name === 'string') return `${base}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return base;
}

/** The value at a JSON pointer as text: a scalar as it is written, else its kind. */
export function describeAt(value: Json | undefined, pointer: string): string {
  let current = value;
  for (const segment of pointer.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isJsonArray(current)) current = current[Number(name)];
    else if (isJsonObject(current)) current = current[name];
    else current = undefined;
  }
  if (current === undefined) return 'absent';
  if (isJsonArray(current)) return 'array';
  if (isJsonObject(current)) return 'object';
  return String(current);
}
