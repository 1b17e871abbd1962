import type { HttpResponse, Transport } from '../../src/foundation/http.ts';
import type { Exchange } from './exchange.ts';
import { LastReads } from './last-reads.ts';

/** Stands between the real client and the network and keeps every exchange. */
export class Recorder {
  readonly #inner: Transport;
  readonly #exchanges: Exchange[] = [];
  readonly #reads = new LastReads();
  #fault: number | undefined;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  readonly transport: Transport = async (request, signal) => {
    const previous = this.#reads.before(request);
    const kept = { request, ...(previous !== undefined && { previous }) };
    let response: HttpResponse;
    try {
      response = await this.#inner(request, signal);
    } catch (error) {
      this.#exchanges.push({ ...kept, injected: this.#fault !== undefined });
      throw error;
    }
    this.#exchanges.push({ ...kept, response, injected: response.status === this.#fault });
    this.#reads.note(request, response);
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
}
