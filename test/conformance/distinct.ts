import { createHash } from 'node:crypto';
import type { Exchange } from './exchange.ts';

/** Flows say the same many times over: a flow is run again for each of its requests that may be disturbed. */
export class Distinct {
  readonly #seen = new Set<string>();

  /** Is this the first exchange of exactly this request and this answer? */
  isNew({ request, response, previous }: Exchange): boolean {
    const { method, url, headers, body = '' } = request;
    const digest = createHash('sha256')
      .update(JSON.stringify([method, url, headers, previous, response]))
      .update(body)
      .digest('base64');
    if (this.#seen.has(digest)) return false;
    this.#seen.add(digest);
    return true;
  }
}
