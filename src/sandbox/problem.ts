import type { Json, JsonObject } from '../foundation/json.ts';

/** The closed list of error codes in the published schemas (8x8 guide: error handling). */
export type ErrorCode =
  | 'UNKNOWN'
  | 'VALIDATION_ERROR'
  | 'FORBIDDEN'
  | 'CONFLICTING_QUERY_PARAMETER'
  | 'SERVICE_UNAVAILABLE'
  | 'NOT_FOUND'
  | 'BAD_REQUEST'
  | 'REQUEST_TIMEOUT'
  | 'TOO_MANY_REQUESTS'
  | 'CONFLICT';

export interface FieldError {
  /** Path in the body (`basicInfo.userName`, `remove[0].extensionId`) or a query parameter's name. */
  readonly field?: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** An answer other than success. Thrown by a handler it is the response; by a command, the operation's error. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, title: string, errors: readonly FieldError[]) {
    super(`${title}: ${errors.map((error) => error.message).join('; ')}`);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }

  /** The published ErrorResponse. `errors` is left out of a 401, as the guide's example does. */
  body(instance: string, time: string): JsonObject {
    const body: Record<string, Json> = { status: this.status, instance, time, title: this.title };
    const first = this.errors[0];
    if (first) {
      body.detail = first.message;
      body.errors = this.errors.map((error) => ({ ...error }));
    }
    return body;
  }
}

/** 400 VALIDATION_ERROR on one field, or without a field when it is `undefined`. */
export function invalid(field: string | undefined, message: string): ApiProblem {
  return validation([{ ...(field === undefined ? {} : { field }), code: 'VALIDATION_ERROR', message }]);
}

export function validation(errors: readonly FieldError[]): ApiProblem {
  return new ApiProblem(400, errors.length > 1 ? 'Multiple validation errors' : 'Validation error', errors);
}

export function badRequest(message: string): ApiProblem {
  return new ApiProblem(400, 'Bad Request', [{ code: 'BAD_REQUEST', message }]);
}

export function notFound(message: string, field?: string): ApiProblem {
  return new ApiProblem(404, 'Not Found', [
    { ...(field === undefined ? {} : { field }), code: 'NOT_FOUND', message },
  ]);
}

export function conflict(message: string, field?: string): ApiProblem {
  return new ApiProblem(409, 'Conflict', [
    { ...(field === undefined ? {} : { field }), code: 'CONFLICT', message },
  ]);
}

export function forbidden(message: string): ApiProblem {
  return new ApiProblem(403, 'Forbidden', [{ code: 'FORBIDDEN', message }]);
}

export function conflictingQuery(message: string, field?: string): ApiProblem {
  return new ApiProblem(400, 'Conflicting query parameters', [
    { ...(field === undefined ? {} : { field }), code: 'CONFLICTING_QUERY_PARAMETER', message },
  ]);
}

export function tooManyRequests(message: string): ApiProblem {
  return new ApiProblem(429, 'Too Many Requests', [{ code: 'TOO_MANY_REQUESTS', message }]);
}
