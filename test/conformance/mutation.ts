import type { HttpRequest, HttpResponse } from '../../src/foundation/http.ts';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';
import { type Exchange, jsonBody } from './exchange.ts';

/** Names of members; a number picks a list element. */
export type MemberPath = readonly (string | number)[];

/** Undefined when an exchange does not lend itself to the change. */
export type Mutation = (exchange: Exchange) => Exchange | undefined;

/** Replaces the member at a path of names; a number picks a list element. Undefined when the way there is missing. */
function replaced(value: Json | undefined, path: MemberPath, to: Json | undefined): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return to;
  if (isJsonArray(value) && typeof head === 'number') {
    const inner = head in value ? replaced(value[head], rest, to) : undefined;
    return inner === undefined ? undefined : value.with(head, inner);
  }
  if (!isJsonObject(value) || typeof head !== 'string') return undefined;
  const copy: { [name: string]: Json } = { ...value };
  const inner = replaced(value[head], rest, to);
  if (rest.length > 0 && inner === undefined) return undefined;
  if (inner === undefined) delete copy[head];
  else copy[head] = inner;
  return copy;
}

export function inRequestBody(path: MemberPath, to: Json | undefined) {
  return (exchange: Exchange): Exchange | undefined => {
    const body = replaced(jsonBody(exchange.request.body), path, to);
    return body === undefined ? undefined : withRequest(exchange, { body: JSON.stringify(body) });
  };
}

export function inResponseBody(path: MemberPath, to: Json | undefined) {
  return (exchange: Exchange): Exchange | undefined => {
    const body = replaced(jsonBody(exchange.response?.body), path, to);
    return body === undefined ? undefined : withResponse(exchange, { body: JSON.stringify(body) });
  };
}

export function withRequest(exchange: Exchange, change: Partial<HttpRequest>): Exchange {
  return { ...exchange, request: { ...exchange.request, ...change } };
}

export function withResponse(exchange: Exchange, change: Partial<HttpResponse>): Exchange | undefined {
  return exchange.response && { ...exchange, response: { ...exchange.response, ...change } };
}

export function withQuery(name: string, value: string) {
  return (exchange: Exchange): Exchange => {
    const url = new URL(exchange.request.url);
    url.searchParams.set(name, value);
    return withRequest(exchange, { url: url.href });
  };
}

export function withResponseHeader(name: string, value: string) {
  return (exchange: Exchange) =>
    withResponse(exchange, { headers: { ...exchange.response?.headers, [name]: value } });
}
