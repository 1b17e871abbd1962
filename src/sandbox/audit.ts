import { isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import type { Actor } from './router.ts';
import type { Store, Table } from './store.ts';

/** One record of the audit trail; `details` is the JSON text that the published API returns. */
export interface AuditRecord {
  readonly id: string;
  readonly time: number;
  readonly displayName: string;
  readonly eventType: 'create' | 'update' | 'delete';
  readonly entityType: string;
  readonly entityKey: string;
  readonly auditUserId: string;
  readonly correlationType: string | null;
  readonly correlationId: string | null;
  readonly details: string;
}

export interface AuditEntry {
  readonly actor: Actor;
  /** ISO 8601. */
  readonly time: string;
  /** Such as `user`, `extension`, `ringgroup`, `site`. */
  readonly entityType: string;
  /** Id of the changed object. */
  readonly entityKey: string;
  readonly displayName: string;
  /** The object as GET one shows it: `undefined` before a creation. */
  readonly before: JsonObject | undefined;
  /** `undefined` after a deletion. */
  readonly after: JsonObject | undefined;
  readonly correlation?: { readonly type: string; readonly id: string };
  /** It was touched by the write of something else, and is of no interest where nothing of it changed. */
  readonly derived?: true;
}

/** Names that the audit trail uses for what the API calls otherwise (8x8 guide: audit records). */
const internalNames: Readonly<Record<string, string>> = {
  'basicInfo.userName': 'loginId',
  'basicInfo.primaryEmail': 'email',
  'basicInfo.timezone': 'timeZoneId',
  'basicInfo.locale': 'localeId',
  'basicInfo.site.id': 'branchId',
  'site.id': 'branchId',
  'basicInfo.site.pbxName': 'pbxId',
  timezone: 'timeZoneId',
  pbxName: 'pbxId',
};

/** Time stamps move with every write: they would only repeat auditTimestamp. */
const unaudited = new Set(['basicInfo.lastUpdatedTime', 'basicInfo.createdTime', 'lastUpdatedTime']);

/** Who changed what, in order of time. */
export class AuditTrail {
  readonly #table: Table<AuditRecord>;
  readonly #newId: () => string;

  constructor(store: Store, newId: () => string) {
    this.#table = store.table<AuditRecord>('audit');
    this.#newId = newId;
  }

  /** Adds a record of a write, also where it changed nothing that can be shown: a PIN, or the same values again. */
  record(entry: AuditEntry): void {
    const changed = changes(entry.before, entry.after);
    if (entry.derived && entry.before && entry.after && Object.keys(changed.new).length === 0) return;
    this.#table.put({
      id: this.#newId(),
      time: Date.parse(entry.time),
      displayName: entry.displayName,
      eventType: eventTypeOf(entry),
      entityType: entry.entityType,
      entityKey: entry.entityKey,
      auditUserId: entry.actor.name,
      correlationType: entry.correlation?.type ?? null,
      correlationId: entry.correlation?.id ?? null,
      details: JSON.stringify(changed),
    });
  }

  all(): IterableIterator<AuditRecord> {
    return this.#table.all();
  }
}

function eventTypeOf({ after, before }: AuditEntry): AuditRecord['eventType'] {
  if (before) return after ? 'update' : 'delete';
  // Someone who was no administrator and has become none, or what was deleted before, was written all the same.
  return after ? 'create' : 'update';
}

function changes(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): { new: JsonObject; old: JsonObject } {
  const was = flatten(before);
  const is = flatten(after);
  const changed: { new: Record<string, Json>; old: Record<string, Json> } = { new: {}, old: {} };
  for (const path of new Set([...was.keys(), ...is.keys()])) {
    if (unaudited.has(path)) continue;
    const from = was.get(path) ?? null;
    const to = is.get(path) ?? null;
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    const name = internalNames[path] ?? path.split('.').at(-1) ?? path;
    changed.old[name] = from;
    changed.new[name] = to;
  }
  return changed;
}

/** Leaves by dotted path; a list counts as one leaf. */
function flatten(value: JsonObject | undefined): Map<string, Json> {
  const leaves = new Map<string, Json>();
  const walk = (part: JsonObject, prefix: string): void => {
    for (const [name, child] of Object.entries(part)) {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (isJsonObject(child)) walk(child, path);
      else leaves.set(path, child);
    }
  };
  if (value) walk(value, '');
  return leaves;
}
