import { CsvError, parse } from 'csv-parse/sync';

/** A table as a spreadsheet saved it. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly records: readonly CsvRecord[];
}

export interface CsvRecord {
  /** Where it begins in the file, from 1; a quoted cell may hold line breaks. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Nothing of the file can be used; the message says where it is wrong and what to do. */
export class CsvFileError extends Error {
  override readonly name = 'CsvFileError';
}

const separators = [',', ';', '\t'] as const;

/**
 * Reads CSV as Excel and its like save it: UTF-8 or UTF-16 with or without a byte-order mark, separated by comma,
 * semicolon (where the comma is for decimals) or tab, any line ends, cells in quotes with line breaks in them.
 * @throws CsvFileError
 */
export function readCsv(bytes: Uint8Array): CsvTable {
  // One kind of line end, in cells too: lines are counted by it.
  const text = decoded(bytes).replaceAll(/\r\n?/g, '\n');
  // Excel's own way to say it; not part of the table.
  const said = /^sep=(.)\n/i.exec(text);
  const content = said ? text.slice(said[0].length) : text;
  const before = said ? 1 : 0;
  const records: CsvRecord[] = [];
  let end = before;
  for (const { cells, lines } of parsed(content, said?.[1] ?? separatorOf(content), before)) {
    records.push({ line: end + 1, cells });
    end = before + lines;
  }
  const filled = records.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [header, ...rows] = filled;
  if (!header) throw new CsvFileError('The file is empty: its first line must name the columns');
  return { header: header.cells.map((cell) => cell.trim()), records: rows };
}

interface ParsedRecord {
  readonly cells: readonly string[];
  /** Lines read with it. */
  readonly lines: number;
}

function parsed(text: string, delimiter: string, before: number): ParsedRecord[] {
  const found: ParsedRecord[] = [];
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      on_record: (cells: readonly string[], { lines }) => {
        found.push({ cells, lines });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = before + (found.at(-1)?.lines ?? 0) + 1;
    throw new CsvFileError(
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? `Line ${line} opens a quote that is never closed: close it, or double a quote that belongs to the text`
        : `Line ${line}: ${error.message}`,
    );
  }
  return found;
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CsvFileError('The file is not UTF-8: save it in Excel as "CSV UTF-8 (Comma delimited)"');
  }
}

/** The one that the header line has most of. */
function separatorOf(text: string): string {
  const [line = ''] = text.replaceAll(/"(?:[^"]|"")*"/g, '').split('\n', 1);
  const counts = separators.map((separator) => ({ separator, count: line.split(separator).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).separator;
}
