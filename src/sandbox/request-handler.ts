import type { HttpRequest, HttpResponse } from '../foundation/http.ts';
import type { Json } from '../foundation/json.ts';
import type { ApiKey, ApiKeys } from './api-keys.ts';
import { type AuditApi, auditPath, auditProblem } from './audit-api.ts';
import { type ControlRouter, controlPrefix } from './control/control-router.ts';
import type { SandboxCore } from './core.ts';
import type { Fault, Faults } from './faults.ts';
import type { IdSource } from './ids.ts';
import { bareType, negotiate, requireContentType } from './media-type.ts';
import { ApiProblem, badRequest, forbidden, notFound, tooManyRequests } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Exchange, Match, Reply, Scope } from './router.ts';

/** An injected fault closed the connection, so there is no answer. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
}

interface Parts {
  readonly core: SandboxCore;
  readonly control: ControlRouter;
  readonly faults: Faults;
  readonly keys: ApiKeys;
  readonly limiter: RateLimiter;
  readonly auditApi: AuditApi;
  readonly responseIds: IdSource;
}

interface Outcome {
  readonly status: number;
  readonly contentType: string;
  readonly body: Json | undefined;
}

/** The way of a request through the sandbox: faults, key, limits, route, media types, handler. */
export class RequestHandler {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const { core, faults } = this.#parts;
    const url = new URL(request.url);
    core.operations.settle();
    if (url.pathname.startsWith(`${controlPrefix}/`)) return this.#control(request, url);
    const path = url.pathname.startsWith(`${core.basePath}/`)
      ? url.pathname.slice(core.basePath.length)
      : url.pathname;
    const fault = faults.strike(request.method, path);
    if (fault?.delayMs) {
      await core.clock.sleep(fault.delayMs);
      core.operations.settle();
    }
    if (fault?.drop === 'before') throw new ConnectionDropped('Connection closed before the work was done');
    const response = this.#answer(request, url, path, fault);
    if (fault?.drop === 'after') throw new ConnectionDropped('Connection closed after the work was done');
    return response;
  }

  #control(request: HttpRequest, url: URL): HttpResponse {
    try {
      const body = parseJson(request.body);
      const { core, control } = this.#parts;
      const answer = core.store.transaction(() =>
        control.handle(request.method, url.pathname, request.headers.authorization, body),
      );
      return json({ status: 200, contentType: 'application/json', body: answer }, {});
    } catch (error) {
      return json(this.#problem(error, url.pathname, 'application/json'), {});
    }
  }

  #answer(request: HttpRequest, url: URL, path: string, fault: Fault | undefined): HttpResponse {
    const { core, keys, limiter, responseIds } = this.#parts;
    const key = keys.find(request.headers['x-api-key']);
    const allowance = key && limiter.take(key.key);
    const limitHeaders = allowance?.headers ?? this.#fullAllowance();
    const outcome = this.#outcome(request, url, path, key, allowance?.allowed ?? false, fault);
    core.statistics.response(outcome.status);
    const requestId = request.headers['x-request-id'];
    return json(outcome, {
      ...limitHeaders,
      'x-response-id': responseIds.uuid(),
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    });
  }

  /** What a caller without a valid key is told: limits are counted per key. */
  #fullAllowance(): Record<string, string> {
    const { clock, settings } = this.#parts.core;
    const limit = String(settings.limits.requestsPerMinute);
    const reset = String(Math.ceil(clock.now() / 1000) + 60);
    return { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': limit, 'x-ratelimit-reset': reset };
  }

  #outcome(
    request: HttpRequest,
    url: URL,
    path: string,
    key: ApiKey | undefined,
    allowed: boolean,
    fault: Fault | undefined,
  ): Outcome {
    const { core } = this.#parts;
    const isAudit = url.pathname === auditPath;
    const route = isAudit ? undefined : this.#route(request.method, url, path);
    core.statistics.request(
      `${request.method} ${isAudit ? auditPath : (matched(route)?.route.path ?? path)}`,
    );
    // An error before the media type is agreed comes in the route's first type.
    const types = matched(route)?.route.mediaTypes;
    let contentType: string = types?.response[0] ?? 'application/json';
    try {
      if (!key) throw new ApiProblem(401, 'Unauthorized', []);
      if (!allowed) throw tooManyRequests('Rate limit exceeded, please try again later');
      if (fault?.respond) throw fault.respond;
      if (isAudit) return this.#audit(request, url, key);
      if (route === undefined) throw notFound(`No resource at ${url.pathname}`);
      if (route === 'method') {
        throw new ApiProblem(405, 'Method Not Allowed', [
          { code: 'BAD_REQUEST', message: `${request.method} is not supported here` },
        ]);
      }
      requireScopes(key, route.route.scopes);
      contentType = negotiate(request.headers.accept, route.route.mediaTypes);
      const reply = core.store.transaction(() => this.#run(request, url, path, key, route, fault));
      return { status: reply.status, contentType, body: reply.body };
    } catch (error) {
      const problem = this.#problem(error, url.pathname, types?.error ?? contentType);
      return isAudit && error instanceof ApiProblem
        ? { ...problem, body: auditProblem(error, this.#time()) }
        : problem;
    }
  }

  #route(method: string, url: URL, path: string): Match | 'method' | undefined {
    const { core } = this.#parts;
    return url.pathname.startsWith(`${core.basePath}/`) ? core.router.find(method, path) : undefined;
  }

  #run(
    request: HttpRequest,
    url: URL,
    path: string,
    key: ApiKey,
    match: Match,
    fault: Fault | undefined,
  ): Reply {
    const { route, params } = match;
    const contentType = bareType(request.headers['content-type']);
    const hasBody = request.body !== undefined && request.body.length > 0;
    const readsBody = route.method === 'POST' || route.method === 'PUT';
    if (readsBody && hasBody) requireContentType(contentType, route.mediaTypes);
    const exchange: Exchange = {
      method: route.method,
      path,
      origin: url.origin,
      params,
      query: url.searchParams,
      body: readsBody && route.mediaTypes.json !== false ? parseJson(request.body) : undefined,
      bytes:
        typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? new Uint8Array()),
      contentType,
      actor: { name: key.name, via: 'api' },
      failOperation: fault?.failOperation ?? null,
    };
    return route.handle(exchange);
  }

  #audit(request: HttpRequest, url: URL, key: ApiKey): Outcome {
    requireScopes(key, ['Audit Records']);
    if (request.method !== 'GET') throw new ApiProblem(405, 'Method Not Allowed', []);
    negotiate(request.headers.accept, { response: ['application/json'] });
    return {
      status: 200,
      contentType: 'application/json',
      body: this.#parts.auditApi.list(url.searchParams),
    };
  }

  #problem(error: unknown, instance: string, contentType: string): Outcome {
    const problem =
      error instanceof ApiProblem
        ? error
        : new ApiProblem(500, 'Internal Server Error', [
            { code: 'UNKNOWN', message: error instanceof Error ? error.message : String(error) },
          ]);
    return { status: problem.status, contentType, body: problem.body(instance, this.#time()) };
  }

  #time(): string {
    return new Date(this.#parts.core.clock.now()).toISOString();
  }
}

function matched(route: Match | 'method' | undefined): Match | undefined {
  return route === 'method' ? undefined : route;
}

function requireScopes(key: ApiKey, needed: readonly Scope[]): void {
  const missing = needed.find((scope) => key.scopes && !key.scopes.includes(scope));
  if (missing !== undefined) throw forbidden(`The API key lacks the scope ${missing}`);
}

function parseJson(body: string | Uint8Array | undefined): Json | undefined {
  if (body === undefined || body.length === 0) return undefined;
  try {
    const value: Json = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
    return value;
  } catch {
    throw badRequest('The request body is not valid JSON');
  }
}

function json(outcome: Outcome, headers: Readonly<Record<string, string>>): HttpResponse {
  if (outcome.body === undefined) return { status: outcome.status, headers, body: '' };
  return {
    status: outcome.status,
    headers: { ...headers, 'content-type': outcome.contentType },
    body: JSON.stringify(outcome.body),
  };
}
