import { hash } from 'node:crypto';
import type { Exchange } from './exchange.ts';

/** Ids and times as every document has them: `format: uuid`, `date-time`. */
const idOrTime =
  /\b(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/g;
const countdown = /("x-ratelimit-(?:remaining|reset)":)"\d+"/g;

/** Flows say the same many times over: a flow is run again for each of its requests that may be disturbed. */
export class Distinct {
  readonly #seen = new Set<string>();

  /**
   * Is this the first exchange of this request and this answer? They may have other ids and other times, each in the
   * same places: no check looks at which they are.
   */
  isNew({ request, response, previous }: Exchange): boolean {
    const { body, headers, method, url } = request;
    const sent = typeof body === 'string' || body === undefined ? body : Buffer.from(body).toString('base64');
    const answered = JSON.stringify(response?.headers)?.replaceAll(countdown, '$1');
    // What was read before is looked at only where something is sent.
    const read = sent === undefined ? undefined : JSON.stringify(previous);
    const said = [
      method,
      url,
      JSON.stringify(headers),
      sent,
      read,
      response?.status,
      answered,
      response?.body,
    ];
    // Most are the same to the letter, which is cheaper to see.
    const exact = said.join('\n');
    return this.#notSeen(exact) && this.#notSeen(alike(exact));
  }

  #notSeen(text: string): boolean {
    const digest = hash('sha1', text, 'base64');
    if (this.#seen.has(digest)) return false;
    this.#seen.add(digest);
    return true;
  }
}

/** With ids and times numbered as they come, so that what was the same still is. */
function alike(text: string): string {
  const names = new Map<string, string>();
  return text.replaceAll(idOrTime, (name) => {
    const place = names.get(name) ?? `<${names.size}>`;
    names.set(name, place);
    return place;
  });
}
