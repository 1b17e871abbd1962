import type { ObjectType } from '../account/objects.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { Answer } from './call.ts';
import { collections, idOf } from './collections.ts';
import { ApiError } from './errors.ts';
import { encodeQuery } from './rsql.ts';

export interface ListQuery {
  readonly filter?: string;
  /** `field` or `-field`; never `+field`. */
  readonly sort?: string;
  readonly pageSize?: number;
  /** Stops after so many pages, whatever is left. Default: all, of which there may be 10,000. */
  readonly maxPages?: number;
}

export interface ListedPage {
  /** Rows whose id was not on an earlier page. */
  readonly objects: readonly JsonObject[];
  /** Requests of this listing so far, those tried again by the transport rules not counted. */
  readonly requests: number;
  /** Nothing comes after this page. */
  readonly last: boolean;
}

interface Page {
  readonly rows: readonly JsonObject[];
  readonly next: string | undefined;
}

/** How often a listing begins anew after its scroll id expired. */
const maxRestarts = 3;
/** How many pages without a row that is new are followed by another request. */
const maxStalePages = 3;
/** A million rows in the smallest pages, and many times the largest account: more would fill the memory. */
const mostPages = 10_000;
const mostCharacters = 512 * 1024 * 1024;
/** Accepted by every collection. */
const safePageSize = 100;

/**
 * Reads a collection page by page. A scroll goes on with the newest scroll id, sent alone; when that has
 * expired it begins anew. Rows seen before are left out, so that every id comes once, whatever the phone system
 * repeats. Not a snapshot: what is created or deleted meanwhile may or may not be in it.
 *
 * @param get sends one GET with that query string
 * @param sizes the largest page sizes learned so far, by type: a refused one is remembered
 */
export async function* listPages(
  type: ObjectType,
  query: ListQuery,
  get: (queryString: string) => Promise<Answer>,
  sizes: Map<ObjectType, number>,
): AsyncGenerator<ListedPage> {
  const { paging, maxPageSize } = collections[type];
  const seen = new Set<string>();
  const maxPages = query.maxPages ?? Number.POSITIVE_INFINITY;
  let requests = 0;
  let characters = 0;
  let restarts = 0;
  let stale = 0;
  /** Pages that only repeat what was read before the scroll id expired. */
  let toRepeat = 0;
  let position: string | undefined;
  for (let pages = 0; pages < maxPages; ) {
    const pageSize = Math.min(query.pageSize ?? maxPageSize, sizes.get(type) ?? maxPageSize);
    let page: Page;
    requests++;
    try {
      const first = firstPage(query, pageSize);
      const answer = await get(position === undefined ? first : nextPage(paging, first, position));
      characters += answer.size;
      page = readPage(type, paging, answer, position, pageSize);
    } catch (error) {
      if (
        position === undefined &&
        pageSize > safePageSize &&
        isAbout(error, 'pageSize', 'INVALID_PAGE_SIZE')
      ) {
        sizes.set(type, safePageSize);
        continue;
      }
      if (position === undefined || paging !== 'scroll' || !isAbout(error, 'scrollId')) throw error;
      if (restarts++ >= maxRestarts) throw error;
      position = undefined;
      toRepeat = pages;
      stale = 0;
      continue;
    }
    const objects = page.rows.filter((row) => isNew(type, row, seen));
    stale = objects.length === 0 ? stale + 1 : 0;
    pages++;
    position = page.next;
    if (position !== undefined && stale > toRepeat + maxStalePages)
      throw givenUp(type, 'goes on without new rows');
    if (position !== undefined && (pages >= mostPages || characters > mostCharacters)) {
      throw givenUp(type, `goes on after ${pages} pages with ${characters} characters`);
    }
    yield { objects, requests, last: position === undefined };
    if (position === undefined) return;
  }
}

function givenUp(type: ObjectType, why: string): ApiError {
  const message = `The list of ${collections[type].path} ${why}; it was given up`;
  return new ApiError({ kind: 'unavailable', message });
}

function isNew(type: ObjectType, row: JsonObject, seen: Set<string>): boolean {
  const id = idOf(type, row);
  if (id === undefined) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return true;
}

function firstPage(query: ListQuery, pageSize: number): string {
  const parts = [`pageSize=${pageSize}`];
  if (query.filter !== undefined) parts.push(`filter=${encodeQuery(query.filter)}`);
  if (query.sort !== undefined) parts.push(`sort=${encodeQuery(query.sort)}`);
  return parts.join('&');
}

function nextPage(paging: 'scroll' | 'page', first: string, position: string): string {
  return paging === 'scroll' ? `scrollId=${encodeQuery(position)}` : `${first}&pageNumber=${position}`;
}

function readPage(
  type: ObjectType,
  paging: 'scroll' | 'page',
  answer: Answer,
  position: string | undefined,
  pageSize: number,
): Page {
  const { body } = answer;
  if (!isJsonObject(body) || !isJsonArray(body.data) || !body.data.every(isJsonObject)) {
    // Taking this for an empty list would make everything look deleted.
    throw new ApiError({
      kind: 'unavailable',
      status: answer.status,
      message: `GET ${collections[type].path} was answered ${answer.status} without a list`,
      requestId: answer.requestId,
    });
  }
  const rows = body.data.filter(isJsonObject);
  const pagination = isJsonObject(body.pagination) ? body.pagination : {};
  if (pagination.hasMore === false) return { rows, next: undefined };
  if (paging === 'scroll') {
    const next = pagination.nextScrollId;
    return { rows, next: typeof next === 'string' && next !== '' ? next : undefined };
  }
  // Without a word on whether there is more, a page that is not full is the last; what was granted may be less.
  const granted = typeof pagination.pageSize === 'number' ? pagination.pageSize : pageSize;
  const more = pagination.hasMore === true || (rows.length > 0 && rows.length >= granted);
  return { rows, next: more ? String(Number(position ?? 0) + 1) : undefined };
}

/** A refusal of one query parameter; the documents name several codes for it, so the field decides. */
function isAbout(error: unknown, field: string, code?: string): boolean {
  return (
    error instanceof ApiError &&
    error.kind === 'invalid' &&
    error.fields.some((entry) => entry.field === field || (code !== undefined && entry.code === code))
  );
}
