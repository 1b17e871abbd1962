import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { SandboxCore } from './core.ts';
import { compileFilter, compileNameFilter, type Fields } from './filter.ts';
import type { MediaTypes } from './media-type.ts';
import type { WriteContext } from './operations.ts';
import { type Page, readPageQuery } from './page-query.ts';
import { type ApiProblem, badRequest, notFound } from './problem.ts';
import type { Exchange, Reply, Scope } from './router.ts';
import { compileSort } from './sort.ts';
import type { Stored } from './store.ts';

/** What a rendered object is for. */
export interface View {
  /** A row of a list, not GET one. */
  readonly row: boolean;
  /** A row that shows only a part (always false for GET one). */
  readonly sparse: boolean;
}

/** One asynchronous write of a collection. */
export interface Write {
  /**
   * The synchronous half: checks the body and throws ApiProblem to refuse it at once; what it returns is kept
   * as JSON until the operation completes. `id` is null for a creation; the body of a deletion is `{}`.
   */
  accept(body: JsonObject, id: string | null, exchange: Exchange): JsonObject;
  /** The other half, at completion: see Command.apply. */
  apply(payload: JsonObject, context: WriteContext): string;
}

/**
 * A collection of the API: its list, GET one and writes under the conventions that all collections share.
 *
 * To add one: open a table (`core.store.table<Row>('invitation')`) or use one of `core.system`; then call
 * `registerCollection(core, {…})` from your SandboxModule. List, filter, sort, pagination, GET one, 404,
 * media types, scopes, 202 with an operation, audit time and restart come from here. A field appears in
 * `filterFields` to be filterable and in `sortFields` to be sortable. Whatever does not fit (a synchronous
 * POST, `/{id}/submit`) is a Route of its own: `core.router.add({…})`, answering asynchronous writes through
 * `core.operations.define` and `core.operations.start`.
 */
export interface Collection<R extends Stored> {
  /** Below the base path: `/users`. */
  readonly path: string;
  /** Name of the id in the path: `userId`. */
  readonly idName: string;
  readonly mediaTypes: MediaTypes;
  /** Scopes for reading; writing needs `UC & CC Admin Operations` too. */
  readonly scopes: readonly Scope[];
  /** How lists are cut; `max` is the largest pageSize. The default pageSize is 100, or `max` if less. */
  readonly paging: { readonly style: 'scroll' | 'page'; readonly max: number };
  /** All rows in their default order. */
  rows(): Iterable<R>;
  find(id: string): R | undefined;
  render(row: R, view: View): JsonObject;
  readonly filterFields: Fields<R>;
  readonly sortFields: Fields<R>;
  /** `name` takes one `==` only; left out: full RSQL. */
  readonly filterStyle?: 'name';
  /** One sort field at most. */
  readonly singleSort?: boolean;
  /** Checks the id's form; throws ApiProblem. */
  checkId?(id: string): void;
  /** The 404 of GET one, PUT and DELETE. */
  missing?(id: string): ApiProblem;
  readonly writes?: {
    /** `USER`, `EXTENSION`, … */
    readonly resourceType: string;
    /** Starts the names of its commands: `user` gives `user.create`. */
    readonly commandPrefix: string;
    readonly create?: Write;
    readonly update?: Write;
    readonly delete?: Write;
    /** DELETE of something already gone answers 202 too. */
    readonly deleteTwice?: boolean;
  };
}

export function registerCollection<R extends Stored>(core: SandboxCore, collection: Collection<R>): void {
  const { mediaTypes, path, scopes } = collection;
  const one = `${path}/{${collection.idName}}`;
  core.router.add({
    method: 'GET',
    path,
    mediaTypes,
    scopes,
    handle: (exchange) => list(core, collection, exchange),
  });
  core.router.add({
    method: 'GET',
    path: one,
    mediaTypes,
    scopes,
    handle: (exchange) => ({
      status: 200,
      body: collection.render(existing(collection, exchange).row, { row: false, sparse: false }),
    }),
  });
  registerWrites(core, collection, one);
}

function registerWrites<R extends Stored>(core: SandboxCore, collection: Collection<R>, one: string): void {
  const { mediaTypes, path, writes } = collection;
  if (!writes) return;
  const scopes: readonly Scope[] = [...collection.scopes, 'UC & CC Admin Operations'];
  const add = (
    method: 'POST' | 'PUT' | 'DELETE',
    operationType: 'CREATE' | 'UPDATE' | 'DELETE',
    write: Write | undefined,
    target: (exchange: Exchange) => string | null,
  ) => {
    if (!write) return;
    const command = `${writes.commandPrefix}.${operationType.toLowerCase()}`;
    core.operations.define({ name: command, apply: (payload, context) => write.apply(payload, context) });
    core.router.add({
      method,
      path: method === 'POST' ? path : one,
      mediaTypes,
      scopes,
      handle: (exchange) => {
        const resourceId = target(exchange);
        const body = method === 'DELETE' ? {} : requireObject(exchange);
        return core.operations.start(exchange, {
          command,
          resourceType: writes.resourceType,
          operationType,
          collectionPath: path,
          resourceId,
          payload: write.accept(body, resourceId, exchange),
        });
      },
    });
  };
  add('POST', 'CREATE', writes.create, () => null);
  add('PUT', 'UPDATE', writes.update, (exchange) => existing(collection, exchange).id);
  add('DELETE', 'DELETE', writes.delete, (exchange) =>
    writes.deleteTwice ? (exchange.params[collection.idName] ?? '') : existing(collection, exchange).id,
  );
}

/** The body as an object. Throws 400 BAD_REQUEST. */
export function requireObject(exchange: Exchange): JsonObject {
  if (!isJsonObject(exchange.body)) throw badRequest('The request body must be a JSON object');
  return exchange.body;
}

function existing<R extends Stored>(collection: Collection<R>, exchange: Exchange): { id: string; row: R } {
  const id = exchange.params[collection.idName] ?? '';
  collection.checkId?.(id);
  const row = collection.find(id);
  if (row) return { id, row };
  throw collection.missing?.(id) ?? notFound('Resource not found');
}

function list<R extends Stored>(core: SandboxCore, collection: Collection<R>, exchange: Exchange): Reply {
  const { style, max } = collection.paging;
  const page = readPageQuery(exchange.query, style, max, (id) => core.scrolls.resume(id, collection.path));
  const ids = page.ids ?? select(collection, page);
  const sparse = core.settings.sparseRows;
  const data: JsonObject[] = [];
  let offset = page.offset;
  for (; offset < ids.length && data.length < page.pageSize; offset += 1) {
    const row = collection.find(ids[offset] ?? '');
    if (row) data.push(collection.render(row, { row: true, sparse }));
  }
  const hasMore = offset < ids.length;
  const { filter, pageNumber, pageSize, sort } = page;
  const next = { pageSize, filter, sort, pageNumber: pageNumber + 1 };
  const nextScrollId =
    hasMore && style === 'scroll' ? core.scrolls.open({ ...next, path: collection.path, ids, offset }) : null;
  const base = `${core.basePath}${collection.path}`;
  const nextQuery =
    nextScrollId === null ? `pageSize=${pageSize}&pageNumber=${pageNumber + 1}` : `scrollId=${nextScrollId}`;
  return {
    status: 200,
    body: {
      data,
      pagination: { pageSize, pageNumber, hasMore, filter, sort, nextScrollId },
      _links: {
        self: { href: exchange.query.size > 0 ? `${base}?${exchange.query}` : base },
        ...(hasMore ? { next: { href: `${base}?${nextQuery}` } } : {}),
      },
    },
  };
}

function select<R extends Stored>(collection: Collection<R>, page: Page): string[] {
  let rows = [...collection.rows()];
  if (page.filter !== null) {
    const compileThis = collection.filterStyle === 'name' ? compileNameFilter : compileFilter;
    rows = rows.filter(compileThis(page.filter, collection.filterFields));
  }
  if (page.sort !== null) {
    rows = compileSort(page.sort, collection.sortFields, collection.singleSort ?? false)(rows);
  }
  return rows.map((row) => row.id);
}
