import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { sameSecret } from '../api-keys.ts';
import type { ControlRoute } from '../core.ts';
import { ApiProblem, badRequest, notFound } from '../problem.ts';

export const controlPrefix = '/_control';

/** Dispatches `/_control/…`; without a token there is nothing there. */
export class ControlRouter {
  readonly #routes: ControlRoute[] = [];
  readonly #token: string | undefined;

  constructor(token: string | undefined) {
    this.#token = token;
  }

  add(route: ControlRoute): void {
    this.#routes.push(route);
  }

  all(): readonly ControlRoute[] {
    return this.#routes;
  }

  /** Throws ApiProblem: 404 when control is off or the route unknown, 401 on a wrong token. */
  handle(method: string, path: string, authorization: string | undefined, body: Json | undefined): Json {
    if (this.#token === undefined)
      throw notFound('The control API is off: start the sandbox with a control token');
    if (!sameSecret(authorization ?? '', `Bearer ${this.#token}`))
      throw new ApiProblem(401, 'Unauthorized', []);
    const segments = path.slice(controlPrefix.length).split('/');
    for (const route of this.#routes) {
      const params = route.method === method ? match(route.path.split('/'), segments) : undefined;
      if (params) return route.handle(params, requireObject(body));
    }
    throw notFound(`No control route ${method} ${path}`);
  }
}

function requireObject(body: Json | undefined): JsonObject {
  if (body === undefined) return {};
  if (!isJsonObject(body)) throw badRequest('The request body must be a JSON object');
  return body;
}

function match(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) params[segment.slice(1, -1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return params;
}
