import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guarded, readExtensionNumber, readFlag, readPhoneNumber, unguarded } from './cell-text.ts';

describe('a cell', () => {
  it.each(['=HYPERLINK("http://example.com")', '+14085550123', '-2+3', '@SUM(1)', '0123', "'=1", '＝1+1'])(
    'that a spreadsheet would take for something else is kept as text: %s',
    (text) => {
      expect(guarded(text)).toBe(`'${text}`);
      expect(unguarded(guarded(text))).toBe(text);
    },
  );

  it('comes back as it was, whatever it holds', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^'{0,3}[=+\-@0-9a-z]{1,5}$/));
    fc.assert(
      fc.property(cell, (text) => {
        fc.pre(text === text.replaceAll('\u00a0', ' ').trim() && !/^="[^"]*"$/.test(text));
        expect(unguarded(guarded(text))).toBe(text);
        expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it.each([
    ['Sales;=HYPERLINK("x")', `Sales;'=HYPERLINK("x")`],
    ["a; '@SUM(A1)", "a; ''@SUM(A1)"],
    ["x\t+cmd|' /C calc'!A0", "x\t'+cmd|' /C calc'!A0"],
    ['+14085550123; +1 (408) 555-0124', "'+14085550123; +1 (408) 555-0124"],
    ['Research; Development', 'Research; Development'],
  ])('keeps %j from being a formula where the separator is another one', (text, kept) => {
    expect(guarded(text)).toBe(kept);
    expect(unguarded(kept)).toBe(text);
  });

  it('keeps an apostrophe that belongs to a name, and loses what only keeps it as text', () => {
    expect(unguarded("'t Hooft")).toBe("'t Hooft");
    expect(unguarded('="0123"')).toBe('0123');
    expect(unguarded('\u00a0 1001 ')).toBe('1001');
  });
});

describe('a phone number as spreadsheets mangle it', () => {
  it.each([
    ['+1 (408) 555-0123', '+14085550123'],
    ['tel:+1-408-555-0123', '+14085550123'],
    ['0014085550123', '+14085550123'],
    ['+442079460123', '+442079460123'],
  ])('is understood: %s', (text, value) => {
    expect(readPhoneNumber(text, undefined)).toEqual({ value });
  });

  it.each([
    ['14085550123', '+14085550123'],
    ['14085550123.0', '+14085550123'],
    ['1.4085550123E+10', '+14085550123'],
    ['1,4085550123E+10', '+14085550123'],
  ])('gets its plus back, and that is said: %s', (text, value) => {
    expect(readPhoneNumber(text, undefined)).toMatchObject({ value, note: expect.stringContaining(value) });
  });

  it('can not get its digits back, and is refused', () => {
    expect(readPhoneNumber('1.41E+10', undefined)).toEqual({
      fault: expect.stringMatching(
        /^1\.41E\+10 is what Excel made of a longer number.* format the column as text/,
      ),
    });
    expect(readPhoneNumber('4085550123', undefined)).toEqual({
      fault: expect.stringContaining('--calling-code'),
    });
    expect(readPhoneNumber('ask Jane', undefined)).toEqual({
      fault: expect.stringContaining('is no phone number'),
    });
  });

  it('is completed with the calling code that is said to be that of all', () => {
    expect(readPhoneNumber('020 7946 0123', '44')).toMatchObject({ value: '+442079460123' });
    expect(readPhoneNumber('4085550123', '1')).toMatchObject({ value: '+14085550123' });
    expect(readPhoneNumber('442079460123', '44')).toMatchObject({ value: '+442079460123' });
    expect(readPhoneNumber('2079460123', '44')).toMatchObject({ value: '+442079460123' });
  });
});

describe('an extension number', () => {
  it('gets the zeros back that it must have had', () => {
    expect(readExtensionNumber('12', 4)).toEqual({ value: '0012', note: '12 was taken for 0012' });
    expect(readExtensionNumber('1001.0', undefined)).toEqual({ value: '1001' });
    expect(readExtensionNumber('1E+03', undefined)).toEqual({
      fault: expect.stringContaining('longer number'),
    });
    expect(readExtensionNumber('10a', undefined)).toEqual({
      fault: expect.stringContaining('no extension number'),
    });
  });
});

describe('a yes or no', () => {
  it('may be in the language of the machine', () => {
    expect(['TRUE', 'no', 'WAHR', '0'].map(readFlag)).toEqual([
      { value: true },
      { value: false },
      { value: true },
      { value: false },
    ]);
    expect(readFlag('maybe')).toEqual({ fault: 'maybe is neither yes nor no' });
  });
});
