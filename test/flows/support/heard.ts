import type { HttpRequest, HttpResponse } from '../../../src/foundation/http.ts';
import { isJsonObject } from '../../../src/foundation/json.ts';
import type { Exchange } from '../../conformance/exchange.ts';
import type { LastReads } from '../../conformance/last-reads.ts';

type Listener = (exchange: Exchange) => void;
let listener: Listener | undefined;

/** From now on each exchange of a Flow is told; the conformance run listens. */
export function listenToFlows(hear: Listener): void {
  listener = hear;
}

/**
 * Tells the listener what a Flow and its sandbox say. Of an answer that the sandbox was told to give, or that is lost,
 * it tells the request alone: no document has to declare it.
 */
export class ExchangeTap {
  /** Statuses that the sandbox was told to answer with. */
  readonly #injected = new Set<number>();

  /** What the control API was asked to arm; undefined when faults are over. */
  noteFault(fault: unknown): void {
    if (fault === undefined) this.#injected.clear();
    const respond = isJsonObject(fault) ? fault.respond : undefined;
    if (isJsonObject(respond) && typeof respond.status === 'number') this.#injected.add(respond.status);
  }

  /** Has a request answered. `reads` holds what the same client has read. */
  async answer(
    request: HttpRequest,
    reads: LastReads,
    handle: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    if (!listener) return handle(request);
    const previous = reads.before(request);
    const asked = { request, ...(previous === undefined ? {} : { previous }) };
    try {
      const response = await handle(request);
      const injected = this.#injected.has(response.status);
      listener(injected ? { ...asked, injected } : { ...asked, injected, response });
      reads.note(request, response);
      return response;
    } catch (error) {
      listener({ ...asked, injected: true });
      throw error;
    }
  }
}
