import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

/** Undefined when all is well, otherwise what is not, in words fit for an unauthenticated reader. */
export type HealthCheck = () => string | undefined;

export interface HealthServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /**
   * Fails when only a restart can help. Never for the phone system or the API server being slow or away: restarts
   * would come on top of the outage, and a busy operator would be restarted for ever.
   */
  readonly live: Readonly<Record<string, HealthCheck>>;
  /** Fails while the operator cannot do its work yet, or no longer. */
  readonly ready: Readonly<Record<string, HealthCheck>>;
  readonly registry: Registry;
}

export interface HealthServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const READ_TIMEOUT_MS = 5_000;

/**
 * `/healthz`, `/readyz` (200, or 503 with a line for each check) and `/metrics` over plain HTTP. Rejects when the
 * port is taken. Nothing here waits for anything but memory.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'Only GET and HEAD\n');
      return;
    }
    switch (pathname) {
      case '/healthz':
        report(response, options.live);
        return;
      case '/readyz':
        report(response, options.ready);
        return;
      case '/metrics':
        options.registry.metrics().then(
          (text) => send(response, 200, text, options.registry.contentType),
          () => send(response, 500, 'The metrics could not be collected\n'),
        );
        return;
      default:
        send(response, 404, 'Only /healthz, /readyz and /metrics\n');
    }
  });
  server.requestTimeout = READ_TIMEOUT_MS;
  server.headersTimeout = READ_TIMEOUT_MS;
  await listen(server, options);
  const address = server.address();
  return {
    host: options.host,
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: HealthServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`Cannot serve health and metrics on ${host}:${port}`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function report(response: ServerResponse, checks: Readonly<Record<string, HealthCheck>>): void {
  const results = Object.entries(checks).map(([name, check]) => ({ name, problem: run(check) }));
  const lines = results.map(({ name, problem }) =>
    problem === undefined ? `ok   ${name}\n` : `FAIL ${name}: ${problem}\n`,
  );
  const failed = results.some(({ problem }) => problem !== undefined);
  send(response, failed ? 503 : 200, lines.join('') || 'ok\n');
}

function run(check: HealthCheck): string | undefined {
  try {
    return check();
  } catch {
    return 'the check itself failed';
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
