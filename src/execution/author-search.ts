import type { Authorship } from '../account/drift/drift-wording.ts';
import type { Json } from '../foundation/json.ts';
import { type AuditClient, authorOf } from '../phonesystem/audit.ts';
import type { AuditChange } from '../phonesystem/audit-record.ts';
import { namesOf, touches } from './authors.ts';

/** An object that differs, and where. */
export interface Differing {
  readonly objectId: string;
  /** Paths on the wire; empty where the whole object is gone. */
  readonly paths: readonly string[];
  /** What the account has now at these paths, where it is a text, a number or a flag; null: nothing. */
  readonly values: ReadonlyMap<string, Json>;
}

export interface AuthorSearchOptions {
  /** Absent where the phone system has no audit trail. */
  readonly audit?: AuditClient;
  /** Milliseconds since the epoch: how far back records are read. */
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  /** The trail could not be read, or not to its end. */
  readonly onError: (error: unknown) => void;
}

/**
 * Looks up who changed each of some objects last, newest records first, until all are found. A record proves a
 * change; that there is none proves nothing. The record of a creation tells nobody who changed it since, and one of
 * another value than the account has now is not the last change: that one was not recorded.
 */
export async function findAuthors(
  wanted: readonly Differing[],
  options: AuthorSearchOptions,
): Promise<ReadonlyMap<Differing, Authorship>> {
  const { audit, from, signal, to } = options;
  const open = new Map(wanted.map((one) => [one, namesOf(one.paths)]));
  const byObject = Map.groupBy(wanted, ({ objectId }) => objectId);
  const found = new Map<Differing, Authorship>();
  const close = (authorship: Authorship) => {
    for (const one of open.keys()) found.set(one, authorship);
    return found;
  };
  if (!audit) return close({ state: 'NoAudit' });
  if (open.size === 0) return found;
  try {
    for await (const change of audit.changesSince(
      { from, to, withValues: true },
      { priority: 'person', signal },
    )) {
      for (const one of byObject.get(change.objectId) ?? []) {
        const names = open.get(one);
        const author = authorOf(change);
        if (!names || !author || !tells(change, one, names)) continue;
        found.set(one, isCurrent(change, one) ? { state: 'Known', ...author } : { state: 'NotRecorded' });
        open.delete(one);
      }
      if (open.size === 0) return found;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    options.onError(error);
    return close({ state: 'Unreadable' });
  }
  return close({ state: 'NotRecorded' });
}

function tells(change: AuditChange, { paths }: Differing, names: ReadonlySet<string>): boolean {
  if (paths.length === 0) return change.event === 'delete';
  return change.event !== 'create' && touches(change, names);
}

/** False when all that the record says of these fields is contradicted by the account. */
function isCurrent({ values = {} }: AuditChange, differing: Differing): boolean {
  let contradicted = false;
  for (const [path, now] of differing.values) {
    const name =
      path
        .replace(/\[[^\]]*\]/g, '')
        .split('.')
        .at(-1) ?? path;
    const recorded = Object.hasOwn(values, name) ? values[name] : undefined;
    if (recorded === undefined) continue;
    if (spelt(recorded) === spelt(now)) return true;
    contradicted = true;
  }
  return !contradicted;
}

/** The trail may spell a flag or a number as a text, and nothing in several ways. */
function spelt(value: Json): string {
  return value === null ? '' : String(value).toLowerCase();
}
