import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { Kind } from '../../resources/kinds.ts';
import { schemaOfKind } from '../../resources/schema/definitions.ts';
import { kubernetesFormats } from '../../resources/schema/formats.ts';

/** Where a status says what of it was cut. */
const mark = 'shortened';
/** The operator's own notes: a digest or an id that was cut would be another one. */
const notes = 'memory';

/** What of a schema limits a value, read once. */
interface Shape {
  readonly type: Json | undefined;
  readonly maxLength: number;
  readonly minLength: number;
  readonly maxItems: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly choices: readonly Json[] | undefined;
  readonly isWellFormed: (text: string) => boolean;
  readonly required: readonly string[];
  readonly members: ReadonlyMap<string, Shape>;
  readonly anyMember: Shape | undefined;
  readonly item: Shape | undefined;
  /** What makes two items the same one; undefined where they may repeat. */
  readonly identityOf: ((item: Json) => string) | undefined;
}

/**
 * Makes a status one that the API server takes. It refuses a whole status for one text that is too long, one list with
 * a name twice, one time that is none; and what the phone system says is limited by nobody. Lists and texts are cut to
 * the sizes of the definition, doubles and values that it can't hold are left out, and `status.shortened` names the
 * fields. Of entries that have a time the newest stay. An id is never cut: it is left out.
 */
export function statusFitter(kind: Kind): (status: Json) => Json {
  let shape: Shape | undefined;
  return (status) => {
    shape ??= shapeOfStatus(kind);
    return isJsonObject(status) ? fitStatus(shape, status) : status;
  };
}

function shapeOfStatus(kind: Kind): Shape {
  const { properties } = schemaOfKind(kind);
  const status = isJsonObject(properties) ? properties.status : undefined;
  if (!isJsonObject(status)) throw new Error(`The definition of ${kind} has no status`);
  return shapeOf(status);
}

function fitStatus(shape: Shape, status: JsonObject): Json {
  const { [mark]: marked, [notes]: memory, ...rest } = status;
  const cut = new Set(isJsonArray(marked) ? marked.filter((path) => typeof path === 'string') : []);
  const fitted = fitValue(shape, rest, '', cut) ?? {};
  if (!isJsonObject(fitted)) return status;
  const marks = shape.members.get(mark);
  const noted = marks && cut.size > 0 ? fitValue(marks, [...cut].sort(), mark, new Set()) : undefined;
  return {
    ...fitted,
    ...(noted === undefined ? {} : { [mark]: noted }),
    ...(memory === undefined ? {} : { [notes]: memory }),
  };
}

/** @returns undefined for what can't be made to fit; `cut` collects where something was lost */
function fitValue(shape: Shape, value: Json, path: string, cut: Set<string>): Json | undefined {
  const fitted = fitOfItsType(shape, value, path, cut);
  if (fitted === undefined || shape.choices === undefined || shape.choices.includes(fitted)) return fitted;
  return undefined;
}

function fitOfItsType(shape: Shape, value: Json, path: string, cut: Set<string>): Json | undefined {
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? fitText(shape, value, path, cut) : undefined;
    case 'integer':
    case 'number': {
      const isNumber = typeof value === 'number' && (shape.type === 'number' || Number.isInteger(value));
      return isNumber && value >= shape.minimum && value <= shape.maximum ? value : undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'array':
      return isJsonArray(value) ? fitList(shape, value, path, cut) : undefined;
    case 'object':
      return isJsonObject(value) ? fitObject(shape, value, path, cut) : undefined;
    default:
      return value;
  }
}

function fitText(shape: Shape, text: string, path: string, cut: Set<string>): string | undefined {
  if (text.length < shape.minLength || !shape.isWellFormed(text)) return undefined;
  // Code points are counted, as the API server does; there are never more of them than of code units.
  if (text.length <= shape.maxLength) return text;
  const characters = [...text];
  if (characters.length <= shape.maxLength) return text;
  const shorter = `${characters.slice(0, shape.maxLength - 1).join('')}…`;
  if (isIdentity(path) || !shape.isWellFormed(shorter)) return undefined;
  cut.add(path);
  return shorter;
}

function isIdentity(path: string): boolean {
  return /(?:\.id|Id|digest|[nN]umber|numbers\[\])$/.test(path);
}

function fitList(shape: Shape, list: readonly Json[], path: string, cut: Set<string>): Json | undefined {
  const { item, identityOf } = shape;
  if (!item) return list;
  const kept: Json[] = [];
  const seen = new Set<string>();
  for (const each of list) {
    const fitted = fitValue(item, each, `${path}[]`, cut);
    if (fitted === undefined) {
      cut.add(path);
      continue;
    }
    const identity = identityOf?.(fitted);
    if (identity !== undefined && seen.has(identity)) continue;
    if (identity !== undefined) seen.add(identity);
    kept.push(fitted);
  }
  if (kept.length <= shape.maxItems) return kept;
  cut.add(path);
  return item.members.has('time') ? kept.slice(-shape.maxItems) : kept.slice(0, shape.maxItems);
}

function fitObject(shape: Shape, object: JsonObject, path: string, cut: Set<string>): Json | undefined {
  const fitted: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) {
    const member = shape.members.get(name) ?? shape.anyMember;
    // The API server drops it without a word, and the status would be written again for ever.
    if (member === undefined) continue;
    const inner = path === '' ? name : `${path}.${name}`;
    const kept = fitValue(member, value, inner, cut);
    if (kept === undefined) cut.add(inner);
    else fitted[name] = kept;
  }
  return shape.required.every((name) => Object.hasOwn(fitted, name)) ? fitted : undefined;
}

function shapeOf(schema: JsonObject): Shape {
  const { properties, additionalProperties, items, required, pattern, format } = schema;
  const matches = typeof pattern === 'string' ? new RegExp(pattern, 'u') : undefined;
  const isOfFormat = typeof format === 'string' ? kubernetesFormats[format] : undefined;
  return {
    type: schema.type,
    maxLength: limit(schema.maxLength, Number.POSITIVE_INFINITY),
    minLength: limit(schema.minLength, 0),
    maxItems: limit(schema.maxItems, Number.POSITIVE_INFINITY),
    minimum: limit(schema.minimum, Number.NEGATIVE_INFINITY),
    maximum: limit(schema.maximum, Number.POSITIVE_INFINITY),
    choices: isJsonArray(schema.enum) ? schema.enum : undefined,
    isWellFormed: (text) => (matches?.test(text) ?? true) && (isOfFormat?.(text) ?? true),
    required: isJsonArray(required) ? required.map(String) : [],
    members: new Map(
      Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, member]) =>
        isJsonObject(member) ? [[name, shapeOf(member)] as const] : [],
      ),
    ),
    anyMember: isJsonObject(additionalProperties) ? shapeOf(additionalProperties) : undefined,
    item: isJsonObject(items) ? shapeOf(items) : undefined,
    identityOf: identityIn(schema),
  };
}

function limit(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function identityIn(schema: JsonObject): Shape['identityOf'] {
  if (schema['x-kubernetes-list-type'] === 'set') return (item) => JSON.stringify(item);
  const keys = schema['x-kubernetes-list-map-keys'];
  if (!isJsonArray(keys)) return undefined;
  return (item) => JSON.stringify(keys.map((key) => (isJsonObject(item) ? item[String(key)] : null) ?? null));
}
