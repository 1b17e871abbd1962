/** One HTTP exchange as plain data, so that the phone-system client can run over a network, in process, or dry. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute URL, query included. */
  readonly url: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends one request. Rejects when no complete answer arrived (refused, reset, timed out, aborted), with an
 * error whose `cause` says why; never rejects because of a status code. Never follows a redirect.
 */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;
