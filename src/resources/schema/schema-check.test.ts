import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { kinds } from '../kinds.ts';
import { CelRules } from './cel-rules.ts';
import { schemaOfKind } from './definitions.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { metadataFaults } from './object-metadata.ts';
import { SchemaCheck } from './schema-check.ts';
import { StructureCheck } from './structure.ts';

/** `path: message` of each fault. */
const said = (faults: readonly { readonly path: readonly (string | number)[]; readonly message: string }[]) =>
  faults.map(({ message, path }) => `${path.join('.')}: ${message}`);

const properties = (members: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: members,
  ...more,
});

const structure = (schema: JsonObject, object: JsonObject) =>
  said(new StructureCheck(schema).faultsOf(object));
const rules = (schema: JsonObject, object: JsonObject) => said(new CelRules(schema).faultsOf(object));
const rule = (text: string, more: JsonObject = {}): JsonObject => ({
  'x-kubernetes-validations': [{ rule: text, ...more }],
});

describe('the structure', () => {
  it.each(kinds)('of %s is a JSON Schema', (kind) => {
    const ajv = new Ajv();
    expect(ajv.validateSchema(jsonSchemaOf(schemaOfKind(kind))), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('takes whole numbers and texts where either is allowed, and nothing else', () => {
    const schema = properties({ port: { 'x-kubernetes-int-or-string': true } });
    for (const port of [80, 'http']) expect(structure(schema, { port })).toEqual([]);
    for (const port of [1.5, true, []]) expect(structure(schema, { port })).toHaveLength(1);
  });

  it('takes null only where the schema says so', () => {
    const schema = properties({ a: { type: 'string', nullable: true }, b: { type: 'string' } });
    expect(structure(schema, { a: null })).toEqual([]);
    expect(structure(schema, { b: null })).toEqual(['b: must be a text, not null']);
  });

  it('leaves unknown fields alone where the schema preserves them', () => {
    const open = { ...properties({ a: { type: 'string' } }), 'x-kubernetes-preserve-unknown-fields': true };
    expect(structure(properties({ open }), { open: { b: 1 } })).toEqual([]);
    expect(structure(properties({ open }), { shut: { b: 1 } })).toEqual(['shut: there is no such field']);
  });

  it('wants the items of sets to differ, and those of keyed lists in their keys', () => {
    const list = (more: JsonObject): JsonObject => ({ type: 'array', ...more });
    const set = list({ items: { type: 'string' }, 'x-kubernetes-list-type': 'set' });
    expect(structure(properties({ set }), { set: ['a', 'b', 'a'] })).toEqual([
      'set.2: is the same as set[0]',
    ]);
    const keyed = list({
      items: properties({ name: { type: 'string' }, port: { type: 'integer' } }),
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    });
    const items = [
      { name: 'a', port: 1 },
      { name: 'b', port: 1 },
      { name: 'a', port: 2 },
    ];
    expect(structure(properties({ keyed }), { keyed: items })).toEqual(['keyed.2: is the same as keyed[0]']);
  });

  it('counts characters, not halves of them', () => {
    const schema = properties({ a: { type: 'string', maxLength: 2 } });
    expect(structure(schema, { a: '𝕏𝕏' })).toEqual([]);
    expect(structure(schema, { a: '𝕏𝕏𝕏' })).toEqual(['a: has 3 characters; it takes at most 2']);
  });

  it('tells names that look like indexes from indexes', () => {
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    expect(new StructureCheck(properties({ map })).faultsOf({ map: { 0: 1 } })).toMatchObject([
      { path: ['map', '0'] },
    ]);
  });
});

describe('rules in CEL', () => {
  const number = { type: 'integer' };

  it('see whole numbers as whole numbers', () => {
    const schema = properties({ a: number, b: number }, rule('self.a / 2 == self.b', { message: 'half' }));
    expect(rules(schema, { a: 5, b: 2 })).toEqual([]);
    expect(rules(schema, { a: 5, b: 3 })).toEqual([': half']);
  });

  it('are looked at in every item, member and value, with the field that they name', () => {
    const item = properties(
      { a: number, b: number },
      rule('self.a < self.b', { message: 'grows', fieldPath: '.b' }),
    );
    const schema = properties({
      list: { type: 'array', items: item },
      map: { type: 'object', additionalProperties: item },
    });
    const object = {
      list: [
        { a: 1, b: 2 },
        { a: 2, b: 1 },
      ],
      map: { x: { a: 1, b: 1 } },
    };
    expect(rules(schema, object)).toEqual(['list.1.b: grows', 'map.x.b: grows']);
  });

  it('that compare with what was before are skipped on a create', () => {
    const schema = properties({ a: number }, rule('self.a == oldSelf.a', { message: 'fixed' }));
    expect(rules(schema, { a: 1 })).toEqual([]);
    const named = properties({ a: { type: 'string' } }, rule("self.a != 'oldSelf'", { message: 'another' }));
    expect(rules(named, { a: 'oldSelf' })).toEqual([': another']);
  });

  it('that can do without what was before are not skipped', () => {
    const optional = rule('!oldSelf.hasValue() && self.a > 0', {
      optionalOldSelf: true,
      message: 'positive',
    });
    const schema = properties({ a: number }, optional);
    expect(rules(schema, { a: 1 })).toEqual([]);
    expect(rules(schema, { a: 0 })).toEqual([': positive']);
  });

  it('say their message by an expression, where it gives one', () => {
    const text = (messageExpression: string) =>
      rules(properties({ a: number }, rule('self.a > 1', { message: 'plain', messageExpression })), { a: 0 });
    expect(text("'not ' + string(self.a)")).toEqual([': not 0']);
    expect(text('self.missing')).toEqual([': plain']);
    expect(text("''")).toEqual([': plain']);
  });

  it('that can not be evaluated are faults, not passes', () => {
    const schema = properties({ a: number }, rule('self.b > 1'));
    expect(rules(schema, { a: 1 })).toMatchObject([
      expect.stringMatching(/^: the rule can not be evaluated/),
    ]);
  });

  it('compare times', () => {
    const time = { type: 'string', format: 'date-time' };
    const schema = properties({ from: time, to: time }, rule('self.from < self.to', { message: 'in order' }));
    expect(rules(schema, { from: '2030-01-01T00:00:00Z', to: '2030-01-01T00:00:00+01:00' })).toEqual([
      ': in order',
    ]);
  });
});

describe('the metadata', () => {
  it('needs a name of its own, and says why none is made up', () => {
    expect(said(metadataFaults({ metadata: { generateName: 'x-' } }))).toEqual([
      'metadata.name: is required: what is kept in files needs a name of its own, not generateName',
    ]);
    expect(said(metadataFaults({}))).toEqual(['metadata.name: is required']);
  });

  it('has texts for labels, in quotes', () => {
    expect(said(metadataFaults({ metadata: { name: 'a', labels: { on: true } } }))).toEqual([
      'metadata.labels.on: must be a text: put it in quotes',
    ]);
  });
});

describe('a resource', () => {
  const profile = { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site: { name: 'HQ' } };
  const object = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name: 'jane' },
    spec,
    ...more,
  });
  const check = new SchemaCheck();

  it('loses its nulls and its status, and is then what its type says', () => {
    const given = object({ ...profile, jobTitle: null }, { status: { externalId: 'x' } });
    expect(check.check('UserProfile', given)).toEqual({ valid: true, resource: object(profile) });
  });

  it('names every fault at once', () => {
    const { email: _email, ...rest } = profile;
    const verdict = check.check('UserProfile', object({ ...rest, frstName: 'J', status: 'On' }));
    expect(verdict.valid ? [] : verdict.faults.map(({ path }) => path.join('.')).sort()).toEqual([
      'spec.email',
      'spec.frstName',
      'spec.status',
    ]);
  });

  it('is faulty for an unknown field in its status, whatever else stands there', () => {
    const verdict = check.check('UserProfile', object(profile, { status: { externalId: 5, extra: 1 } }));
    expect(verdict.valid ? [] : said(verdict.faults)).toEqual(['status.extra: there is no such field']);
  });
});
