import { describe, expect, it } from 'vitest';
import type { Json } from '../foundation/json.ts';
import { type Comparison, comparable, normalise, normaliseMac, sameValue } from './compare.ts';
import { digest } from './digest.ts';

describe('sameValue', () => {
  const nothings: readonly Json[] = [null, '', [], {}, { a: null }, { a: { b: '' } }];
  it.each(nothings.map((value) => [JSON.stringify(value), value] as const))(
    'takes %s for nothing',
    (_text, value) => {
      expect(sameValue(value, null, 'exact')).toBe(true);
    },
  );

  it('takes neither false nor zero for nothing', () => {
    expect(sameValue(false, null, 'exact')).toBe(false);
    expect(sameValue(0, null, 'exact')).toBe(false);
  });

  const cases: readonly (readonly [Comparison, Json, Json, boolean])[] = [
    ['exact', 'Jane', 'jane', false],
    ['exact', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['exact', [1, 2], [2, 1], false],
    ['exact', { a: 1, b: null }, { a: 1 }, true],
    ['caseless', 'Jane@Example.com', 'jane@example.com', true],
    ['caseless', 'jane', 'joan', false],
    ['mac', '0A-1B-2C-3D-4E-5F', '0a1b2c3d4e5f', true],
    ['mac', '0a:1b:2c:3d:4e:5f', '0a1b2c3d4e60', false],
    ['set', ['VIEW', 'EDIT'], ['EDIT', 'VIEW', 'EDIT'], true],
    ['set', ['VIEW'], ['VIEW', 'EDIT'], false],
    ['set', [{ number: '1', type: 'WORK' }], [{ type: 'WORK', number: '1' }], true],
    ['ids', [{ id: 'g1', name: 'Old' }], [{ id: 'g1', name: 'New' }], true],
    ['ids', [{ id: 'g1' }], [{ id: 'g2' }], false],
    ['names', [{ id: 'g1', name: 'Sales' }], [{ name: 'Sales' }], true],
    ['names', [{ name: 'Sales' }], [{ name: 'Support' }], false],
  ];
  it.each(cases)('%s: %j and %j are the same: %s', (comparison, a, b, same) => {
    expect(sameValue(a, b, comparison)).toBe(same);
    expect(sameValue(b, a, comparison)).toBe(same);
  });
});

describe('comparable', () => {
  it('gives equal values equal digests', () => {
    expect(digest(comparable(['b', 'a'], 'set'))).toBe(digest(comparable(['a', 'b', 'a'], 'set')));
    expect(digest(comparable({ a: 1, b: 2 }, 'exact'))).toBe(digest(comparable({ b: 2, a: 1 }, 'exact')));
    expect(digest(comparable('A@x', 'caseless'))).toBe(digest(comparable('a@x', 'caseless')));
  });

  it('gives different values different digests', () => {
    expect(digest(comparable([1, 2], 'exact'))).not.toBe(digest(comparable([2, 1], 'exact')));
    expect(digest(comparable('1', 'exact'))).not.toBe(digest(comparable(1, 'exact')));
  });
});

describe('normalise', () => {
  it('keeps the places of a list: an empty item is not left out', () => {
    expect(normalise(['', 'a'])).toEqual([null, 'a']);
  });

  it('writes a MAC address as twelve lower-case digits', () => {
    expect(normaliseMac('0A-1B-2C-3D-4E-5F')).toBe('0a1b2c3d4e5f');
  });
});
