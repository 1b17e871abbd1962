import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpRequest } from '../foundation/http.ts';
import { ConnectionDropped } from './request-handler.ts';
import { basePath, type Sandbox } from './sandbox.ts';

/** What the largest upload and the largest bodies of the API fit into. */
const largestBodyBytes = 8 * 1024 * 1024;

export interface Listener {
  /** Such as `http://127.0.0.1:8080`: the audit and control APIs are below it. */
  readonly origin: string;
  /** Such as `http://127.0.0.1:8080/admin-provisioning`. */
  readonly endpoint: string;
  /** Stops accepting, lets requests under way finish, and resolves when all is closed. */
  close(): Promise<void>;
}

/** Puts a sandbox on a port; port 0 takes a free one. Rejects when it cannot listen there. */
export async function listen(sandbox: Sandbox, host = '127.0.0.1', port = 0): Promise<Listener> {
  const server = createServer((incoming, response) => {
    void answer(sandbox, incoming, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox has no port');
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const origin = `http://${name}:${address.port}`;
  return { origin, endpoint: `${origin}${basePath}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const request = await read(incoming);
    if (!request) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const { body, headers, status } = await sandbox.handle(request);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  } catch (error) {
    // Besides an injected drop only a broken upload ends here: nobody is left to tell.
    if (!(error instanceof ConnectionDropped) && !response.headersSent) response.statusCode = 500;
    incoming.socket.destroy();
  }
}

async function read(incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestBodyBytes) return undefined;
    chunks.push(bytes);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  const { method } = incoming;
  // Any other method is answered as one that no route takes.
  const known = method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET';
  const path =
    method === 'PATCH' || method === 'HEAD' || method === 'OPTIONS' ? '/_unsupported' : (incoming.url ?? '/');
  const url = `http://${incoming.headers.host ?? 'localhost'}${path}`;
  return { method: known, url, headers, body: Buffer.concat(chunks) };
}
