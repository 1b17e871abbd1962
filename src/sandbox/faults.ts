import type { JsonObject } from '../foundation/json.ts';
import { BodyReader } from './body-reader.ts';
import { ApiProblem, type ErrorCode, invalid } from './problem.ts';

/** What an armed fault does to a request; see the control API's `POST /faults`. */
export interface Fault {
  readonly id: string;
  readonly method: string | undefined;
  readonly path: RegExp | undefined;
  remaining: number;
  readonly respond: ApiProblem | undefined;
  readonly drop: 'before' | 'after' | undefined;
  readonly delayMs: number | undefined;
  readonly failOperation: JsonObject | undefined;
}

const codes: readonly ErrorCode[] = [
  'UNKNOWN',
  'VALIDATION_ERROR',
  'FORBIDDEN',
  'CONFLICTING_QUERY_PARAMETER',
  'SERVICE_UNAVAILABLE',
  'NOT_FOUND',
  'BAD_REQUEST',
  'REQUEST_TIMEOUT',
  'TOO_MANY_REQUESTS',
  'CONFLICT',
];

/** Faults that the control API has armed; each strikes a number of times. */
export class Faults {
  #armed: Fault[] = [];
  #count = 0;

  /** Throws 400 on the field that is wrong. */
  arm(body: JsonObject): string {
    const reader = new BodyReader(body);
    const match = reader.object('match') ?? new BodyReader({});
    const path = match.text('path');
    const respond = reader.object('respond');
    const status = respond?.integer('status', { required: true, min: 400, max: 599 });
    const code = respond?.text('code', { oneOf: codes });
    const field = respond?.text('field');
    const drop = reader.text('drop', { oneOf: ['before', 'after'] });
    const failOperation = reader.object('failOperation');
    failOperation?.text('code', { required: true, oneOf: codes });
    const fault: Fault = {
      id: `fault-${this.#count + 1}`,
      method: match.text('method', { oneOf: ['GET', 'POST', 'PUT', 'DELETE'] }),
      path: path === undefined ? undefined : regularExpression(path),
      remaining: reader.integer('times', { min: 1 }) ?? 1,
      respond: status === undefined ? undefined : problemOf(status, code, field),
      drop: drop === 'before' || drop === 'after' ? drop : undefined,
      delayMs: reader.integer('delayMs', { min: 0 }),
      failOperation: failOperation?.body,
    };
    reader.finish();
    this.#count += 1;
    this.#armed.push(fault);
    return fault.id;
  }

  clear(): void {
    this.#armed = [];
  }

  /** The first armed fault that matches, spent by one. `path` is below the base path, or whole for the audit API. */
  strike(method: string, path: string): Fault | undefined {
    const fault = this.#armed.find(
      (one) =>
        (one.method === undefined || one.method === method) &&
        (one.path === undefined || one.path.test(path)),
    );
    if (!fault) return undefined;
    fault.remaining -= 1;
    if (fault.remaining === 0) this.#armed = this.#armed.filter((one) => one !== fault);
    return fault;
  }
}

function regularExpression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalid('match.path', 'must be a regular expression');
  }
}

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

function problemOf(status: number, code: string | undefined, field: string | undefined): ApiProblem {
  if (status === 401) return new ApiProblem(401, 'Unauthorized', []);
  const known = codes.find((one) => one === code) ?? codeOfStatus[status] ?? 'UNKNOWN';
  return new ApiProblem(status, 'Injected fault', [
    { code: known, ...(field === undefined ? {} : { field }), message: 'Injected by the control API' },
  ]);
}

/** The error code of an injected operation failure. */
export function operationFault(fault: JsonObject): ApiProblem {
  const code = codes.find((one) => one === fault.code) ?? 'UNKNOWN';
  const { field, message } = fault;
  return new ApiProblem(400, 'Operation failed', [
    {
      code,
      ...(typeof field === 'string' ? { field } : {}),
      message: typeof message === 'string' ? message : 'Injected by the control API',
    },
  ]);
}
