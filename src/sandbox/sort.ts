import { type Comparable, comparableOf, compareReady, type FieldReader, type Fields } from './filter.ts';
import { invalid } from './problem.ts';

const maximumLength = 200;

/**
 * Compiles `+name,-createdTime` (8x8 guide: sorting). A `+` that a client forgot to encode arrives as a
 * space, and means the same. Throws 400 on `sort`.
 *
 * @returns gives rows in the order that is asked for; each is read once, not at each comparison
 */
export function compileSort<R>(
  source: string,
  fields: Fields<R>,
  single: boolean,
): (rows: readonly R[]) => R[] {
  if (source.length > maximumLength) throw invalid('sort', `Sort exceeds ${maximumLength} characters`);
  const keys = source.split(',').map((part) => compileKey(part, fields));
  if (single && keys.length !== 1) throw invalid('sort', 'Exactly one sort field is supported');
  return (rows) =>
    rows
      .map((row) => ({ row, values: keys.map(({ read }) => comparableOf(read(row) ?? '')) }))
      .sort((a, b) => compareAll(a.values, b.values, keys))
      .map(({ row }) => row);
}

function compareAll(
  a: readonly Comparable[],
  b: readonly Comparable[],
  keys: readonly { readonly direction: 1 | -1 }[],
): number {
  for (let index = 0; index < keys.length; index++) {
    const [left, right] = [a[index], b[index]];
    const order = left && right ? compareReady(left, right) : 0;
    if (order !== 0) return order * (keys[index]?.direction ?? 1);
  }
  return 0;
}

function compileKey<R>(part: string, fields: Fields<R>): { read: FieldReader<R>; direction: 1 | -1 } {
  const descending = part.startsWith('-');
  const name = part.replace(/^[-+ ]/, '').trim();
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!read) {
    throw invalid('sort', `Invalid sort field: ${name}. Supported: ${Object.keys(fields).join(', ')}`);
  }
  return { read, direction: descending ? -1 : 1 };
}
