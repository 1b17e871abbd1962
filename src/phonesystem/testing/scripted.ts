import type { Clock } from '../../foundation/clock.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../foundation/http.ts';
import type { Json } from '../../foundation/json.ts';
import { SimulatedClock } from '../../foundation/simulated-clock.ts';
import { RequestBudget } from '../budget.ts';
import { PhoneSystemClient, type RequestOptions } from '../client.ts';
import type { RequesterOptions, RequestRecord } from '../requester.ts';

export const endpoint = 'https://api.8x8.com/admin-provisioning';
export const sandboxEndpoint = 'https://phones.example.com/admin-provisioning';

export const options: RequestOptions = { priority: 'sync', signal: new AbortController().signal };

/** What a scripted phone system does with one request: an answer, or an error of the connection. */
export type Script = (request: HttpRequest, index: number) => HttpResponse | Error;

export interface Scripted {
  readonly client: PhoneSystemClient;
  readonly clock: SimulatedClock;
  readonly requests: HttpRequest[];
  readonly log: RequestRecord[];
  readonly requester: RequesterOptions;
  /** Path and query below the endpoint, in order. */
  readonly asked: () => string[];
}

/** A client over an in-process transport and a simulated clock. */
export function scripted(script: Script, overrides: Partial<RequesterOptions> = {}): Scripted {
  const clock = new SimulatedClock();
  const requests: HttpRequest[] = [];
  const log: RequestRecord[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const outcome = script(request, requests.length - 1);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const requester: RequesterOptions = {
    endpoint,
    apiKey: async () => 'key-one',
    transport,
    budget: wideBudget(clock),
    clock,
    random: () => 0.5,
    log: (record) => log.push(record),
    ...overrides,
  };
  const asked = () => requests.map(({ url }) => url.slice(requester.endpoint.length));
  return { client: new PhoneSystemClient(requester), clock, requests, log, requester, asked };
}

/** A budget that never holds anything back. */
export function wideBudget(clock: Clock): RequestBudget {
  return new RequestBudget({
    clock,
    limits: { perMinute: 10_000, burst: { requests: 10_000, perMs: 10_000 } },
  });
}

export function answer(status: number, body?: Json, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: body === undefined ? '' : JSON.stringify(body) };
}

/** The published ErrorResponse with one entry. */
export function problem(status: number, code?: string, field?: string, message = 'Refused'): HttpResponse {
  return answer(status, {
    status,
    title: 'Refused',
    errors: [{ ...(code === undefined ? {} : { code }), ...(field === undefined ? {} : { field }), message }],
  });
}

/** An error of the connection, as fetch throws it. */
export function connectionError(code: string): Error {
  const cause = Object.assign(new Error(code), { code });
  return new TypeError('fetch failed', { cause });
}

export function page(data: readonly Json[], nextScrollId?: string): HttpResponse {
  return answer(200, {
    data,
    pagination: {
      pageSize: 100,
      pageNumber: 0,
      hasMore: nextScrollId !== undefined,
      nextScrollId: nextScrollId ?? null,
    },
  });
}

export function user(id: string, lastUpdatedTime = '2026-01-05T08:00:00Z'): Json {
  return { basicInfo: { userId: id, userName: `${id}@example.com`, lastUpdatedTime } };
}
