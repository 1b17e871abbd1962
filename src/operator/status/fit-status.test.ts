import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { kinds } from '../../resources/kinds.ts';
import { StructureCheck } from '../../resources/schema/structure.ts';
import { statusFitter } from './fit-status.ts';
import { extremeStatus, statusSchema } from './testing/extreme-status.ts';

const order = statusFitter('PortingOrder');
const time = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** Anything that a schema may get to see, right or wrong. */
function arbitrary(schema: JsonObject): fc.Arbitrary<Json> {
  const odd = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constant<Json>({}),
    fc.constant<Json>([]),
  );
  return fc.oneof({ weight: 9, arbitrary: expected(schema) }, { weight: 1, arbitrary: odd });
}

function expected(schema: JsonObject): fc.Arbitrary<Json> {
  const { type, enum: choices, format, properties, items, maxLength, additionalProperties } = schema;
  if (isJsonArray(choices)) return fc.constantFrom<Json>(...choices, 'SOMETHING_NEW');
  if (type === 'integer') return fc.integer({ min: -2, max: 1_000 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'string') {
    if (format === 'date-time') return fc.constantFrom(time(1), time(2), '2026-01-01 10:00', 'undefined');
    const longest = typeof maxLength === 'number' ? maxLength : 10;
    return fc
      .tuple(
        fc.constantFrom('a', 'Ready', 'Customer Care', '😀'),
        fc.constantFrom(1, 2, longest, longest + 1),
      )
      .map(([word, times]) => word.repeat(times).slice(0, longest + 3));
  }
  if (type === 'array' && isJsonObject(items)) {
    return fc.array(arbitrary(items), { maxLength: 60, size: 'large' });
  }
  if (isJsonObject(additionalProperties))
    return fc.dictionary(fc.constantFrom('a', 'b'), expected(additionalProperties));
  const members = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, member]) =>
    isJsonObject(member) && name !== 'memory' ? [[name, arbitrary(member)] as const] : [],
  );
  return fc
    .record(Object.fromEntries(members), { requiredKeys: [] })
    .map((record): Json => JSON.parse(JSON.stringify(record)));
}

describe.each(kinds)('the status of a %s', (kind) => {
  const schema = statusSchema(kind);
  const check = new StructureCheck(schema);
  const fitted = statusFitter(kind);
  const asObject = (status: Json) => (isJsonObject(status) ? status : {});

  it('is one that its definition holds, however much of everything there is', () => {
    const status = extremeStatus(kind);
    expect(check.faultsOf(status)).not.toEqual([]);
    const fit = asObject(fitted(status));
    expect(check.faultsOf(fit)).toEqual([]);
    if (isJsonObject(schema.properties) && schema.properties.shortened)
      expect(fit).toHaveProperty('shortened');
  });

  it('is one that its definition holds, whatever there is', () => {
    fc.assert(
      fc.property(arbitrary(schema), (status) => {
        expect(check.faultsOf(asObject(fitted(asObject(status))))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is left as it is once it fits', () => {
    const once = fitted(extremeStatus(kind));
    expect(fitted(once)).toEqual(once);
  });
});

describe('a status that is too large', () => {
  it('keeps the newest of what has a time, and says that there was more', () => {
    const comments = Array.from({ length: 50 }, (_, minute) => ({
      time: time(minute),
      text: `no ${minute}`,
    }));
    const fit = order({ phase: 'Submitted', comments });
    expect(fit).toEqual({ phase: 'Submitted', comments: comments.slice(-20), shortened: ['comments'] });
  });

  it('keeps the first of what has none', () => {
    const exceptions = Array.from({ length: 30 }, (_, index) => ({
      code: `C${index}`,
      message: 'refused',
      numbers: [],
      remedy: 'Ask',
    }));
    expect(order({ exceptions })).toEqual({ exceptions: exceptions.slice(0, 20), shortened: ['exceptions'] });
  });

  it('ends a text that was cut in an ellipsis, between characters', () => {
    const text = '😀'.repeat(3_000);
    const fit = order({ comments: [{ time: time(1), text }] });
    expect(fit).toEqual({
      comments: [{ time: time(1), text: `${'😀'.repeat(2_047)}…` }],
      shortened: ['comments[].text'],
    });
  });

  it('names a set twice nowhere, and says nothing of it: nothing is lost', () => {
    const fit = statusFitter('Extension')({ ringGroups: ['Sales', 'Support', 'Sales'] });
    expect(fit).toEqual({ ringGroups: ['Sales', 'Support'] });
  });

  it('has an id left out rather than cut: a cut one is that of another object', () => {
    expect(statusFitter('UserProfile')({ externalId: 'x'.repeat(200), userName: 'jane' })).toEqual({
      userName: 'jane',
      shortened: ['externalId'],
    });
  });

  it('loses an entry whose time is none, and keeps the others', () => {
    const good = { time: time(1), text: 'hello' };
    expect(order({ comments: [{ time: 'yesterday', text: 'x' }, good] })).toEqual({
      comments: [good],
      shortened: ['comments', 'comments[].time'],
    });
  });

  it('keeps the notes of the operator as they are', () => {
    const memory = { applied: { spec: 'x'.repeat(500) } };
    expect(order({ memory })).toEqual({ memory });
  });

  it('keeps saying what was cut when only the notes change', () => {
    const before = { comments: [], shortened: ['comments'] };
    expect(order({ ...before, memory: { handled: {} } })).toEqual({ ...before, memory: { handled: {} } });
  });
});
