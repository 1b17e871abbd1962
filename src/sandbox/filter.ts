import { parse } from '@rsql/parser';
import type { Json } from '../foundation/json.ts';
import { invalid } from './problem.ts';

/** Reads one filterable or sortable field of a record. */
export type FieldReader<R> = (record: R) => Json | undefined;
export type Fields<R> = Readonly<Record<string, FieldReader<R>>>;
export type Predicate<R> = (record: R) => boolean;

type Expression = ReturnType<typeof parse>;

const maximumLength = 2000;
const operators = ['==', '!=', '>', '<', '>=', '<='] as const;
type Operator = (typeof operators)[number];

/** Compiles an RSQL filter over the given fields (8x8 guide: filtering). Throws 400 on `filter`. */
export function compileFilter<R>(source: string, fields: Fields<R>): Predicate<R> {
  return compile(parseFilter(source), fields);
}

/**
 * Sites take one comparison only: `name==`, with a wildcard at either end (8x8 guide: sites). Throws 400 on
 * `filter`.
 */
export function compileNameFilter<R>(source: string, fields: Fields<R>): Predicate<R> {
  const expression = parseFilter(source);
  if (expression.type === 'LOGIC') throw invalid('filter', 'Logical operations (AND/OR) are not supported');
  if (expression.operator !== '==') {
    throw invalid('filter', `Invalid operator: ${expression.operator}. Only '==' operator is supported`);
  }
  return compile(expression, fields);
}

function parseFilter(source: string): Expression {
  if (source.length > maximumLength) throw invalid('filter', `Filter exceeds ${maximumLength} characters`);
  try {
    return parse(source);
  } catch {
    throw invalid('filter', 'Invalid filter syntax');
  }
}

function compile<R>(expression: Expression, fields: Fields<R>): Predicate<R> {
  if (expression.type === 'LOGIC') {
    const left = compile(expression.left, fields);
    const right = compile(expression.right, fields);
    const all = expression.operator === ';' || expression.operator === 'and';
    return all ? (record) => left(record) && right(record) : (record) => left(record) || right(record);
  }
  const { selector } = expression.left;
  const read = Object.hasOwn(fields, selector) ? fields[selector] : undefined;
  if (!read) {
    throw invalid(
      'filter',
      `Invalid filter field: ${selector}. Supported: ${Object.keys(fields).join(', ')}`,
    );
  }
  const operator = operators.find((known) => known === expression.operator);
  if (!operator) throw invalid('filter', `Invalid operator: ${expression.operator}`);
  const { value } = expression.right;
  if (typeof value !== 'string') throw invalid('filter', 'Lists of values are not supported');
  return comparison(read, operator, value);
}

function comparison<R>(read: FieldReader<R>, operator: Operator, value: string): Predicate<R> {
  if (operator === '==' || operator === '!=') {
    const equals = equality(value);
    return operator === '==' ? (record) => equals(read(record)) : (record) => !equals(read(record));
  }
  if (value.includes('*')) throw invalid('filter', 'Wildcards need the operator == or !=');
  const wanted = operator.startsWith('>') ? 1 : -1;
  const orEqual = operator.endsWith('=');
  return (record) => {
    const actual = read(record);
    if (actual === null || actual === undefined) return false;
    const order = compareValues(actual, value);
    return order === 0 ? orEqual : Math.sign(order) === wanted;
  };
}

function equality(value: string): (actual: Json | undefined) => boolean {
  const fromStart = value.endsWith('*');
  const toEnd = value.startsWith('*');
  const text = value.replace(/^\*/, '').replace(/\*$/, '').toLowerCase();
  if (text.includes('*')) throw invalid('filter', 'Wildcard (*) can only appear at the beginning or end');
  const wildcard = fromStart || toEnd;
  return (actual) => {
    if (actual === null || actual === undefined) return false;
    if (wildcard && typeof actual !== 'string') return false;
    const found = String(actual).toLowerCase();
    if (fromStart && toEnd) return found.includes(text);
    if (fromStart) return found.startsWith(text);
    if (toEnd) return found.endsWith(text);
    return found === text || (isInstant(value) && Date.parse(String(actual)) === Date.parse(value));
  };
}

function isInstant(value: string): boolean {
  return !Number.isNaN(timeOf(value));
}

/** Milliseconds since the epoch; NaN of what is no instant. */
function timeOf(value: string): number {
  return /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
}

/** A value made ready to be compared, once for many comparisons. */
export interface Comparable {
  readonly value: Json;
  readonly lower: string;
  /** Milliseconds since the epoch, of an instant; else NaN. */
  readonly time: number;
}

export function comparableOf(value: Json): Comparable {
  const text = String(value);
  return { value, lower: text.toLowerCase(), time: timeOf(text) };
}

/** Numbers by size, instants by time, all else as text without regard to case. */
export function compareReady(a: Comparable, b: Comparable): number {
  if (!Number.isNaN(a.time) && !Number.isNaN(b.time)) return a.time - b.time;
  if (typeof a.value === 'number' && b.lower.trim() !== '' && !Number.isNaN(Number(b.lower)))
    return a.value - Number(b.lower);
  return a.lower < b.lower ? -1 : a.lower > b.lower ? 1 : 0;
}

function compareValues(a: Json, b: Json): number {
  return compareReady(comparableOf(a), comparableOf(b));
}
