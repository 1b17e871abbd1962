import type { HttpRequest, HttpResponse } from '../../src/foundation/http.ts';
import type { Json } from '../../src/foundation/json.ts';

/** One request with its answer, as the client sent and received them. */
export interface Exchange {
  readonly request: HttpRequest;
  /** Missing when the connection ended before a complete answer arrived. */
  readonly response?: HttpResponse;
  /**
   * The body of the last successful GET of the same path that was complete when this request was sent. What
   * stands in it may be sent back unchanged, read-only and undeclared members included.
   */
  readonly previous?: Json;
  /** True when the sandbox was told to answer so; false when the request itself brought the answer about. */
  readonly injected: boolean;
}

/** The path of a request below the base URL, without its query; undefined when it lies elsewhere. */
export function pathBelow(baseUrl: string, url: string): string | undefined {
  const base = new URL(baseUrl);
  const target = new URL(url);
  const prefix = base.pathname.replace(/\/+$/, '');
  if (target.origin !== base.origin || !target.pathname.startsWith(`${prefix}/`)) return undefined;
  return target.pathname.slice(prefix.length);
}

/** The body as JSON; `undefined` when it is empty, absent, or no JSON at all. */
export function jsonBody(body: string | Uint8Array | undefined): Json | undefined {
  if (body === undefined || body.length === 0) return undefined;
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
