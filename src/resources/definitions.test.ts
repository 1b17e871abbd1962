import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { accountKinds, category, group, isKind, kindNames, kinds, version } from './kinds.ts';

const root = join(import.meta.dirname, '../..');
const definitions = readdirSync(join(root, 'crds')).map((file) => {
  const { metadata, spec } = parse(readFileSync(join(root, 'crds', file), 'utf8'));
  const schema: JsonObject = spec.versions[0].schema.openAPIV3Schema;
  return { kind: String(spec.names.kind), metadata, spec, schema };
});

interface Field {
  readonly path: string;
  readonly schema: JsonObject;
}

/** Every schema below one, with a path for messages. */
function fieldsOf(schema: JsonObject, path: string): readonly Field[] {
  const below = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const nested: readonly (readonly [string, Json])[] = [
    ...below,
    ...(schema.items === undefined ? [] : ([['[]', schema.items]] as const)),
    ...(schema.additionalProperties === undefined ? [] : ([['{}', schema.additionalProperties]] as const)),
  ];
  return nested.flatMap(([name, value]) => {
    if (!isJsonObject(value)) return [];
    const inner = `${path}.${name}`;
    return [{ path: inner, schema: value }, ...fieldsOf(value, inner)];
  });
}

const fields = definitions.flatMap(({ kind, schema }) => fieldsOf(schema, kind));
const own = fields.filter(({ path }) => !/^\w+\.metadata$/.test(path));

function at(schema: JsonObject, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, name) => (isJsonObject(value) ? value[name] : undefined),
    schema,
  );
}

describe('the custom resource definitions', () => {
  test('are those of the known kinds', () => {
    expect(definitions.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  });

  test.each(definitions)(
    '$kind has its names, its group and its status subresource',
    ({ kind, metadata, spec }) => {
      if (!isKind(kind)) throw new Error(`${kind} is no kind`);
      const names = kindNames[kind];
      expect(metadata.name).toBe(`${names.plural}.${group}`);
      expect(spec.names).toMatchObject({ plural: names.plural, singular: names.singular });
      expect(spec.names.shortNames).toEqual([names.shortName]);
      expect(spec.names.categories).toEqual([category]);
      expect(spec.scope).toBe('Namespaced');
      expect(spec.versions).toMatchObject([
        { name: version, served: true, storage: true, subresources: { status: {} } },
      ]);
    },
  );

  test.each(definitions)('$kind shows Ready and its age when listed', ({ spec }) => {
    const columns = spec.versions[0].additionalPrinterColumns.map(({ name }: { name: string }) => name);
    expect(columns.at(0)).toBe('Ready');
    expect(columns.at(-1)).toBe('Age');
  });

  test('explain every field', () => {
    const silent = own.filter(
      ({ path, schema }) => !/(\[\]|\{\})$/.test(path) && typeof schema.description !== 'string',
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('bound every text and every list, which keeps the cost of the rules legal', () => {
    const unbound = own.filter(({ path, schema }) => {
      if (/^\w+\.(apiVersion|kind)$/.test(path)) return false;
      if (schema.type === 'array')
        return schema.maxItems === undefined || schema['x-kubernetes-list-type'] === undefined;
      if (schema.additionalProperties !== undefined) return schema.maxProperties === undefined;
      if (schema.type === 'string') return (schema.maxLength ?? schema.enum ?? schema.format) === undefined;
      return false;
    });
    expect(unbound.map(({ path }) => path)).toEqual([]);
  });

  test('have no defaults: none may reach the phone system', () => {
    expect(own.filter(({ schema }) => 'default' in schema)).toEqual([]);
  });

  test('keep patterns to what RE2 and ECMAScript read alike', () => {
    const patterns = own.flatMap(({ schema }) =>
      typeof schema.pattern === 'string' ? [schema.pattern] : [],
    );
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) {
      expect(() => new RegExp(pattern, 'u')).not.toThrow();
      expect(pattern).not.toMatch(/\(\?|\\[a-zA-Z0-9]|\[\]|\[\[/);
    }
  });

  test('keep a resource in its account', () => {
    for (const { kind, schema } of definitions) {
      if (kind === 'PhoneSystem') continue;
      const rules = at(schema, 'properties', 'spec', 'x-kubernetes-validations');
      expect(
        isJsonArray(rules) && rules.some((rule) => isJsonObject(rule) && rule.fieldPath === '.phoneSystem'),
      ).toBe(true);
    }
  });

  test.each(['conditions', 'externalId', 'memory', 'drift', 'observedGeneration'])(
    'say the same of status.%s in every account kind',
    (name) => {
      const schemas = definitions
        .filter(({ kind }) => accountKinds.some((accountKind) => accountKind === kind))
        .map(({ schema }) => JSON.stringify(at(schema, 'properties', 'status', 'properties', name)));
      expect(schemas).toHaveLength(accountKinds.length);
      expect(schemas[0]).toBeDefined();
      expect(new Set(schemas).size).toBe(1);
    },
  );
});

describe('what is generated from the definitions', () => {
  test.each(['scripts/generate-types.ts', 'scripts/generate-docs.ts'])(
    '%s has nothing to change',
    async (script) => {
      const { stderr } = await promisify(execFile)(process.execPath, [join(root, script), '--check']);
      expect(stderr).toBe('');
    },
    30_000,
  );
});
