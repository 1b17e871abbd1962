import type { Clock } from '../foundation/clock.ts';
import type { HttpRequest, HttpResponse, Transport } from '../foundation/http.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';
import type { Priority, RequestBudget } from './budget.ts';
import { ApiError, classify, describe, parseProblem } from './errors.ts';
import { readRateHeaders } from './rate-headers.ts';
import { WriteRefused } from './read-only-transport.ts';
import { failureCode, surelyNotSent } from './send-outcome.ts';
import { HostNotAllowed, RedirectRefused, RequestTimeout } from './transport.ts';

export interface RequestOptions {
  readonly priority: Priority;
  readonly signal: AbortSignal;
}

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
}

export interface Answer {
  readonly status: number;
  /** Undefined when there was none, or it was no JSON. */
  readonly body: Json | undefined;
  readonly requestId: string;
  readonly responseId?: string;
}

/** One line of the request log: no bodies, names, numbers or keys. */
export interface RequestRecord {
  readonly method: string;
  readonly template: string;
  readonly id?: string;
  /** Left out when no answer came. */
  readonly status?: number;
  /** What went wrong without an answer: a system's code or an error's name. */
  readonly failure?: string;
  readonly requestId: string;
  readonly responseId?: string;
  readonly operationId?: string;
  readonly durationMs: number;
  /** From 1. */
  readonly attempt: number;
}

export interface RequesterOptions {
  /** Address of the API, such as `https://api.8x8.com/admin-provisioning`. */
  readonly endpoint: string;
  /** Asked before each request, so that a rotated key is used at once. */
  readonly apiKey: () => Promise<string>;
  readonly transport: Transport;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly log?: (record: RequestRecord) => void;
}

/** 8x8 guide: 1, 2, 4, 8, 16 s between tries, 5 tries at most. */
const delaysMs = [1_000, 2_000, 4_000, 8_000] as const;
const maxTries = 5;

/**
 * Sends single requests: within the budget, with the key, tried again where that is safe. A read is repeated
 * after 429, 408, 424, 500, 502, 503, 504 and network faults; a write only when it surely was not taken (429,
 * connection refused), otherwise it ends as ApiError `unclear`. Any other status of 400 and above is an ApiError.
 */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #base: string;

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#base = options.endpoint.replace(/\/+$/, '');
  }

  async send(call: Call, options: RequestOptions): Promise<Answer> {
    const { clock, random } = this.#options;
    let key = await this.#key();
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#once(call, key, attempt, options);
      if (!(outcome instanceof ApiError)) return outcome;
      if (outcome.kind === 'unauthorized' && !renewed) {
        // The key may have been rotated since; the same key again would only be refused again.
        renewed = true;
        const fresh = await this.#key();
        if (fresh !== key) {
          key = fresh;
          continue;
        }
      }
      if (attempt >= maxTries || !mayRepeat(call, outcome)) throw outcome;
      // After a 429 the budget itself holds requests back.
      if (outcome.kind === 'rateLimited') continue;
      await clock.sleep(Math.round((delaysMs[attempt - 1] ?? 16_000) * (1 + random() / 4)), options.signal);
    }
  }

  async #key(): Promise<string> {
    const key = (await this.#options.apiKey()).trim();
    // Checked here because fetch would put a bad header value, which is the key, into its error message.
    if (/^[\x21-\x7e]+$/.test(key)) return key;
    throw new ApiError({
      kind: 'unauthorized',
      message:
        key === ''
          ? 'The API key is empty: check the Secret or file it comes from'
          : 'The API key holds characters that no key has, such as spaces or line breaks: check where it comes from',
    });
  }

  async #once(call: Call, key: string, attempt: number, options: RequestOptions): Promise<Answer | ApiError> {
    const { budget, clock, log, transport } = this.#options;
    const permit = await budget.acquire(options.priority, options.signal);
    const startedAt = clock.now();
    const requestId = uuid(this.#options.random);
    const record = (part: Partial<RequestRecord>) =>
      log?.({
        method: call.method,
        template: call.template,
        ...(call.id === undefined ? {} : { id: call.id }),
        requestId,
        durationMs: clock.now() - startedAt,
        attempt,
        ...part,
      });
    let response: HttpResponse;
    try {
      response = await transport(this.#request(call, key, requestId), options.signal);
    } catch (error) {
      permit.end();
      if (options.signal.aborted) throw options.signal.reason;
      record({ failure: failureCode(error) ?? (error instanceof Error ? error.name : 'unknown') });
      return lost(call, error, requestId);
    }
    const feedback = readRateHeaders(response.headers, clock.now());
    permit.end({ status: response.status, ...feedback });
    const answer = read(response, requestId);
    record({
      status: answer.status,
      ...(answer.responseId === undefined ? {} : { responseId: answer.responseId }),
      ...operationId(answer),
    });
    if (answer.status < 400) return answer;
    return refused(call, answer, feedback.resetInMs);
  }

  #request(call: Call, key: string, requestId: string): HttpRequest {
    return {
      method: call.method,
      url: `${this.#base}${call.path}`,
      headers: {
        'x-api-key': key,
        'x-request-id': requestId,
        ...(call.accept === undefined ? {} : { accept: call.accept }),
        ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
    };
  }
}

function isWrite(call: Call): boolean {
  return call.method !== 'GET';
}

function mayRepeat(call: Call, error: ApiError): boolean {
  if (error.kind === 'rateLimited') return true;
  if (error.kind === 'unavailable' && isWrite(call)) return surelyNotSent(error.cause);
  if (error.kind === 'unclear') return call.repeatable === true;
  return error.kind === 'unavailable' || error.kind === 'timeout';
}

/** No answer came. Refusals of our own are thrown on: they say that nothing was sent. */
function lost(call: Call, error: unknown, requestId: string): ApiError {
  if (error instanceof HostNotAllowed || error instanceof WriteRefused) throw error;
  if (error instanceof RedirectRefused) throw error;
  const name = `${call.method} ${call.template}`;
  const code = failureCode(error);
  const why = code ?? (error instanceof Error ? error.name : 'unknown');
  if (surelyNotSent(error)) {
    return new ApiError({
      kind: 'unavailable',
      message: `${name} could not be sent (${why})`,
      requestId,
      cause: error,
    });
  }
  const timedOut = error instanceof RequestTimeout;
  const said = timedOut ? 'got no answer in time' : `got no answer (${why})`;
  if (isWrite(call)) {
    return new ApiError({
      kind: 'unclear',
      message: `${name} ${said}: whether it was carried out is not known`,
      requestId,
      cause: error,
    });
  }
  return new ApiError({
    kind: timedOut ? 'timeout' : 'unavailable',
    message: `${name} ${said}`,
    requestId,
    cause: error,
  });
}

function refused(call: Call, answer: Answer, resetInMs: number | undefined): ApiError {
  const problem = parseProblem(answer.body);
  const responseId = answer.responseId ?? problem.responseId;
  return new ApiError({
    kind: classify(answer.status, isWrite(call)),
    message: describe(call.method, call.template, answer.status, problem),
    status: answer.status,
    ...(problem.code === undefined ? {} : { code: problem.code }),
    fields: problem.fields,
    requestId: answer.requestId,
    ...(responseId === undefined ? {} : { responseId }),
    ...(resetInMs === undefined || answer.status !== 429 ? {} : { retryAfterMs: resetInMs }),
  });
}

/** Any JSON type is read: which one an answer has is one of the things that the documents disagree on. */
function read(response: HttpResponse, requestId: string): Answer {
  const body = parse(response.body);
  const responseId =
    response.headers['x-response-id'] ??
    (isJsonObject(body) && typeof body.responseId === 'string' ? body.responseId : undefined);
  return { status: response.status, body, requestId, ...(responseId === undefined ? {} : { responseId }) };
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

function operationId(answer: Answer): { readonly operationId?: string } {
  if (answer.status !== 202 || !isJsonObject(answer.body)) return {};
  const id = answer.body.operationId;
  return typeof id === 'string' ? { operationId: id } : {};
}

/** A version 4 UUID from the randomness passed in. */
function uuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) % 4);
  const text = digits.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
