import { isJsonArray, isJsonObject } from '../foundation/json.ts';
import { type AuditChange, parseAuditRecord } from './audit-record.ts';
import { ApiError } from './errors.ts';
import { Requester, type RequesterOptions, type RequestOptions } from './requester.ts';
import { encodeQuery } from './rsql.ts';

export interface AuditQuery {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Asks for these only, where the phone system knows the words; the answer is not trusted to hold no others. */
  readonly entityTypes?: readonly string[];
  /** Says of each change what fields were changed to. */
  readonly withValues?: true;
}

/** Who changed something last, as a status shows it. */
export interface Author {
  /** The audit trail's id of the person or key. */
  readonly actor: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The author of a change; undefined where the record names none. */
export function authorOf(change: AuditChange): Author | undefined {
  return change.actor === undefined
    ? undefined
    : { actor: change.actor, at: new Date(change.at).toISOString() };
}

const longestSpanMs = 31 * 24 * 60 * 60_000;
/** 100,000 records. What has more in one reading is not read to its end: who changed what is then unknown. */
const maxPages = 1_000;

/** The audit trail goes on after what one reading takes; its newest records were given. */
export class AuditTrailTooLong extends Error {
  override readonly name = 'AuditTrailTooLong';

  constructor() {
    super(
      `GET /audits goes on after ${maxPages} pages; older records were not read, and whose changes they tell of is unknown`,
    );
  }
}

/**
 * The audit trail: a separate API with an address, a key and limits of its own (8x8 guide: audit records). It
 * tells who changed what. It covers call forwarding rules, call queues, phone numbers, extensions, ring groups,
 * users and auto attendants; no record does not mean no change.
 */
export class AuditClient {
  readonly #requester: Requester;

  /** @param options `endpoint` is the whole address, such as `https://api.8x8.com/administration/audit/v1/audits` */
  constructor(options: RequesterOptions) {
    this.#requester = new Requester(options);
  }

  /**
   * All changes in [from, to), newest first within each slice of at most 31 days, the latest slice first. Views
   * and exports are left out. Rejects with ApiError as the other client does, and with AuditTrailTooLong after the
   * newest 100,000 records.
   */
  async *changesSince(query: AuditQuery, options: RequestOptions): AsyncGenerator<AuditChange> {
    const seen = new Set<string>();
    const pages = { left: maxPages };
    for (let end = query.to; end > query.from; end -= longestSpanMs) {
      const start = Math.max(query.from, end - longestSpanMs);
      for await (const change of this.#slice(start, end, query, pages, options)) {
        if (change.event === 'view' || change.event === 'export') continue;
        if (change.id !== undefined && seen.has(change.id)) continue;
        if (change.id !== undefined) seen.add(change.id);
        yield change;
      }
    }
  }

  async *#slice(
    start: number,
    end: number,
    { entityTypes, withValues }: Pick<AuditQuery, 'entityTypes' | 'withValues'>,
    pages: { left: number },
    options: RequestOptions,
  ): AsyncGenerator<AuditChange> {
    const parts = [
      `startTime=${encodeQuery(new Date(start).toISOString())}`,
      `endTime=${encodeQuery(new Date(end).toISOString())}`,
      'service=platform',
      'size=100',
    ];
    if (entityTypes) parts.push(`entityTypes=${encodeQuery(entityTypes.join(','))}`);
    const query = parts.join('&');
    let scrollId: string | undefined;
    for (;;) {
      if (pages.left-- <= 0) throw new AuditTrailTooLong();
      // Unlike the other API, all parameters are repeated with the scroll id.
      const path = scrollId === undefined ? `?${query}` : `?${query}&scrollId=${encodeQuery(scrollId)}`;
      const { body, status } = await this.#requester.send(
        {
          method: 'GET',
          path,
          template: '/audits',
          accept: 'application/json',
          contentType: 'application/json',
        },
        options,
      );
      if (!isJsonObject(body) || !isJsonArray(body.data)) {
        throw new ApiError({
          kind: 'unavailable',
          status,
          message: `GET /audits was answered ${status} without a list`,
        });
      }
      for (const item of body.data) {
        const change = parseAuditRecord(item, withValues);
        if (change) yield change;
      }
      const next = isJsonObject(body.meta) ? body.meta.scrollId : undefined;
      if (typeof next !== 'string' || next === '' || body.data.length === 0) return;
      scrollId = next;
    }
  }
}
