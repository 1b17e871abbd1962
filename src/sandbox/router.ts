import type { Json, JsonObject } from '../foundation/json.ts';
import type { MediaTypes } from './media-type.ts';

/** A product of 8x8's key management that a key must hold (8x8 guide: authentication). */
export type Scope =
  | 'UC & CC Admin Operations'
  | 'UC & CC User Admin'
  | 'UC & CC Number Admin'
  | 'UC Ring Group Admin'
  | 'UC Site Admin'
  | 'Audit Records';

/** Who writes: an API key by its name, or a person in the web console by user name. */
export interface Actor {
  readonly name: string;
  readonly via: 'api' | 'console';
}

/** A request as a handler sees it: authenticated, within the limits, its media types agreed. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the base path, such as `/users/abc`. */
  readonly path: string;
  /** Scheme, host and port that the client called, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Values of the path's `{names}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed when the route takes JSON; `undefined` without a body. */
  readonly body: Json | undefined;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** Media type of the body, without parameters; empty without one. */
  readonly contentType: string;
  readonly actor: Actor;
  /** What an injected fault makes of the operation that this request starts. */
  readonly failOperation: JsonObject | null;
}

export interface Reply {
  readonly status: number;
  /** Left out: an answer without a body. */
  readonly body?: Json;
}

export interface Route {
  readonly method: Exchange['method'];
  /** Below the base path, with `{name}` for a segment that varies: `/users/{userId}`. */
  readonly path: string;
  readonly mediaTypes: MediaTypes;
  /** Scopes that a key needs, all of them. */
  readonly scopes: readonly Scope[];
  /** Runs synchronously: one request sees one state. Throws ApiProblem for any answer but success. */
  handle(exchange: Exchange): Reply;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request. Literal segments win over `{names}`. */
export class Router {
  readonly #byLength = new Map<number, Compiled[]>();

  add(route: Route): void {
    const segments = route.path.split('/');
    const routes = this.#byLength.get(segments.length) ?? [];
    routes.push({ route, segments });
    routes.sort((a, b) => variables(a) - variables(b));
    this.#byLength.set(segments.length, routes);
  }

  *all(): Generator<Route> {
    for (const compiled of this.#byLength.values()) for (const { route } of compiled) yield route;
  }

  /** The matching route; `'method'` when only the method is wrong; `undefined` when the path is unknown. */
  find(method: string, path: string): Match | 'method' | undefined {
    const given = path.split('/');
    let pathKnown = false;
    for (const { route, segments } of this.#byLength.get(given.length) ?? []) {
      const params = matchSegments(segments, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      pathKnown = true;
    }
    return pathKnown ? 'method' : undefined;
  }
}

function variables(compiled: Compiled): number {
  return compiled.segments.filter((segment) => segment.startsWith('{')).length;
}

function matchSegments(
  pattern: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      params[segment.slice(1, -1)] = decodeSegment(value);
    } else if (segment !== value) {
      return undefined;
    }
  }
  return params;
}

function decodeSegment(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
