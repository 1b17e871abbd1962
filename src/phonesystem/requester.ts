import type { Clock } from '../foundation/clock.ts';
import type { HttpRequest, HttpResponse, Transport } from '../foundation/http.ts';
import { isJsonObject } from '../foundation/json.ts';
import type { Permit, Priority, RequestBudget } from './budget.ts';
import { type Answer, type Call, isWrite, readAnswer, uuid } from './call.ts';
import { ApiError } from './errors.ts';
import { readRateHeaders } from './rate-headers.ts';
import { lost, mayRepeat, refused } from './request-failure.ts';
import { failureCode, NotSent } from './send-outcome.ts';

export interface RequestOptions {
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** A 429 is thrown at once (`rateLimited`): the caller knows better when to send again. */
  readonly refusalIsFinal?: true;
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
 * Rejects with the signal's reason, or with NotSent for a write that was aborted while it waited for the budget.
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
      if (outcome.kind === 'rateLimited' && options.refusalIsFinal) throw outcome;
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
    const { clock, log, transport } = this.#options;
    const permit = await this.#permit(call, attempt, options);
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
    const answer = readAnswer(response, requestId);
    record({
      status: answer.status,
      ...(answer.responseId === undefined ? {} : { responseId: answer.responseId }),
      ...operationId(answer),
    });
    if (answer.status < 400) return answer;
    return refused(call, answer, feedback.resetInMs);
  }

  async #permit(call: Call, attempt: number, { priority, signal }: RequestOptions): Promise<Permit> {
    try {
      const permit = await this.#options.budget.acquire(priority, signal);
      if (!signal.aborted) return permit;
      permit.end();
      throw signal.reason;
    } catch (error) {
      // What may be repeated without looking may have arrived at an earlier attempt.
      const hasLeft = attempt > 1 && call.repeatable === true;
      throw signal.aborted && isWrite(call) && !hasLeft ? new NotSent(signal.reason) : error;
    }
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

function operationId(answer: Answer): { readonly operationId?: string } {
  if (answer.status !== 202 || !isJsonObject(answer.body)) return {};
  const id = answer.body.operationId;
  return typeof id === 'string' ? { operationId: id } : {};
}
