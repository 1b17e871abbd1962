import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';
import { isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';
import { type Answer, FakeStore, type StoredEvent, statusObject, type Target } from './fake-store.ts';

export type FakeVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface SeenRequest {
  readonly verb: FakeVerb;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  readonly body: Json;
}

export interface Failure {
  readonly verb: FakeVerb;
  readonly times?: number;
  /** Only paths that contain this. */
  readonly path?: string;
  /** What happens instead of the answer: a status, a cut connection, silence, or lines of a watch. */
  readonly instead:
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Json }
    | 'reset'
    | 'silence'
    /** Does the work, then cuts the connection. */
    | 'lostAnswer'
    | { readonly lines: readonly Json[]; readonly stayOpen?: boolean };
}

interface Watcher {
  readonly target: Target;
  readonly response: ServerResponse;
}

/**
 * An API server on loopback for tests of the wire: lists in pages, watches with history and bookmarks, patches,
 * and failures in the order in which they were scripted. No validation, no authorisation: what needs a real
 * API server is tested on one.
 */
export class FakeApiServer {
  readonly store = new FakeStore();
  readonly requests: SeenRequest[] = [];
  /** A token that is refused with 401 when set and different. */
  requiredToken: string | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<Watcher>();
  readonly #failures: { failure: Failure; left: number }[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#handle(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.store.onEvent = (event) => this.#broadcast(event);
  }

  static async start(): Promise<FakeApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeApiServer(server);
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  /** Sockets open now, idle ones included. */
  get connections(): number {
    return this.#sockets.size;
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  kubeConfig(token?: string): KubeConfig {
    const config = new KubeConfig();
    config.loadFromOptions({
      // client-node refuses plain HTTP unless told that TLS is not to be checked.
      clusters: [{ name: 'fake', server: this.url, skipTLSVerify: true }],
      users: [{ name: 'test', ...(token === undefined ? {} : { token }) }],
      contexts: [{ name: 'fake', cluster: 'fake', user: 'test' }],
      currentContext: 'fake',
    });
    return config;
  }

  fail(failure: Failure): void {
    this.#failures.push({ failure, left: failure.times ?? 1 });
  }

  /** Ends failures that are left over. */
  heal(): void {
    this.#failures.length = 0;
  }

  count(verb: FakeVerb): number {
    return this.requests.filter((request) => request.verb === verb).length;
  }

  sendBookmark(): void {
    const metadata = { resourceVersion: this.store.version };
    this.sendToWatchers({ type: 'BOOKMARK', object: { kind: 'Bookmark', metadata } });
  }

  sendToWatchers(event: Json): void {
    for (const { response } of this.#watchers) response.write(`${JSON.stringify(event)}\n`);
  }

  /** Ends all watches as a server does whose time is up. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** Leaves watches open and never writes to them again, as a dead middlebox does. */
  silenceWatches(): void {
    this.#watchers.clear();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const target = FakeStore.target(url.pathname);
    const verb = verbOf(request.method ?? 'GET', target, url.searchParams);
    const raw = await text(request);
    const body: Json = raw === '' ? null : JSON.parse(raw);
    const { authorization, accept } = request.headers;
    this.requests.push({ verb, path: url.pathname, query: url.searchParams, authorization, accept, body });
    if (this.requiredToken !== undefined && authorization !== `Bearer ${this.requiredToken}`) {
      send(response, { status: 401, body: statusObject(401, 'Unauthorized', 'Unauthorized') });
      return;
    }
    const failure = this.#nextFailure(verb, url.pathname);
    if (failure === 'reset') {
      request.socket.destroy();
      return;
    }
    if (failure === 'silence') return;
    if (failure !== undefined && failure !== 'lostAnswer') {
      this.#sendFailure(response, failure);
      return;
    }
    if (verb === 'watch') {
      this.#watch(target, url.searchParams, response);
      return;
    }
    const contentType = request.headers['content-type'] ?? '';
    const answer = this.store.answer(verb, target, url.searchParams, contentType, body);
    if (failure === 'lostAnswer') request.socket.destroy();
    else send(response, answer);
  }

  #nextFailure(verb: FakeVerb, path: string): Failure['instead'] | undefined {
    const found = this.#failures.find(
      ({ failure, left }) => left > 0 && failure.verb === verb && path.includes(failure.path ?? ''),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.failure.instead;
  }

  #sendFailure(response: ServerResponse, failure: Exclude<Failure['instead'], string>): void {
    if ('lines' in failure) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(failure.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      if (!failure.stayOpen) response.end();
      return;
    }
    const body = failure.body ?? statusObject(failure.status, 'Scripted', 'a scripted failure');
    send(response, { status: failure.status, body, headers: failure.headers ?? {} });
  }

  #watch(target: Target, query: URLSearchParams, response: ServerResponse): void {
    const missed = this.store.since(target, query.get('resourceVersion') ?? '0');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (missed === 'gone') {
      const object = statusObject(410, 'Expired', 'too old resource version');
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    for (const event of missed) response.write(`${JSON.stringify({ ...event.wire })}\n`);
    const watcher = { target, response };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
  }

  #broadcast(event: StoredEvent): void {
    for (const { target, response } of this.#watchers) {
      if (this.store.matches(target, event)) response.write(`${JSON.stringify({ ...event.wire })}\n`);
    }
  }
}

function verbOf(method: string, target: Target, query: URLSearchParams): FakeVerb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      if (query.get('watch') === 'true') return 'watch';
      return target.name === undefined ? 'list' : 'get';
  }
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

/** A widget of the fictitious group example.com: what the tests of the plumbing store. */
export function widget(name: string, spec: JsonObject = {}, namespace = 'default'): JsonObject {
  return { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name, namespace }, spec };
}

export function metadataOf(object: Json | undefined): JsonObject {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) throw new Error('no metadata');
  return object.metadata;
}
