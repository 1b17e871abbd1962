import type { HttpRequest, HttpResponse } from '../foundation/http.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';

/** One request of the API, before headers and address. */
export interface Call {
  readonly method: HttpRequest['method'];
  /** Below the endpoint, encoded, with its query: `/users?pageSize=100`. */
  readonly path: string;
  /** The path for people and logs, without any value: `/users/{id}`. */
  readonly template: string;
  /** For the log: the object's id, masked where it is personal. */
  readonly id?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  /** A write that may be sent again without looking: twice has the effect of once. */
  readonly repeatable?: boolean;
  /** The scope whose lack a 403 means, unless the answer says otherwise. */
  readonly scope?: string;
}

export interface Answer {
  readonly status: number;
  /** Undefined when there was none, or it was no JSON. */
  readonly body: Json | undefined;
  /** There was a body, and it was no JSON: whoever answered, it was hardly the phone system. */
  readonly foreign?: true;
  /** Characters of the body. */
  readonly size: number;
  readonly requestId: string;
  readonly responseId?: string;
}

export function isWrite(call: Call): boolean {
  return call.method !== 'GET';
}

/** Any JSON type is read: which one an answer has is one of the things that the documents disagree on. */
export function readAnswer(response: HttpResponse, requestId: string): Answer {
  const body = parse(response.body);
  const responseId =
    response.headers['x-response-id'] ??
    (isJsonObject(body) && typeof body.responseId === 'string' ? body.responseId : undefined);
  return {
    status: response.status,
    body,
    size: response.body.length,
    ...(body === undefined && response.body.trim() !== '' ? { foreign: true } : {}),
    requestId,
    ...(responseId === undefined ? {} : { responseId }),
  };
}

function parse(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What JSON.parse returns is JSON all the way down: the outermost type is enough. */
function isJson(value: unknown): value is Json {
  return (
    value === null ||
    ['string', 'number', 'boolean'].includes(typeof value) ||
    isJsonObject(value) ||
    isJsonArray(value)
  );
}

/** A version 4 UUID from the randomness passed in. */
export function uuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) % 4);
  const text = digits.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
