import { describe, expect, it } from 'vitest';
import { comparable, normalise, sameValue } from './compare.ts';
import { digest } from './digest.ts';

describe('comparing a declared value with an observed one', () => {
  it('takes null, empty text, an empty list and an empty object for the same nothing', () => {
    for (const nothing of [null, '', [], {}, { a: null }, { a: [] }])
      expect(sameValue(null, nothing, 'exact')).toBe(true);
  });

  it('does not take false or zero for nothing', () => {
    expect(sameValue(null, false, 'exact')).toBe(false);
    expect(sameValue(null, 0, 'exact')).toBe(false);
  });

  it('does not mind the order of members, but that of a list', () => {
    expect(sameValue({ a: 1, b: 2 }, { b: 2, a: 1 }, 'exact')).toBe(true);
    expect(sameValue([1, 2], [2, 1], 'exact')).toBe(false);
  });

  it('does not mind absent members of objects that are null elsewhere', () => {
    expect(sameValue({ street: '1 Example Way' }, { street: '1 Example Way', floor: null }, 'exact')).toBe(
      true,
    );
  });

  it('minds case, except where the phone system does not', () => {
    expect(sameValue('Jane@Example.com', 'jane@example.com', 'exact')).toBe(false);
    expect(sameValue('Jane@Example.com', 'jane@example.com', 'caseless')).toBe(true);
  });

  it('does not mind the punctuation of a MAC address', () => {
    expect(sameValue('0A:1B:2C:3D:4E:5F', '0a1b2c3d4e5f', 'mac')).toBe(true);
  });

  it('does not mind order and repetitions of a set', () => {
    expect(sameValue(['View', 'Manage'], ['Manage', 'View', 'View'], 'set')).toBe(true);
    expect(sameValue(['View'], ['View', 'Manage'], 'set')).toBe(false);
    expect(
      sameValue(
        [{ number: '1', type: 'WORK' }, { number: '2' }],
        [{ number: '2' }, { type: 'WORK', number: '1' }],
        'set',
      ),
    ).toBe(true);
  });

  it('looks at ids or names alone where only they count', () => {
    expect(sameValue([{ id: 'g1' }], [{ id: 'g1', name: 'Sales' }], 'ids')).toBe(true);
    expect(sameValue([{ name: 'Sales' }], [{ id: 'g1', name: 'Sales' }], 'names')).toBe(true);
    expect(sameValue([{ id: 'g1' }], [{ id: 'g1' }, { id: 'g2' }], 'ids')).toBe(false);
  });
});

describe('the comparable form', () => {
  it('is the same for values that compare as equal', () => {
    expect(comparable(['b', 'a', 'a'], 'set')).toEqual(comparable(['a', 'b'], 'set'));
    expect(comparable('0A-1B', 'mac')).toBe(comparable('0a1b', 'mac'));
    expect(comparable('', 'caseless')).toBeNull();
  });
});

describe('the digest of a comparable form', () => {
  it('is the same for objects that differ in the order of their members', () => {
    expect(digest(comparable({ a: 1, b: 2 }, 'exact'))).toBe(digest(comparable({ b: 2, a: 1 }, 'exact')));
  });

  it('differs where values do', () => {
    expect(digest(comparable([1, 2], 'exact'))).not.toBe(digest(comparable([2, 1], 'exact')));
    expect(digest(comparable('1', 'exact'))).not.toBe(digest(comparable(1, 'exact')));
  });
});

describe('normalise', () => {
  it('keeps the places of a list: an empty item is not left out', () => {
    expect(normalise(['', 'a'])).toEqual([null, 'a']);
  });

  it('reaches into lists and objects', () => {
    expect(normalise({ a: '', b: [{ c: null, d: 1 }] })).toEqual({ b: [{ d: 1 }] });
  });
});
