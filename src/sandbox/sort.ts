import { compareValues, type FieldReader, type Fields } from './filter.ts';
import { invalid } from './problem.ts';

const maximumLength = 200;

/**
 * Compiles `+name,-createdTime` (8x8 guide: sorting). A `+` that a client forgot to encode arrives as a
 * space, and means the same. Throws 400 on `sort`.
 */
export function compileSort<R>(source: string, fields: Fields<R>, single: boolean): (a: R, b: R) => number {
  if (source.length > maximumLength) throw invalid('sort', `Sort exceeds ${maximumLength} characters`);
  const keys = source.split(',').map((part) => compileKey(part, fields));
  if (single && keys.length !== 1) throw invalid('sort', 'Exactly one sort field is supported');
  return (a, b) => {
    for (const { read, direction } of keys) {
      const order = compareValues(read(a) ?? '', read(b) ?? '');
      if (order !== 0) return order * direction;
    }
    return 0;
  };
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
