import { conflictingQuery, invalid } from './problem.ts';
import type { Scroll } from './scroll.ts';

/** Which page of a list is asked for. `ids` is null when the list has still to be selected. */
export interface Page {
  readonly ids: readonly string[] | null;
  readonly offset: number;
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly filter: string | null;
  readonly sort: string | null;
}

/**
 * Reads the query of a list (8x8 guide: pagination). `pageSize` is allowed beside `scrollId`, other
 * parameters of the first page are not. Throws 400 on the parameter.
 */
export function readPageQuery(
  query: URLSearchParams,
  style: 'scroll' | 'page',
  maximum: number,
  resume: (scrollId: string) => Scroll,
): Page {
  const pageSize = readInteger(query, 'pageSize', Math.min(100, maximum), 1, maximum);
  const scrollId = query.get('scrollId');
  if (style === 'scroll' && scrollId !== null) {
    for (const name of ['filter', 'sort']) {
      if (query.has(name)) {
        throw conflictingQuery('Cannot use scrollId with other first-page query parameters', name);
      }
    }
    const scroll = resume(scrollId);
    return query.has('pageSize') ? { ...scroll, pageSize } : scroll;
  }
  const pageNumber = style === 'page' ? readInteger(query, 'pageNumber', 0, 0, Number.MAX_SAFE_INTEGER) : 0;
  return {
    ids: null,
    offset: pageNumber * pageSize,
    pageNumber,
    pageSize,
    filter: query.get('filter') || null,
    sort: query.get('sort') || null,
  };
}

function readInteger(
  query: URLSearchParams,
  name: string,
  whenAbsent: number,
  minimum: number,
  maximum: number,
): number {
  const text = query.get(name);
  if (text === null) return whenAbsent;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw invalid(name, `${name} must be a whole number from ${minimum} to ${maximum}`);
  }
  return value;
}
