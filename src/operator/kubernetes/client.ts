import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Clock } from '../../foundation/clock.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { apiErrorFrom, isApiError, KubernetesError } from './api-error.ts';
import type { ApiCall, ApiConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import {
  collectionPath,
  type KubernetesObject,
  type ObjectRef,
  objectPath,
  type ResourceType,
  readObject,
} from './object.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** One finished request, for metrics. `code` is the HTTP status, 0 when there was no answer. */
export interface ApiRequestSample {
  readonly verb: Verb;
  readonly resource: string;
  readonly code: number;
  readonly seconds: number;
}

export interface ClientOptions {
  readonly connection: ApiConnection;
  readonly clock: Clock;
  /** For each request but the body of a watch, in ms. */
  readonly timeoutMs?: number;
  /** Sends every write with `dryRun=All`: the server checks it and stores nothing. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly onRequest?: (sample: ApiRequestSample) => void;
}

export interface ListQuery {
  readonly namespace?: string | undefined;
  readonly limit?: number | undefined;
  readonly continueToken?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListPage {
  /** As sent; read with `readObject`, so that one bad object does not spoil the page. */
  readonly items: readonly Json[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

export interface WatchQuery extends Omit<ListQuery, 'limit' | 'continueToken'> {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
}

export interface JsonPatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: Json;
}

export type Patch =
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly merge: JsonObject };

export interface WriteOptions {
  readonly subresource?: 'status';
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const METADATA = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  one: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
};

/**
 * The one place that talks to the API server. Every call has a deadline; every failure is a KubernetesError,
 * except an abort by the caller's own signal, which rejects with that signal's reason. A 401 is answered once by
 * reading the credentials again; nothing else is sent twice.
 */
export class KubernetesClient {
  readonly #options: ClientOptions;
  readonly #timeoutMs: number;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  async get<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<T> {
    const accept = type.metadataOnly ? { accept: METADATA.one } : {};
    const call: ApiCall = { method: 'GET', path: objectPath(type, ref), ...accept };
    return readObject(type, await this.#json('get', type, call, options));
  }

  /** One page. `resourceVersion` is left out on purpose: the answer is then never a stale one. */
  async list(type: ResourceType, query: ListQuery, signal?: AbortSignal): Promise<ListPage> {
    const search = selectors(query);
    if (query.limit !== undefined) search.set('limit', String(query.limit));
    if (query.continueToken !== undefined) search.set('continue', query.continueToken);
    const call: ApiCall = {
      method: 'GET',
      path: withQuery(collectionPath(type, query.namespace), search),
      ...(type.metadataOnly ? { accept: METADATA.list } : {}),
    };
    const body = await this.#json('list', type, call, signal ? { signal } : {});
    if (!isJsonObject(body) || !isJsonArray(body.items) || !isJsonObject(body.metadata)) {
      throw new KubernetesError('unavailable', `list ${type.plural}: the answer is not a list`);
    }
    const { resourceVersion, continue: token } = body.metadata;
    return {
      items: body.items,
      resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
      continueToken: typeof token === 'string' && token !== '' ? token : undefined,
    };
  }

  /** Opens a watch with bookmarks on a connection of its own. The caller ends it through `signal`. */
  async watch(type: ResourceType, query: WatchQuery, signal: AbortSignal): Promise<IncomingMessage> {
    const search = selectors(query);
    search.set('watch', 'true');
    search.set('allowWatchBookmarks', 'true');
    search.set('resourceVersion', query.resourceVersion);
    search.set('timeoutSeconds', String(query.timeoutSeconds));
    const call: ApiCall = {
      method: 'GET',
      path: withQuery(collectionPath(type, query.namespace), search),
      ...(type.metadataOnly ? { accept: METADATA.one } : {}),
    };
    return await this.#measured('watch', type, async () => {
      const answer = await this.#open(call, signal, true);
      if (answer.statusCode === 200) return { code: 200, value: answer };
      throw await errorFrom(`watch ${type.plural}`, answer);
    });
  }

  async create<T extends KubernetesObject>(
    type: ResourceType<T>,
    namespace: string | undefined,
    object: JsonObject,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = withQuery(collectionPath(type, namespace), this.#writeQuery());
    const call: ApiCall = { method: 'POST', path, ...jsonBody(object) };
    return readObject(type, await this.#json('create', type, call, options));
  }

  /** A whole-object PUT, refused with `conflict` when the object's resourceVersion is not the latest. */
  async replace<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    object: JsonObject,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = withQuery(objectPath(type, ref), this.#writeQuery());
    const call: ApiCall = { method: 'PUT', path, ...jsonBody(object) };
    return readObject(type, await this.#json('update', type, call, options));
  }

  async patch<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<T> {
    const subresource = options.subresource === undefined ? '' : `/${options.subresource}`;
    const call: ApiCall = {
      method: 'PATCH',
      path: withQuery(objectPath(type, ref) + subresource, this.#writeQuery()),
      ...(patch.type === 'json'
        ? { contentType: 'application/json-patch+json', body: JSON.stringify(patch.operations) }
        : { contentType: 'application/merge-patch+json', body: JSON.stringify(patch.merge) }),
    };
    return readObject(type, await this.#json('patch', type, call, options));
  }

  /** Deletes exactly the object with this UID; a namesake created since is `conflict`. */
  async delete(
    type: ResourceType,
    ref: ObjectRef,
    preconditions: { uid?: string } = {},
    options: WriteOptions = {},
  ): Promise<void> {
    const path = withQuery(objectPath(type, ref), this.#writeQuery());
    const call: ApiCall = {
      method: 'DELETE',
      path,
      ...jsonBody({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions }),
    };
    await this.#json('delete', type, call, options);
  }

  async #json(
    verb: Verb,
    type: ResourceType,
    call: ApiCall,
    options: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Json> {
    const what = `${verb} ${type.plural}`;
    const { clock } = this.#options;
    const attempt = () =>
      withDeadline(clock, options.timeoutMs ?? this.#timeoutMs, what, options.signal, async (signal) => {
        const answer = await this.#open(call, signal, false);
        const code = answer.statusCode ?? 0;
        if (code < 200 || code > 299) throw await errorFrom(what, answer);
        const value: Json = JSON.parse(await text(answer));
        return { code, value };
      });
    return await this.#measured(verb, type, async () => {
      try {
        return await attempt();
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        if (error instanceof KubernetesError) throw error;
        throw new KubernetesError('unavailable', `${what}: ${messageOf(error)}`, { cause: error });
      }
    });
  }

  /** Opens a call; after a 401 once more with credentials read afresh. */
  async #open(call: ApiCall, signal: AbortSignal, ownSocket: boolean): Promise<IncomingMessage> {
    const { connection } = this.#options;
    const first = await connection.open(call, signal, ownSocket);
    if (first.statusCode !== 401) return first;
    first.resume();
    connection.reloadCredentials();
    return await connection.open(call, signal, ownSocket);
  }

  async #measured<R>(
    verb: Verb,
    type: ResourceType,
    work: () => Promise<{ code: number; value: R }>,
  ): Promise<R> {
    const { clock, onRequest } = this.#options;
    const began = clock.now();
    const report = (code: number) =>
      onRequest?.({ verb, resource: type.plural, code, seconds: Math.max(0, clock.now() - began) / 1000 });
    try {
      const { code, value } = await work();
      report(code);
      return value;
    } catch (error) {
      report(isApiError(error) ? error.status : 0);
      throw error;
    }
  }

  #writeQuery(): URLSearchParams {
    const search = new URLSearchParams();
    search.set('fieldManager', this.#options.fieldManager ?? 'dialops');
    if (this.#options.dryRun) search.set('dryRun', 'All');
    return search;
  }
}

async function errorFrom(what: string, answer: IncomingMessage): Promise<KubernetesError> {
  return apiErrorFrom(what, answer.statusCode ?? 0, await text(answer), answer.headers['retry-after']);
}

function selectors(query: ListQuery): URLSearchParams {
  const search = new URLSearchParams();
  if (query.labelSelector !== undefined) search.set('labelSelector', query.labelSelector);
  if (query.fieldSelector !== undefined) search.set('fieldSelector', query.fieldSelector);
  return search;
}

function withQuery(path: string, search: URLSearchParams): string {
  const query = search.toString();
  return query === '' ? path : `${path}?${query}`;
}

function jsonBody(object: JsonObject): Pick<ApiCall, 'contentType' | 'body'> {
  return { contentType: 'application/json', body: JSON.stringify(object) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
