import type { HttpRequest, HttpResponse } from '../../src/foundation/http.ts';
import type { Json } from '../../src/foundation/json.ts';
import { jsonBody } from './exchange.ts';

/** The body of the last successful GET of each path, which a PUT of the whole may send back. */
export class LastReads {
  readonly #bodies = new Map<string, Json>();

  /** What was read of the path of this request so far. */
  before({ url }: HttpRequest): Json | undefined {
    return this.#bodies.get(withoutQuery(url));
  }

  note({ method, url }: HttpRequest, { body, status }: HttpResponse): void {
    if (method !== 'GET' || status !== 200) return;
    const read = jsonBody(body);
    if (read !== undefined) this.#bodies.set(withoutQuery(url), read);
  }
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
