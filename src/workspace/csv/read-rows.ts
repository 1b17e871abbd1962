import { checkText, type textRules } from '../../account/compile/checks.ts';
import type { Json } from '../../foundation/json.ts';
import { unguarded } from './cell-text.ts';
import type { CellContext, Column } from './columns.ts';
import type { CsvRecord, CsvTable } from './csv-file.ts';
import { columnLetters, type FoundColumn } from './header.ts';

/** A word about a row: a fault, which leaves it out, or what was taken for what. */
export interface CellFinding {
  readonly severity: 'error' | 'warning';
  /** Where the row begins, from 1. */
  readonly line: number;
  /** Letters as in a spreadsheet; absent when it is about the whole row. */
  readonly column?: string;
  /** The head of the column. */
  readonly title?: string;
  readonly message: string;
}

/** A row of people with what its cells say; cells that are empty or at fault are not in it. */
export interface Row {
  readonly line: number;
  readonly values: ReadonlyMap<Column, Json>;
}

/** What is found about rows, by line and column. */
export class CellFindings {
  readonly #all: (CellFinding & { readonly index: number })[] = [];
  readonly #bad = new Set<number>();
  readonly #cells = new Set<string>();
  readonly #indexes: ReadonlyMap<Column, FoundColumn>;

  constructor(found: readonly FoundColumn[]) {
    this.#indexes = new Map(found.map((each) => [each.column, each]));
  }

  /** The row is left out. */
  error(line: number, column: Column | undefined, message: string): void {
    this.#bad.add(line);
    this.#note('error', line, column, message);
  }

  warning(line: number, column: Column | undefined, message: string): void {
    this.#note('warning', line, column, message);
  }

  #note(severity: CellFinding['severity'], line: number, column: Column | undefined, message: string): void {
    if (column) this.#cells.add(`${line}/${column.key}`);
    const found = column && this.#indexes.get(column);
    const place = found ? { column: columnLetters(found.index), title: found.title } : {};
    this.#all.push({ severity, line, index: found?.index ?? -1, ...place, message });
  }

  /** Has something been said of this cell already? */
  has(line: number, column: Column): boolean {
    return this.#cells.has(`${line}/${column.key}`);
  }

  isBad({ line }: Row): boolean {
    return this.#bad.has(line);
  }

  get bad(): number {
    return this.#bad.size;
  }

  sorted(): readonly CellFinding[] {
    return this.#all
      .sort((a, b) => a.line - b.line || a.index - b.index)
      .map(({ index: _index, ...finding }) => finding);
  }
}

/** Reads every cell by the rule of its column, and notes all that is wrong with it at once. */
export function readRows(
  table: CsvTable,
  found: readonly FoundColumn[],
  findings: CellFindings,
  options: CellContext & { readonly given?: ReadonlyMap<Column, string> },
): readonly Row[] {
  return table.records.map((record) => {
    const surplus = record.cells.slice(table.header.length).filter((cell) => cell.trim() !== '').length;
    if (surplus > 0) {
      findings.error(
        record.line,
        undefined,
        `has ${record.cells.length} cells, and there are ${table.header.length} columns: put text that holds the separator in quotes`,
      );
    }
    return { line: record.line, values: valuesOf(record, found, findings, options) };
  });
}

function valuesOf(
  { cells, line }: CsvRecord,
  found: readonly FoundColumn[],
  findings: CellFindings,
  options: CellContext & { readonly given?: ReadonlyMap<Column, string> },
): ReadonlyMap<Column, Json> {
  const texts = new Map(options.given);
  for (const { column, index } of found) {
    const text = unguarded(cells[index] ?? '');
    if (text !== '') texts.set(column, text);
  }
  const values = new Map<Column, Json>();
  for (const [column, text] of texts) {
    const reading = column.read(text, options);
    const fault = 'fault' in reading ? reading.fault : faultOf(column, reading.value);
    if (fault !== undefined) findings.error(line, column, fault);
    else if ('value' in reading) {
      values.set(column, reading.value);
      if (reading.note !== undefined) findings.warning(line, column, reading.note);
    }
  }
  return values;
}

/** The phone system's own rules on texts. */
function faultOf({ field, of }: Column, value: Json): string | undefined {
  const rule = ruleNames.find((name) => name === field);
  return of === 'UserProfile' && rule !== undefined && typeof value === 'string'
    ? checkText(rule, value)
    : undefined;
}

const ruleNames = [
  'userName',
  'firstName',
  'lastName',
  'email',
  'department',
  'jobTitle',
] as const satisfies readonly (keyof typeof textRules)[];
