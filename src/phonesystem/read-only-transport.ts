import type { HttpRequest, Transport } from '../foundation/http.ts';

/** A dry run met a write, and did not send it. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly method: HttpRequest['method'];

  constructor(method: HttpRequest['method']) {
    super(`A ${method} was not sent: this is a dry run`);
    this.method = method;
  }
}

/**
 * A dry run for everything above it: lets GET through and refuses every other method with WriteRefused, so
 * that no code needs a branch of its own for a dry run.
 *
 * @param onRefused told of each write that was not sent
 */
export function readOnlyTransport(inner: Transport, onRefused?: (request: HttpRequest) => void): Transport {
  return (request, signal) => {
    if (request.method === 'GET') return inner(request, signal);
    onRefused?.(request);
    return Promise.reject(new WriteRefused(request.method));
  };
}
