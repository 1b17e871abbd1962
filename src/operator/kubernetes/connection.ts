import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubernetesError } from './api-error.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** How long an idle pooled connection is kept, in ms: less than the servers and balancers before it do. */
const IDLE_MS = 25_000;
const KEEP_ALIVE_PROBE_MS = 30_000;

/**
 * HTTP to one API server, over node:https with the credentials of a KubeConfig.
 *
 * Of @kubernetes/client-node only the reading of credentials is used. Its fetch-based machinery makes a new
 * connection pool for every call and leaves it behind, and its watch aborts healthy connections or misses dead
 * ones; node:https lets us own each socket. Credentials are asked for at every call, so a rotated token is used
 * from the next call on; Node keeps pooled sockets apart by client certificate, so a rotated one is as well.
 */
export class ApiConnection {
  readonly #load: () => KubeConfig;
  readonly #userAgent: string;
  #config: KubeConfig;
  // Enough for a burst of status writes, few enough to be polite to the API server.
  readonly #https = new https.Agent({ keepAlive: true, maxSockets: 16, timeout: IDLE_MS });
  readonly #http = new http.Agent({ keepAlive: true, maxSockets: 16, timeout: IDLE_MS });

  /** `load` is called again after a 401: it must read files afresh. */
  constructor(load: () => KubeConfig, userAgent = 'dialops') {
    this.#load = load;
    this.#userAgent = userAgent;
    this.#config = load();
  }

  /** Forgets cached tokens and re-reads the configuration. */
  reloadCredentials(): void {
    this.#config = this.#load();
  }

  /**
   * Sends one call; resolves with the answer's head, whatever its status, body unread. With `ownSocket` it gets
   * a connection that is shared with nobody and closed at its end. Aborting `signal` destroys the socket, before
   * the answer and after. Rejects with `unavailable` when there is no answer.
   */
  async open(call: ApiCall, signal: AbortSignal, ownSocket = false): Promise<IncomingMessage> {
    const server = this.#config.getCurrentCluster()?.server;
    if (server === undefined) throw new KubernetesError('unavailable', 'The kubeconfig names no cluster');
    const url = new URL(server.replace(/\/+$/, '') + call.path);
    const options: https.RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const proxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    signal.throwIfAborted();
    const plain = url.protocol === 'http:';
    const pool = plain ? this.#http : this.#https;
    const send = plain ? http.request : https.request;
    return await new Promise((resolve, reject) => {
      const request = send(url, {
        ...options,
        ...(proxied ? {} : { agent: ownSocket ? false : pool }),
        method: call.method,
        headers: { ...trimmed(options.headers), ...this.#headers(call) },
        signal,
      });
      request.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS));
      request.once('response', (answer) => {
        // An error event without a listener would end the process; whoever reads the body gets it as well.
        answer.on('error', () => undefined);
        resolve(answer);
      });
      // Not `once`: destroying the socket later reports here again.
      request.on('error', (error) =>
        reject(
          new KubernetesError('unavailable', `${call.method} ${url.pathname}: ${describe(error)}`, {
            cause: error,
          }),
        ),
      );
      request.end(call.body);
    });
  }

  /** Drops idle and busy pooled connections. */
  close(): void {
    this.#https.destroy();
    this.#http.destroy();
  }

  #headers(call: ApiCall): Record<string, string> {
    return {
      accept: call.accept ?? 'application/json',
      'user-agent': this.#userAgent,
      ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
      ...(call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }),
    };
  }
}

/** Token files may end in a newline, which Node refuses in a header. */
function trimmed(headers: https.RequestOptions['headers']): Record<string, string> {
  const result: Record<string, string> = {};
  if (headers === undefined || Array.isArray(headers)) return result;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') result[name] = value.trim();
  }
  return result;
}

function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? error.message : `${code} (${error.message})`;
}
