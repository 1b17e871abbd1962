import type { ObjectType, PrivilegeSection } from '../account/objects.ts';
import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { Answer, Call } from './call.ts';
import { collections } from './collections.ts';
import { Discovery, discoveryPath, type Offer, parsePrivilegeTree } from './discovery.ts';
import { ApiError } from './errors.ts';
import { type ListedPage, type ListQuery, listPages } from './listing.ts';
import { type OperationState, parseOperation } from './operation.ts';
import { Requester, type RequesterOptions, type RequestOptions } from './requester.ts';
import { encodeQuery } from './rsql.ts';
import { adminOperations } from './scopes.ts';

export type { RequestOptions } from './requester.ts';

/** How the phone system took a write. */
export type WriteResult =
  | {
      /** Accepted; its end is learned from the operation. */
      readonly kind: 'operation';
      readonly operationId: string;
      /** Milliseconds since the epoch. */
      readonly acceptedAt: number;
      /** As announced with the acceptance: for a creation it does not hold until the operation is COMPLETED. */
      readonly resourceId?: string;
    }
  | { readonly kind: 'done'; readonly body?: JsonObject };

export interface PortingDocument {
  readonly type: 'LETTER_OF_AUTHORITY' | 'BILL';
  readonly fileName: string;
  /** `application/pdf`, `image/tiff`, `image/png` or `image/jpeg`. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const discoveryCall: Call = {
  method: 'GET',
  path: discoveryPath,
  template: discoveryPath,
  accept: 'application/json',
};

/** A request that changes an object otherwise than by replacing it. */
export type ObjectAction = 'update-members' | 'submit' | 'cancel';

const actionMediaTypes: Partial<Record<ObjectAction, string>> = {
  'update-members': 'application/vnd.ringgroups.update-members.v1+json',
};

/**
 * The Administration API of one account. Every method rejects with ApiError, with HostNotAllowed,
 * RedirectRefused or WriteRefused when nothing was sent or taken, or with the signal's reason.
 */
export class PhoneSystemClient {
  readonly #requester: Requester;
  readonly #options: RequesterOptions;
  readonly #pageSizes = new Map<ObjectType, number>();
  /** Types whose published media type the endpoint refused: they are sent the other documented one. */
  readonly #useOtherMediaType = new Set<ObjectType>();
  readonly #discovery: Discovery;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#requester = new Requester(options);
    this.#discovery = new Discovery({
      endpoint: options.endpoint,
      clock: options.clock,
      ask: async (request) => (await this.#requester.send(discoveryCall, request)).body,
    });
  }

  /** Reads a collection page by page; without `pageSize` in the largest pages. */
  async *list(type: ObjectType, options: ListQuery & RequestOptions): AsyncGenerator<ListedPage> {
    await this.#require(type, options);
    const { keyScope, path } = collections[type];
    const get = (query: string) =>
      this.#requester.send(
        { method: 'GET', path: `${path}?${query}`, template: path, accept: accept(type), scope: keyScope },
        options,
      );
    yield* listPages(type, options, get, this.#pageSizes);
  }

  /** The whole object; undefined when there is none with that id. */
  async get(type: ObjectType, id: string, options: RequestOptions): Promise<JsonObject | undefined> {
    await this.#require(type, options);
    try {
      const call: Call = {
        ...this.#one(type, id),
        method: 'GET',
        accept: accept(type),
        scope: collections[type].keyScope,
      };
      return requireObject(call, await this.#requester.send(call, options));
    } catch (error) {
      if (error instanceof ApiError && (error.kind === 'notFound' || isMalformedId(error))) return undefined;
      throw error;
    }
  }

  /** POST of a new object. */
  create(type: ObjectType, body: JsonObject, options: RequestOptions): Promise<WriteResult> {
    const { createTwice, create, path } = collections[type];
    if (!create) return Promise.reject(unsupported(type, 'POST'));
    return this.#write(type, body, options, {
      method: 'POST',
      path,
      template: path,
      scope: writeScope(type, create),
      ...(createTwice ? { repeatable: true } : {}),
    });
  }

  /** PUT of a whole object: what the body omits is removed, reset or deprovisioned. */
  replace(type: ObjectType, id: string, body: JsonObject, options: RequestOptions): Promise<WriteResult> {
    const { replace } = collections[type];
    if (!replace) return Promise.reject(unsupported(type, 'PUT'));
    const scope = writeScope(type, replace);
    return this.#write(type, body, options, { ...this.#one(type, id), method: 'PUT', scope });
  }

  /** DELETE; rejects with `notFound` when it was gone already, except for a ring group. */
  async remove(type: ObjectType, id: string, options: RequestOptions): Promise<WriteResult> {
    const { remove } = collections[type];
    if (!remove) throw unsupported(type, 'DELETE');
    await this.#require(type, options);
    const call: Call = {
      ...this.#one(type, id),
      method: 'DELETE',
      scope: writeScope(type, remove),
      ...(remove === 'async' ? { accept: accept(type) } : {}),
    };
    return this.#result(call, await this.#requester.send(call, options));
  }

  /** POST of an action on an object; `body` only where the action has one. */
  async act(
    type: ObjectType,
    id: string,
    action: ObjectAction,
    body: JsonObject | undefined,
    options: RequestOptions,
  ): Promise<WriteResult> {
    await this.#require(type, options);
    const one = this.#one(type, id);
    const call: Call = {
      ...one,
      method: 'POST',
      path: `${one.path}/${action}`,
      template: `${one.template}/${action}`,
      scope: adminOperations,
      ...(body === undefined
        ? { accept: accept(type) }
        : {
            body: JSON.stringify(body),
            contentType: actionMediaTypes[action] ?? collections[type].mediaType,
          }),
    };
    return this.#result(call, await this.#requester.send(call, options));
  }

  /** Stores a document; the same bytes and type give the same id. */
  async uploadDocument(document: PortingDocument, options: RequestOptions): Promise<{ readonly id: string }> {
    await this.#requireOffer('portingDocument', options);
    const call: Call = {
      method: 'POST',
      path: `/porting-documents?type=${document.type}&fileName=${encodeQuery(document.fileName)}`,
      template: '/porting-documents',
      accept: 'application/vnd.porting-documents.v1+json',
      contentType: document.contentType,
      body: document.bytes,
      scope: collections.portingOrder.keyScope,
      repeatable: true,
    };
    const { id } = requireObject(call, await this.#requester.send(call, options));
    if (typeof id === 'string') return { id };
    throw new ApiError({
      kind: 'unavailable',
      message: 'POST /porting-documents was answered without an id',
    });
  }

  /** How an asynchronous write is getting on; rejects with `notFound` for an unknown id. */
  async operation(operationId: string, options: RequestOptions): Promise<OperationState> {
    const answer = await this.#requester.send(
      {
        method: 'GET',
        path: `/operations/${encodeURIComponent(operationId)}`,
        template: '/operations/{id}',
        id: operationId,
        accept: 'application/vnd.operations.v1+json',
        scope: adminOperations,
      },
      options,
    );
    return parseOperation(operationId, answer.body);
  }

  /** The sections that privileges can name; undefined where the endpoint publishes none. */
  async privilegeTree(options: RequestOptions): Promise<readonly PrivilegeSection[] | undefined> {
    const { offers } = await this.discover(options);
    if (!offers.has('privilegeTree')) return undefined;
    const answer = await this.#requester.send(
      {
        method: 'GET',
        path: '/privilege-tree',
        template: '/privilege-tree',
        accept: 'application/vnd.privilege-tree.v1+json',
      },
      options,
    );
    return parsePrivilegeTree(answer.body);
  }

  /** What the endpoint offers beyond the published API. Rejects as the other methods do. */
  discover(options: RequestOptions): Promise<Offer> {
    return this.#discovery.offer(options);
  }

  async #require(type: ObjectType, options: RequestOptions): Promise<void> {
    if (!collections[type].published) await this.#requireOffer(type, options);
  }

  async #requireOffer(name: string, options: RequestOptions): Promise<void> {
    const { offers } = await this.discover(options);
    if (offers.has(name)) return;
    throw new ApiError({
      kind: 'unsupported',
      message: `This endpoint does not offer ${name}: the published API has no such part`,
    });
  }

  #one(type: ObjectType, id: string): Pick<Call, 'path' | 'template' | 'id'> {
    const { path } = collections[type];
    return {
      path: `${path}/${encodeURIComponent(id)}`,
      template: `${path}/{id}`,
      id: type === 'phoneNumber' ? `…${id.slice(-2)}` : id,
    };
  }

  async #write(
    type: ObjectType,
    body: JsonObject,
    options: RequestOptions,
    target: Omit<Call, 'accept' | 'body' | 'contentType'>,
  ): Promise<WriteResult> {
    await this.#require(type, options);
    const { mediaType, otherMediaType } = collections[type];
    const other = this.#useOtherMediaType.has(type) ? otherMediaType : undefined;
    const call: Call = { ...target, contentType: other ?? mediaType, body: JSON.stringify(body) };
    try {
      return this.#result(call, await this.#requester.send(call, options));
    } catch (error) {
      const refusedType = error instanceof ApiError && error.status === 415;
      if (!refusedType || other !== undefined || otherMediaType === undefined) throw error;
      this.#useOtherMediaType.add(type);
      return this.#write(type, body, options, target);
    }
  }

  #result(call: Call, answer: Answer): WriteResult {
    const body = isJsonObject(answer.body) ? answer.body : undefined;
    if (typeof body?.operationId !== 'string' || body.operationId === '') {
      // A page of a proxy is answered 200, too: only an object, or an answer that has no content, is the end.
      const done = answer.status !== 202 && (body !== undefined || answer.status === 204);
      if (done) return { kind: 'done', ...(body ? { body } : {}) };
      throw new ApiError({
        kind: 'unclear',
        status: answer.status,
        message: `${call.method} ${call.template} was answered ${answer.status} without an operation id`,
        requestId: answer.requestId,
      });
    }
    return {
      kind: 'operation',
      operationId: body.operationId,
      acceptedAt: this.#options.clock.now(),
      ...(typeof body.resourceId === 'string' ? { resourceId: body.resourceId } : {}),
    };
  }
}

/** What a key that reads a collection may still lack for writing to it. */
function writeScope(type: ObjectType, kind: 'async' | 'sync'): string {
  return kind === 'async' ? adminOperations : collections[type].keyScope;
}

function accept(type: ObjectType): string {
  const { mediaType, otherMediaType } = collections[type];
  return otherMediaType === undefined ? mediaType : `${mediaType}, ${otherMediaType}`;
}

/**
 * A malformed id is 404 in some documents and 400 in others: either way there is no such object. A 400 that says
 * nothing may come from a proxy in between, and must not make an object look deleted.
 */
function isMalformedId(error: ApiError): boolean {
  return (
    error.status === 400 &&
    error.code !== undefined &&
    error.fields.every(
      ({ field }) => field === undefined || /^(?!customer|x-).*(id|phoneNumber)$/i.test(field),
    )
  );
}

function unsupported(type: ObjectType, method: string): ApiError {
  return new ApiError({ kind: 'unsupported', message: `${collections[type].path} takes no ${method}` });
}

function requireObject(call: Call, answer: Answer): JsonObject {
  if (isJsonObject(answer.body)) return answer.body;
  throw new ApiError({
    kind: 'unavailable',
    status: answer.status,
    message: `${call.method} ${call.template} was answered ${answer.status} without an object`,
    requestId: answer.requestId,
  });
}
