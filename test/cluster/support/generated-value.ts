import fc from 'fast-check';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import type { Random } from './random.ts';

const matching = new Map<string, readonly string[]>();

/** Strings that match a pattern, the same ones each time. */
function stringsFor(pattern: string): readonly string[] {
  const known = matching.get(pattern);
  if (known) return known;
  const strings = fc.sample(fc.stringMatching(new RegExp(pattern, 'u')), { seed: 7, numRuns: 40 });
  matching.set(pattern, strings);
  return strings;
}

/** A value that a schema most likely takes. Optional members come with this probability. */
export function generate(schema: JsonObject, random: Random, optional: number): Json {
  if (isJsonArray(schema.enum)) return random.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return generateObject(schema, random, optional);
    case 'array':
      return generateList(schema, random, optional);
    case 'integer':
      return integer(schema, random);
    case 'number':
      return random.int(0, 1_000) / 8;
    case 'boolean':
      return random.chance(0.5);
    default:
      return text(schema, random);
  }
}

function integer({ maximum, minimum }: JsonObject, random: Random): number {
  const min = typeof minimum === 'number' ? minimum : 0;
  const max = typeof maximum === 'number' ? maximum : min + 1_000;
  return random.chance(0.3) ? random.pick([min, max]) : random.int(min, Math.min(max, min + 1_000));
}

const endpoints = [
  'https://api.example.com',
  'http://127.0.0.1:8480/admin',
  'https://[::1]:1',
  'http://localhost',
];
const words = ['Ada', 'Springfield HQ', 'x', 'Ünïcode ☎ 𝕏', 'a b', '0', 'true', 'acme'];

function text(
  { format, maxLength, minLength, pattern, 'x-kubernetes-validations': rules }: JsonObject,
  random: Random,
): string {
  const min = typeof minLength === 'number' ? minLength : 0;
  const max = typeof maxLength === 'number' ? maxLength : 20;
  if (format === 'date-time') return random.pick(['2030-01-31T17:00:00Z', '2030-01-31t17:00:00.5+02:00']);
  if (format === 'date') return '2028-02-29';
  if (rules !== undefined) return random.pick(endpoints);
  if (typeof pattern === 'string') {
    const fitting = stringsFor(pattern).filter((each) => [...each].length >= min && [...each].length <= max);
    return fitting.length > 0 ? random.pick(fitting) : '';
  }
  if (random.chance(0.1)) return 'é'.repeat(random.pick([min, Math.min(max, 2_000)]));
  const fitting = words.filter((each) => [...each].length >= min && [...each].length <= max);
  return fitting.length > 0 ? random.pick(fitting) : 'a'.repeat(min);
}

function generateList(schema: JsonObject, random: Random, optional: number): readonly Json[] {
  const { items, maxItems, minItems } = schema;
  if (!isJsonObject(items)) return [];
  const min = typeof minItems === 'number' ? minItems : 0;
  const max = Math.min(typeof maxItems === 'number' ? maxItems : 3, min + 3);
  return Array.from({ length: random.int(min, max) }, () => generate(items, random, optional));
}

function generateObject(schema: JsonObject, random: Random, optional: number): JsonObject {
  const { additionalProperties, properties, required } = schema;
  if (isJsonObject(additionalProperties)) {
    return Object.fromEntries(
      Array.from({ length: random.int(0, 3) }, (_, index) => [
        `${random.pick(['key', 'a.b/c', '0', 'Ω'])}${index}`,
        generate(additionalProperties, random, optional),
      ]),
    );
  }
  const mandatory = new Set(isJsonArray(required) ? required.map(String) : []);
  const choice = choiceOf(schema);
  const chosen = choice.length > 0 ? random.pick(choice) : undefined;
  return Object.fromEntries(
    Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, below]) => {
      if (!isJsonObject(below)) return [];
      const wanted = choice.includes(name) ? name === chosen : mandatory.has(name) || random.chance(optional);
      return wanted ? [[name, generate(below, random, optional)]] : [];
    }),
  );
}

/** Of `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1` the names: exactly one of them must be there. */
function choiceOf(schema: JsonObject): readonly string[] {
  const rules = schema['x-kubernetes-validations'];
  for (const rule of isJsonArray(rules) ? rules : []) {
    const text = isJsonObject(rule) ? String(rule.rule) : '';
    if (text.endsWith('== 1'))
      return [...text.matchAll(/has\(self\.(\w+)\) \? 1/g)].map(([, name]) => name ?? '');
  }
  return [];
}
