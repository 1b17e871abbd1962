import { type Clock, systemClock } from '../foundation/clock.ts';
import type { HttpRequest, HttpResponse, Transport } from '../foundation/http.ts';
import { largestAnswer, readBody } from './answer-body.ts';

/** The vendor's production; keys go nowhere else unless an operator of the program allows it. */
export const defaultAllowedHosts: readonly string[] = ['api.8x8.com'];

export interface FetchTransportOptions {
  /** `host` (then port 443 only) or `host:port`, exactly. Default: the vendor's production. */
  readonly allowedHosts?: readonly string[];
  /** Allows plain HTTP and any port on 127.0.0.1, ::1 and localhost. Default: false. */
  readonly allowLoopback?: boolean;
  /** For one exchange, connecting and reading included, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** The largest answer that is read, in bytes. Default: 32 MiB. */
  readonly maxAnswerBytes?: number;
  readonly clock?: Clock;
}

/** The request was not sent: keys go to allowed hosts only. */
export class HostNotAllowed extends Error {
  override readonly name = 'HostNotAllowed';
  readonly host: string;

  constructor(host: string, detail: string) {
    super(`Nothing was sent to ${host}: ${detail}`);
    this.host = host;
  }
}

/** The endpoint answered with a redirect, which is never followed: the key would go with it. */
export class RedirectRefused extends Error {
  override readonly name = 'RedirectRefused';
  readonly status: number;

  constructor(status: number) {
    super(`The endpoint answered ${status}, a redirect, which is not followed: give the final address`);
    this.status = status;
  }
}

/** No complete answer within the time allowed. */
export class RequestTimeout extends Error {
  override readonly name = 'RequestTimeout';

  constructor(timeoutMs: number) {
    super(`No complete answer within ${timeoutMs} ms`);
  }
}

/**
 * A transport over the network. Refuses, before any byte leaves: hosts that are not allowed and plain HTTP
 * (HostNotAllowed). Rejects with RedirectRefused, RequestTimeout, AnswerTooLarge, the signal's reason, or fetch's own
 * error, whose `cause` has the system's code.
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const { clock = systemClock, maxAnswerBytes = largestAnswer, timeoutMs = 30_000 } = options;
  return async (request, signal) => {
    signal.throwIfAborted();
    checkHost(request.url, options);
    // Not AbortSignal.any: with a signal that lives as long as the process it would leak one entry a request.
    const stop = new AbortController();
    const finished = new AbortController();
    const abort = () => stop.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    clock.sleep(timeoutMs, finished.signal).then(
      () => stop.abort(new RequestTimeout(timeoutMs)),
      () => undefined,
    );
    try {
      return await exchange(request, maxAnswerBytes, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) throw stop.signal.reason;
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      finished.abort();
    }
  };
}

async function exchange(
  request: HttpRequest,
  maxAnswerBytes: number,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { body } = request;
  const response = await fetch(request.url, {
    method: request.method,
    headers: { ...request.headers },
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    throw new RedirectRefused(response.status);
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await readBody(response, maxAnswerBytes),
  };
}

function checkHost(address: string, options: FetchTransportOptions): void {
  const url = parse(address);
  if (url.username !== '' || url.password !== '') {
    throw new HostNotAllowed(url.host, 'the address must not hold a user name or password');
  }
  if (isLoopback(url.hostname) && options.allowLoopback) {
    if (url.protocol === 'http:' || url.protocol === 'https:') return;
  }
  if (url.protocol !== 'https:') {
    throw new HostNotAllowed(url.host, 'only HTTPS is spoken, and HTTP only to an allowed loopback address');
  }
  // `host` of an https URL leaves out port 443, so that an entry without a port allows that port alone.
  const allowed = options.allowedHosts ?? defaultAllowedHosts;
  if (!allowed.some((host) => host.toLowerCase() === url.host)) {
    throw new HostNotAllowed(
      url.host,
      `it is not among the allowed hosts (${allowed.join(', ') || 'none'}); whoever runs the program may allow it with --allow-host`,
    );
  }
}

function parse(address: string): URL {
  if (!URL.canParse(address)) throw new HostNotAllowed('an invalid address', 'give an absolute https:// URL');
  return new URL(address);
}

/** Whether a host name means this machine; brackets of an IPv6 address as in a URL. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
