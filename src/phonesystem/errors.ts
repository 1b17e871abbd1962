import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';

/**
 * What an error means for the caller:
 * - `unauthorized`: the key is missing, wrong or revoked (401);
 * - `forbidden`: the key lacks a scope, or the object is another customer's (403);
 * - `notFound`, `conflict`: 404 and 410 (unless a proxy's own page says so), 409;
 * - `invalid`: the request was refused for what it says (other 4xx);
 * - `unsupported`: the endpoint does not offer this (405, 501, or an extension of the API it does not list);
 * - `rateLimited`: 429, also after waiting;
 * - `unavailable`: a passing fault of the phone system or the network;
 * - `timeout`: no answer in time, to a read;
 * - `unclear`: a write whose end is not known: look the object up before sending it again.
 */
export type ErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'invalid'
  | 'unsupported'
  | 'rateLimited'
  | 'unavailable'
  | 'timeout'
  | 'unclear';

/** One entry of `errors[]`; all may be missing (8x8 guide: error handling). */
export interface FieldError {
  /** Path in the body, such as `basicInfo.userName`, or the name of a query parameter. */
  readonly field?: string;
  readonly code?: string;
  /** The phone system's words, with email addresses and numbers masked. */
  readonly message?: string;
}

/** What an error body says: of an answer, or of an operation that FAILED. */
export interface Problem {
  /** The first error code, such as `VALIDATION_ERROR`. */
  readonly code?: string;
  /** One line for people, with email addresses and numbers masked. */
  readonly message?: string;
  readonly fields: readonly FieldError[];
  /** HTTP status that the body names. */
  readonly status?: number;
  /** Tracking ids in the body, where an endpoint puts them there (8x8 guide: both ways are documented). */
  readonly requestId?: string;
  readonly responseId?: string;
}

interface ApiErrorInit {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly status?: number;
  readonly code?: string;
  readonly fields?: readonly FieldError[];
  readonly requestId?: string;
  readonly responseId?: string;
  readonly retryAfterMs?: number;
  readonly lackedScope?: string;
  readonly cause?: unknown;
}

/** A request that did not succeed. Its message holds no personal data and no key. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ErrorKind;
  /** HTTP status; left out when no answer arrived or nothing was sent. */
  readonly status?: number;
  readonly code?: string;
  readonly fields: readonly FieldError[];
  readonly requestId?: string;
  readonly responseId?: string;
  /** How long the phone system asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Of `forbidden`: the scope that the key lacks, where the answer is about that. */
  readonly lackedScope?: string;

  constructor(init: ApiErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.kind = init.kind;
    this.fields = init.fields ?? [];
    if (init.status !== undefined) this.status = init.status;
    if (init.code !== undefined) this.code = init.code;
    if (init.requestId !== undefined) this.requestId = init.requestId;
    if (init.responseId !== undefined) this.responseId = init.responseId;
    if (init.retryAfterMs !== undefined) this.retryAfterMs = init.retryAfterMs;
    if (init.lackedScope !== undefined) this.lackedScope = init.lackedScope;
  }
}

/**
 * What a status code means. The status decides, never the code: the documents name two codes for 429 and
 * three statuses for a failure further down (8x8 guide: error handling).
 */
export function classify(status: number, isWrite: boolean): ErrorKind {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'notFound';
    case 405:
    case 501:
      return 'unsupported';
    case 409:
      return 'conflict';
    case 429:
      return 'rateLimited';
    case 408:
    case 504:
      return isWrite ? 'unclear' : 'timeout';
    case 424:
      return isWrite ? 'unclear' : 'unavailable';
  }
  if (status >= 400 && status < 500) return 'invalid';
  // After a fault behind the front door, nobody knows whether a write got through.
  return isWrite ? 'unclear' : 'unavailable';
}

/** Reads an error body; never throws, whatever it is given. */
export function parseProblem(body: unknown): Problem {
  if (!isJsonObject(body)) return { fields: [] };
  const fields = isJsonArray(body.errors) ? body.errors.flatMap(parseFieldError) : [];
  const code = fields.find((field) => field.code !== undefined)?.code ?? text(body.code);
  const said =
    fields.find((field) => field.message !== undefined)?.message ?? text(body.detail) ?? text(body.message);
  const title = text(body.title) ?? text(body.error);
  const message = said ?? title;
  return {
    fields,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message: maskPersonalData(message) }),
    ...(typeof body.status === 'number' ? { status: body.status } : {}),
    ...named('requestId', text(body.requestId)),
    ...named('responseId', text(body.responseId)),
  };
}

function parseFieldError(item: Json): readonly FieldError[] {
  if (!isJsonObject(item)) return [];
  const message = text(item.message);
  return [
    {
      ...named('field', text(item.field)),
      ...named('code', text(item.code)),
      ...named('message', message === undefined ? undefined : maskPersonalData(message)),
    },
  ];
}

function text(value: JsonObject[string] | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function named<N extends string>(name: N, value: string | undefined): Partial<Record<N, string>> {
  const part: Partial<Record<N, string>> = {};
  if (value !== undefined) part[name] = value;
  return part;
}

/** More than a person reads: a body may be of any length, and the patterns take the square of it. */
const maxLength = 2_048;

/** Masks email addresses and anything that may be a phone number in the phone system's words. */
export function maskPersonalData(message: string): string {
  const short = message.length <= maxLength ? message : `${message.slice(0, maxLength)}…`;
  return short.replace(/[^\s@'"<>(),;:]+@[^\s@'"<>(),;:]+/g, '‹email›').replace(phoneNumber, '‹number›');
}

/**
 * Digits in one piece; with a `+` also in groups; North American numbers in groups without one. A date
 * (`2026-10-15`) is none of these, and tells what to correct.
 */
const phoneNumber =
  /\+\d(?:[ ().-]{0,2}\d){6,14}|\+?\d{7,}|(?<![\d-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])/g;

/** How an error of a request is introduced: which call, which status. */
export function describe(method: string, template: string, status: number, problem: Problem): string {
  const named = problem.fields.flatMap((field) => (field.field === undefined ? [] : [field.field]));
  const where = named.length === 0 ? '' : ` (${[...new Set(named)].slice(0, 5).join(', ')})`;
  const said = problem.message ?? 'without an explanation';
  return `${method} ${template} was answered ${status}: ${said}${where}`;
}
