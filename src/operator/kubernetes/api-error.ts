import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';

/**
 * What a caller can do about it:
 * - `conflict`: read again, decide again. `alreadyExists`: somebody created it before.
 * - `gone`: the version or page asked for no longer exists; list again.
 * - `invalid`, `badRequest`: sending it again will not help.
 * - `unauthorized`, `forbidden`: credentials or RBAC.
 * - `tooManyRequests`: wait `retryAfterMs`. `unavailable`: no answer, a broken one, or 5xx; the effect of a
 *   write is then unknown.
 */
export type ApiErrorKind =
  | 'badRequest'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'alreadyExists'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'tooManyRequests'
  | 'unavailable';

export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { status?: number; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status ?? 0;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isApiError(error: unknown, kind?: ApiErrorKind): error is KubernetesError {
  return error instanceof KubernetesError && (kind === undefined || error.kind === kind);
}

/** Classifies an answer that is not a success. `body` is a Status object, or whatever a proxy wrote. */
export function apiErrorFrom(
  what: string,
  status: number,
  body: string,
  retryAfter?: string,
): KubernetesError {
  const parsed = parse(body);
  const details = isJsonObject(parsed) ? parsed : {};
  const message = typeof details.message === 'string' ? details.message : `HTTP ${status}`;
  return new KubernetesError(kindOf(status, details), `${what}: ${message}`, {
    status,
    retryAfterMs: retryAfterMs(retryAfter, details),
  });
}

/** The error that a watch reports inside its stream, as a Status object with the code in the body. */
export function apiErrorFromStatusObject(what: string, object: Json): KubernetesError {
  const code = isJsonObject(object) && typeof object.code === 'number' ? object.code : 500;
  return apiErrorFrom(what, code, JSON.stringify(object));
}

function kindOf(status: number, details: { readonly [name: string]: Json }): ApiErrorKind {
  switch (status) {
    case 400:
      return 'badRequest';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 409:
      return details.reason === 'AlreadyExists' ? 'alreadyExists' : 'conflict';
    case 410:
      return 'gone';
    case 422:
      return 'invalid';
    case 429:
      return 'tooManyRequests';
    case 504:
      // After a restore from a backup the server's versions are behind ours: only a list helps.
      return isVersionFromTheFuture(details) ? 'gone' : 'unavailable';
    default:
      return status >= 500 || status < 400 ? 'unavailable' : 'badRequest';
  }
}

function isVersionFromTheFuture(details: { readonly [name: string]: Json }): boolean {
  if (!isJsonObject(details.details) || !isJsonArray(details.details.causes)) return false;
  return details.details.causes.some(
    (cause) => isJsonObject(cause) && cause.reason === 'ResourceVersionTooLarge',
  );
}

function retryAfterMs(
  header: string | undefined,
  details: { readonly [name: string]: Json },
): number | undefined {
  // The API server always sends whole seconds, in the header, the Status object, or both.
  if (header !== undefined && /^\d+$/.test(header.trim())) return Number(header) * 1000;
  if (isJsonObject(details.details) && typeof details.details.retryAfterSeconds === 'number') {
    return details.details.retryAfterSeconds * 1000;
  }
  return undefined;
}

function parse(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
