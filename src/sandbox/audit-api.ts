import type { Json, JsonObject } from '../foundation/json.ts';
import type { AuditRecord, AuditTrail } from './audit.ts';
import { IdSource } from './ids.ts';
import { type ApiProblem, invalid } from './problem.ts';

export const auditPath = '/administration/audit/v1/audits';

const longestSpanMs = 31 * 24 * 60 * 60_000;

interface OpenScroll {
  readonly records: readonly AuditRecord[];
  /** The query without scrollId, which has to be repeated with it. */
  readonly query: string;
}

/** `GET /administration/audit/v1/audits` (8x8 guide: audit records): newest first, in pages. */
export class AuditApi {
  readonly #trail: AuditTrail;
  readonly #customerId: string;
  readonly #ids = new IdSource(17);
  readonly #scrolls = new Map<string, OpenScroll>();

  constructor(trail: AuditTrail, customerId: string) {
    this.#trail = trail;
    this.#customerId = customerId;
  }

  /** Throws ApiProblem for a query that is wrong. */
  list(query: URLSearchParams): JsonObject {
    const size = Number(query.get('size') ?? '20');
    if (!Number.isInteger(size) || size < 1 || size > 100)
      throw invalid('size', 'size must be from 1 to 100');
    const start = instant(query, 'startTime');
    const end = instant(query, 'endTime');
    if (start >= end) throw invalid('startTime', 'startTime must be before endTime');
    if (end - start > longestSpanMs)
      throw invalid('endTime', 'startTime and endTime may be 31 days apart at most');
    if (query.get('service') !== 'platform') throw invalid('service', 'service must be platform');
    const found = this.#resume(query) ?? this.#select(query, start, end);
    const page = found.slice(0, size);
    const rest = found.slice(size);
    return {
      meta: {
        scrollId: rest.length === 0 ? null : this.#open({ records: rest, query: repeated(query) }),
        totalRecordCount: page.length,
      },
      data: page.map((record) => this.#render(record)),
    };
  }

  #resume(query: URLSearchParams): readonly AuditRecord[] | undefined {
    const scrollId = query.get('scrollId');
    if (scrollId === null) return undefined;
    const scroll = this.#scrolls.get(scrollId);
    if (scroll?.query !== repeated(query)) throw invalid('scrollId', 'Invalid scrollId');
    return scroll.records;
  }

  #open(scroll: OpenScroll): string {
    // A handful of readers at most: the oldest scroll makes room.
    if (this.#scrolls.size >= 100)
      for (const oldest of [...this.#scrolls.keys()].slice(0, 1)) this.#scrolls.delete(oldest);
    const id = this.#ids.opaque();
    this.#scrolls.set(id, scroll);
    return id;
  }

  #select(query: URLSearchParams, start: number, end: number): AuditRecord[] {
    const eventTypes = lowerCaseList(query.get('eventTypes'));
    const entityTypes = lowerCaseList(query.get('entityTypes'));
    const auditUserId = query.get('auditUserId');
    const displayName = wildcard(query.get('displayName'));
    const found = [...this.#trail.all()].filter(
      (record) =>
        record.time >= start &&
        record.time < end &&
        (eventTypes === null || eventTypes.includes(record.eventType)) &&
        (entityTypes === null || entityTypes.includes(record.entityType.toLowerCase())) &&
        (auditUserId === null || record.auditUserId === auditUserId) &&
        displayName(record.displayName),
    );
    return found.reverse().sort((a, b) => b.time - a.time);
  }

  #render(record: AuditRecord): JsonObject {
    const { time, ...shown } = record;
    return {
      ...shown,
      customerId: this.#customerId,
      service: 'platform',
      auditTimestamp: new Date(time).toISOString(),
      impersonator: null,
    };
  }
}

/** The audit API's own error body (8x8 guide: audit records). */
export function auditProblem(problem: ApiProblem, time: string): JsonObject {
  const message: Json = problem.errors[0]?.message ?? problem.title;
  return { timestamp: time, status: problem.status, error: problem.title, message, path: auditPath };
}

function instant(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null) throw invalid(name, `${name} is required`);
  const value = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw invalid(name, `${name} must be an ISO 8601 instant`);
  return value;
}

function repeated(query: URLSearchParams): string {
  const rest = new URLSearchParams(query);
  rest.delete('scrollId');
  rest.sort();
  return rest.toString();
}

function lowerCaseList(text: string | null): string[] | null {
  return text === null ? null : text.split(',').map((item) => item.trim().toLowerCase());
}

function wildcard(pattern: string | null): (text: string) => boolean {
  if (pattern === null) return () => true;
  const wanted = pattern.toLowerCase().split('*');
  return (text) => {
    const given = text.toLowerCase();
    const [first = '', ...others] = wanted;
    if (others.length === 0) return given === first;
    const last = others.at(-1) ?? '';
    return given.startsWith(first) && given.endsWith(last) && others.every((part) => given.includes(part));
  };
}
