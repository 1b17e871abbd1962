import { parse } from '@rsql/parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalKeyFilter } from './collections.ts';
import { and, batchFilter, encodeQuery, eq, maxFilterLength, or } from './rsql.ts';

function comparedValue(expression: string): unknown {
  const parsed = parse(expression);
  return parsed.type === 'COMPARISON' ? parsed.right.value : undefined;
}

describe('filters', () => {
  it('keep any value whole through quoting', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        expect(comparedValue(eq('name', value))).toBe(value);
      }),
    );
  });

  it('quote only what needs it', () => {
    expect(eq('basicInfo.userName', 'kim.lee@example.com')).toBe('basicInfo.userName==kim.lee@example.com');
    expect(eq('name', "Front desk's")).toBe("name=='Front desk\\'s'");
  });

  it('combine, and put parentheses around alternatives', () => {
    expect(and(or('a==1', 'b==2'), 'c==3')).toBe('(a==1,b==2);c==3');
  });

  it('survive the URL, the plus of a number included', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const encoded = encodeQuery(value);
        expect(encoded).not.toMatch(/[+ ]/);
        expect(new URLSearchParams(`q=${encoded}`).get('q')).toBe(value);
      }),
    );
    expect(encodeQuery('+14085550123')).toBe('%2B14085550123');
  });

  it('ask for many values in as few filters as fit', () => {
    const values = Array.from({ length: 300 }, (_, i) => `user${i}@example.com`);
    const filters = batchFilter('basicInfo.userName', values);
    expect(filters.every((filter) => filter.length <= maxFilterLength)).toBe(true);
    expect(filters.flatMap((filter) => filter.split(',')).map(comparedValue)).toEqual(values);
    for (const [index, filter] of filters.slice(1).entries()) {
      expect(`${filters[index]},${filter.split(',')[0]}`.length).toBeGreaterThan(maxFilterLength);
    }
    expect(batchFilter('name', [])).toEqual([]);
  });

  it('refuse a value that no filter can hold', () => {
    expect(() => batchFilter('name', ['x'.repeat(2_000)])).toThrow(/longer than 2000/);
  });

  it('find an object by its natural key', () => {
    expect(naturalKeyFilter('user', 'kim.lee@example.com')).toBe('basicInfo.userName==kim.lee@example.com');
    expect(naturalKeyFilter('ringGroup', 'Front desk')).toBe("name=='Front desk'");
    expect(naturalKeyFilter('extension', 'site-1/1001')).toBe('extensionNumber==1001;site.id==site-1');
    expect(naturalKeyFilter('invitation', 'u1')).toBe('userId==u1');
    expect(naturalKeyFilter('address', 'anything')).toBeUndefined();
  });
});
