import type { HttpRequest, HttpResponse, Transport } from '../../src/foundation/http.ts';
import type { Json } from '../../src/foundation/json.ts';
import { type Exchange, jsonBody } from './exchange.ts';

/** Stands between the real client and the network and keeps every exchange. */
export class Recorder {
  readonly #inner: Transport;
  readonly #exchanges: Exchange[] = [];
  readonly #lastRead = new Map<string, Json>();
  #fault: number | undefined;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  readonly transport: Transport = async (request, signal) => {
    const key = withoutQuery(request.url);
    const previous = this.#lastRead.get(key);
    const kept = { request, ...(previous !== undefined && { previous }) };
    let response: HttpResponse;
    try {
      response = await this.#inner(request, signal);
    } catch (error) {
      this.#exchanges.push({ ...kept, injected: this.#fault !== undefined });
      throw error;
    }
    this.#exchanges.push({ ...kept, response, injected: response.status === this.#fault });
    this.#remember(key, request, response);
    return response;
  };

  /** Runs `work` while the sandbox has a fault armed: answers with its status are marked as injected. */
  async duringFault<T>(status: number, work: () => Promise<T>): Promise<T> {
    this.#fault = status;
    try {
      return await work();
    } finally {
      this.#fault = undefined;
    }
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  #remember(key: string, request: HttpRequest, response: HttpResponse): void {
    if (request.method !== 'GET' || response.status !== 200) return;
    const body = jsonBody(response.body);
    if (body !== undefined) this.#lastRead.set(key, body);
  }
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
