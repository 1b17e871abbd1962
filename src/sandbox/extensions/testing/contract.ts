import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';

// CommonJS with a default export, which Node hands out one level deeper than test runners do.
const module: typeof import('openapi-response-validator') = createRequire(import.meta.url)(
  'openapi-response-validator',
);

const document: JsonObject = parse(
  readFileSync(new URL('../../openapi/extensions-v1.yaml', import.meta.url), 'utf8'),
);
const components = closed(child(document, 'components'));
const validators = new Map<string, InstanceType<typeof module.default>>();

/** Every operation of extensions-v1.yaml as `GET /extensions`, with the statuses it declares. */
export function declaredOperations(): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [path, item] of Object.entries(child(document, 'paths'))) {
    if (!isJsonObject(item)) continue;
    for (const [method, operation] of Object.entries(item)) {
      if (isJsonObject(operation)) {
        all.set(`${method.toUpperCase()} ${path}`, Object.keys(child(operation, 'responses')));
      }
    }
  }
  return all;
}

/** The operation of extensions-v1.yaml that a request belongs to; `undefined` for the published API. */
export function operationOf(method: string, path: string): string | undefined {
  const given = path.split('?')[0]?.split('/') ?? [];
  return [...declaredOperations().keys()].find((name) => {
    const [verb, template = ''] = name.split(' ');
    const segments = template.split('/');
    return (
      verb === method &&
      segments.length === given.length &&
      segments.every((segment, index) => segment.startsWith('{') || segment === given[index])
    );
  });
}

/** What is wrong with an answer by extensions-v1.yaml, unknown properties included; empty when all is well. */
export function violations(operation: string, status: number, contentType: string, body: Json): string[] {
  const [method = '', path = ''] = operation.split(' ');
  const responses = child(child(child(document, 'paths'), path), method.toLowerCase()).responses;
  const resolved = isJsonObject(responses)
    ? Object.fromEntries(Object.entries(responses).map(([code, response]) => [code, resolve(response)]))
    : {};
  const declared = resolved[String(status)];
  if (!declared) return [`${operation} does not declare ${status}`];
  const types = Object.keys(child(declared, 'content'));
  if (!types.includes(contentType))
    return [`${operation} ${status} is ${contentType}, not ${types.join(', ')}`];
  const validator =
    validators.get(operation) ??
    new module.default({
      // A copy: the validator rewrites what it is given.
      responses: JSON.parse(JSON.stringify(closed(resolved))),
      components: JSON.parse(JSON.stringify(components)),
      customFormats: { 'date-time': isDateTime, date: isDate, email: (text: string) => text.includes('@') },
    });
  validators.set(operation, validator);
  const found: { errors?: { path?: string; message: string }[] } | undefined = validator.validateResponse(
    status,
    body,
  );
  return (found?.errors ?? []).map((error) => `${operation} ${status}: ${error.path} ${error.message}`);
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

function resolve(response: Json): JsonObject {
  if (!isJsonObject(response)) return {};
  const name = typeof response.$ref === 'string' ? (response.$ref.split('/').at(-1) ?? '') : '';
  return name === '' ? response : child(child(child(document, 'components'), 'responses'), name);
}

function child(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

/** The same schemas, refusing properties that they do not declare. */
function closed(value: JsonObject): JsonObject {
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closedValue(part)]));
  return value.type === 'object' && isJsonObject(value.properties)
    ? { ...copy, additionalProperties: false }
    : copy;
}

function closedValue(value: Json): Json {
  if (isJsonObject(value)) return closed(value);
  return Array.isArray(value) ? value.map((item: Json) => closedValue(item)) : value;
}
