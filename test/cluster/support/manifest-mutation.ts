import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import type { Random } from './random.ts';

type Path = readonly (string | number)[];

/** The value with the member or item at `path` replaced; undefined removes it. */
export function replaced(value: Json, path: Path, to: Json | undefined): Json {
  const [head, ...rest] = path;
  if (head === undefined) return to ?? null;
  if (isJsonArray(value)) {
    if (rest.length === 0 && to === undefined) return value.filter((_, index) => index !== head);
    return value.map((item, index) => (index === head ? replaced(item, rest, to) : item));
  }
  if (!isJsonObject(value)) return value;
  const name = String(head);
  const { [name]: old, ...others } = value;
  if (rest.length === 0) return to === undefined ? others : { ...value, [name]: to };
  return old === undefined ? value : { ...value, [name]: replaced(old, rest, to) };
}

/** Every path below a value, its own among them. */
export function pathsOf(value: Json, path: Path = []): readonly Path[] {
  const below = isJsonArray(value)
    ? value.flatMap((item, index) => pathsOf(item, [...path, index]))
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))
      : [];
  return [path, ...below];
}

export function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, segment) =>
      isJsonArray(found) ? found[Number(segment)] : isJsonObject(found) ? found[String(segment)] : undefined,
    value,
  );
}

/** Values of every type, and those on which implementations differ. */
const odd: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2_147_483_648,
  4_294_967_296,
  9_007_199_254_740_991,
  1e21,
  '',
  ' ',
  'x',
  '1',
  'true',
  'a\nb',
  'a'.repeat(64),
  'a'.repeat(300),
  '𝕏'.repeat(40),
  '\u0000',
  '+14085550123',
  '2030-02-30',
  '2030-01-31T24:00:00Z',
  '2030-01-31T17:00:00',
  '2030-01-31 17:00:00Z',
  '2030-01-31T17:00:00x5Z',
  '0000-01-01T00:00:60Z',
  'http://phones.example.com',
  [],
  [null],
  ['x', 'x'],
  {},
  { x: 1 },
  { name: null },
];

/** Times and dates on which RFC 3339, JavaScript and the API server differ. */
const times: readonly Json[] = [
  '2030-01-31T17:00:00Z',
  '2030-01-31t17:00:00z',
  '2030-01-31T17:00:00',
  '2030-01-31 17:00:00Z',
  '2030-01-31T17:00:00x5Z',
  '2030-01-31T17:00:00.Z',
  '2030-01-31T17:00:00,123Z',
  '2030-01-31T24:00:00Z',
  '2030-01-31T17:00:60Z',
  '2030-01-31T17:00:00+99:99',
  '2030-01-31T17:00:00+0200',
  '2030-01-31T17:00Z',
  '0000-01-01T00:00:00Z',
  '2030-02-29T00:00:00Z',
  '2028-02-29T00:00:00ZtZ',
  '2030-02-30',
  '2028-02-29',
  '2030-1-31',
  '2030-13-01',
  '2030-01-31T17:00:00\nZ',
  '٢٠٣٠-01-31',
];

const metadata: readonly (readonly [Path, Json])[] = [
  [['metadata', 'name'], 'UPPER'],
  [['metadata', 'name'], 'under_score'],
  [['metadata', 'name'], '-dash'],
  [['metadata', 'name'], 'a..b'],
  [['metadata', 'name'], 'a.b-c.1'],
  [['metadata', 'name'], ''],
  [['metadata', 'name'], 7],
  [['metadata', 'name'], null],
  [['metadata'], 'x'],
  [['metadata'], []],
  [['metadata', 'namespace'], 'Not-A-Namespace'],
  [['metadata', 'name'], 'a'.repeat(253)],
  [['metadata', 'name'], 'a'.repeat(254)],
  [['metadata', 'labels'], { 'example.com/team': 'sales', plain: '' }],
  [['metadata', 'labels'], { 'Example.com/team': 'sales' }],
  [['metadata', 'labels'], { 'a/b/c': 'sales' }],
  [['metadata', 'labels'], { team: 'not ok' }],
  [['metadata', 'labels'], { team: 'a'.repeat(64) }],
  [['metadata', 'labels'], { team: 1 }],
  [['metadata', 'labels'], { team: null }],
  [['metadata', 'labels'], { '': 'x' }],
  [['metadata', 'labels'], []],
  [['metadata', 'annotations'], { 'Example.com/Any': 'any text at all, ümlauts' }],
  [['metadata', 'annotations'], { 'two words': 'x' }],
  [['metadata', 'annotations'], { big: 'a'.repeat(262_145) }],
  [['metadata', 'annotations'], { big: 'a'.repeat(262_141) }],
  [['metadata', 'annotations'], { truth: true }],
  [['metadata', 'finalizers'], ['dialops.dev/account']],
  [['metadata', 'finalizers'], ['not ok']],
  [['metadata', 'finalizers'], ['orphan']],
  [['metadata', 'finalizers'], ['plain']],
  [['metadata', 'labls'], {}],
  [['metadata', 'creationTimestamp'], null],
  [['metadata', 'creationTimestamp'], 'yesterday'],
  [['metadata', 'generation'], 3],
  [['metadata', 'generation'], 'three'],
  [['metadata', 'uid'], 'an-id'],
  [['metadata', 'ownerReferences'], [{ apiVersion: 'v1', kind: 'Secret', name: 'x', uid: 'y' }]],
  [['metadata', 'ownerReferences'], [{ kind: 'Secret' }]],
  [['metadata', 'ownerReferences'], [{ apiVersion: 'v1', kind: 'Secret', name: 'x', uid: 'y', extra: 1 }]],
  [['metadata', 'ownerReferences'], [{ apiVersion: 'v1', kind: 'Secret', name: 'x', uid: 5 }]],
  [['metadata', 'ownerReferences'], ['x']],
  [['metadata', 'deletionGracePeriodSeconds'], 1.5],
  [['metadata', 'resourceVersion'], '12'],
  [['metadata', 'generateName'], 'case-'],
  [['metadata', 'selfLink'], '/x'],
];

/** One change: most make a valid manifest invalid, some leave it valid. */
export function mutate(manifest: JsonObject, random: Random): JsonObject {
  const changed = change(manifest, random);
  return isJsonObject(changed) ? changed : manifest;
}

function change(manifest: JsonObject, random: Random): Json {
  if (random.chance(0.12)) {
    const [path, value] = random.pick(metadata);
    return replaced(manifest, path, value);
  }
  const paths = pathsOf(manifest).filter(([root]) => root === 'spec' || root === 'status');
  if (paths.length === 0) return manifest;
  const path = random.pick(paths);
  const value = valueAt(manifest, path);
  if (typeof value === 'string' && /^20\d\d-/.test(value) && random.chance(0.7))
    return replaced(manifest, path, random.pick(times));
  switch (random.int(0, 6)) {
    case 0:
      return replaced(manifest, path, undefined);
    case 1:
      return isJsonObject(value)
        ? replaced(
            manifest,
            [...path, random.pick(['extra', 'nam', 'Name', 'spec', '__proto__x'])],
            random.pick(odd),
          )
        : replaced(manifest, path, random.pick(odd));
    case 2:
      return replaced(manifest, path, grown(value, random));
    case 3:
      return typeof value === 'string'
        ? replaced(manifest, path, bent(value, random))
        : replaced(manifest, path, random.pick(odd));
    default:
      return replaced(manifest, path, random.pick(odd));
  }
}

/** Longer, or with something twice. */
function grown(value: Json | undefined, random: Random): Json {
  if (isJsonArray(value)) {
    const [first] = value;
    return first === undefined
      ? [random.pick(odd)]
      : random.chance(0.5)
        ? [...value, first]
        : Array.from({ length: 130 }, () => first);
  }
  if (typeof value === 'string') return value + random.pick([value, 'x', '\n', '𝕏', 'a'.repeat(1_100)]);
  if (typeof value === 'number') return random.pick([value + 1, value - 1, value + 0.5, value * 1_000 + 1]);
  return value ?? null;
}

function bent(value: string, random: Random): string {
  const at = random.int(0, Math.max(0, value.length - 1));
  return random.pick([
    value.toUpperCase(),
    value.toLowerCase(),
    value.slice(0, at) + value.slice(at + 1),
    `${value.slice(0, at)}!${value.slice(at)}`,
    `${value}\n`,
    ` ${value}`,
  ]);
}
