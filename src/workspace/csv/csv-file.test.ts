import { describe, expect, it } from 'vitest';
import { CsvFileError, readCsv } from './csv-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const rows = (text: string) => readCsv(bytes(text)).records;

describe('a CSV file', () => {
  it('may begin with a byte-order mark, end its lines as Windows does, and lack the last line end', () => {
    expect(readCsv(bytes('\ufeffName,Site\r\nJane,HQ\r\nJoan,Branch'))).toEqual({
      header: ['Name', 'Site'],
      records: [
        { line: 2, cells: ['Jane', 'HQ'] },
        { line: 3, cells: ['Joan', 'Branch'] },
      ],
    });
  });

  it.each([
    ['semicolons, where the comma is for decimals', 'Name;Site\nExample, Jane;HQ\n'],
    ['tabs', 'Name\tSite\nExample, Jane\tHQ\n'],
    ['commas, with heads that hold a semicolon', '"Name;;;",Site\n"Example, Jane",HQ\n'],
    ["what Excel's own first line says", 'sep=|\r\nName|Site\r\nExample, Jane|HQ\r\n'],
  ])('may be separated by %s', (_what, text) => {
    expect(rows(text).map(({ cells }) => cells)).toEqual([['Example, Jane', 'HQ']]);
  });

  it('tells the line where a row begins, past quoted line breaks and empty lines', () => {
    const text = 'Name,Note\nJane,"two\nlines, ""quoted"""\n\n ,\nJoan,"a\r\nb\r\nc"\nJim,\n';
    expect(rows(text)).toEqual([
      { line: 2, cells: ['Jane', 'two\nlines, "quoted"'] },
      { line: 6, cells: ['Joan', 'a\nb\nc'] },
      { line: 9, cells: ['Jim', ''] },
    ]);
    expect(rows(`sep=,\n${text}`).map(({ line }) => line)).toEqual([3, 7, 10]);
    expect(rows(text.replaceAll(/\r?\n/g, '\r\n')).map(({ line }) => line)).toEqual([2, 6, 9]);
  });

  it('may be the Unicode text of Excel', () => {
    const utf16 = Buffer.from('\ufeffName\tSite\r\nZoë\tHQ\r\n', 'utf16le');
    expect(readCsv(utf16).records[0]?.cells).toEqual(['Zoë', 'HQ']);
  });

  it('is refused with the way out where it is of an old code page, empty, or has a quote left open', () => {
    expect(() => readCsv(Uint8Array.from([0x4e, 0x0a, 0xfc]))).toThrow(/not UTF-8: save it .* "CSV UTF-8/);
    expect(() => rows('\n\n')).toThrow(CsvFileError);
    expect(() => rows('Name,Site\nJane,HQ\n"Joan,HQ\nJim,HQ\n')).toThrow(/^Line 3 opens a quote/);
  });

  it('takes a quote inside of a cell for what it is', () => {
    expect(rows('Name,Note\nJane,5" screen\n')[0]?.cells).toEqual(['Jane', '5" screen']);
  });
});
