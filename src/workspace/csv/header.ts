import { nearestName } from '../../foundation/nearest-name.ts';
import { type Column, columns } from './columns.ts';
import { CsvFileError } from './csv-file.ts';

/** A column of the table that stands in a file. */
export interface FoundColumn {
  readonly column: Column;
  /** From 0. */
  readonly index: number;
  /** As the file heads it. */
  readonly title: string;
}

export interface Header {
  readonly found: readonly FoundColumn[];
  /** Heads that stand for nothing, with what may have been meant. */
  readonly ignored: readonly { readonly index: number; readonly title: string; readonly meant?: string }[];
}

/** `First name`, `first_name` and `FirstName` are one. */
function normal(title: string): string {
  return title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

const byTitle: ReadonlyMap<string, Column> = new Map(
  columns.flatMap((column) =>
    [column.title, column.key, ...column.aliases].map((name) => [normal(name), column] as const),
  ),
);

/**
 * Finds what the columns of a file stand for.
 * @param mapping heads of the file, with the column that each stands for; they count before the usual heads
 * @param given keys of columns whose value is known for all rows: the file need not have them
 * @throws CsvFileError with all that is wrong
 */
export function readHeader(
  titles: readonly string[],
  mapping: ReadonlyMap<string, string>,
  given: ReadonlySet<string> = new Set(),
): Header {
  const faults: string[] = [];
  const wanted = new Map<string, Column>();
  for (const [title, name] of mapping) {
    const column = byTitle.get(normal(name));
    if (!column) {
      const meant = nearestName(normal(name), byTitle.keys());
      const hint =
        meant === undefined ? 'see dialops import --template' : `did you mean ${byTitle.get(meant)?.key}?`;
      faults.push(`--map ${title}=${name}: there is no column ${name}; ${hint}`);
    } else if (!titles.some((one) => normal(one) === normal(title))) {
      faults.push(`--map ${title}=${name}: the file has no column ${title}; it has ${titles.join(', ')}`);
    } else wanted.set(normal(title), column);
  }
  const mapped = new Set(wanted.values());
  const found: FoundColumn[] = [];
  const ignored: { index: number; title: string; meant?: string }[] = [];
  for (const [index, title] of titles.entries()) {
    const usual = byTitle.get(normal(title));
    const column = wanted.get(normal(title)) ?? (usual && mapped.has(usual) ? undefined : usual);
    const twice = column && found.find((each) => each.column === column);
    if (twice) {
      faults.push(`${title} and ${twice.title} both stand for ${column.title}: leave one to it with --map`);
    } else if (column) found.push({ column, index, title });
    else if (title !== '') {
      const meant = nearestName(normal(title), byTitle.keys());
      const near = meant === undefined ? undefined : byTitle.get(meant)?.title;
      ignored.push({ index, title, ...(near === undefined ? {} : { meant: near }) });
    }
  }
  const present = new Set([...found.map(({ column }) => column.key), ...given]);
  const missing = columns
    .filter(({ key, required }) => required && !present.has(key))
    .map(({ title }) => title);
  if (missing.length > 0) {
    faults.push(
      `The file has no column ${missing.join(', ')}; it has ${titles.join(', ')}. ` +
        `Say which is meant with --map, as --map '${titles[0] || 'Name'}=${missing[0]}', or give all the same with --set`,
    );
  }
  if (faults.length > 0) throw new CsvFileError(faults.join('\n'));
  return { found, ignored };
}

/** The column that a person names by its head or key. */
export function columnNamed(name: string): Column | undefined {
  return byTitle.get(normal(name));
}

/** The letters by which a spreadsheet names a column: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}
