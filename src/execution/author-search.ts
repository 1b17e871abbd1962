import type { Authorship } from '../account/drift/drift-wording.ts';
import { type AuditClient, authorOf } from '../phonesystem/audit.ts';
import type { AuditChange } from '../phonesystem/audit-record.ts';
import { namesOf, touches } from './authors.ts';

/** An object that differs, and where. */
export interface Differing {
  readonly objectId: string;
  /** Paths on the wire; empty where the whole object is gone. */
  readonly paths: readonly string[];
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
 * change; that there is none proves nothing. The record of a creation tells nobody who changed it since.
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
    for await (const change of audit.changesSince({ from, to }, { priority: 'person', signal })) {
      for (const one of byObject.get(change.objectId) ?? []) {
        const names = open.get(one);
        const author = authorOf(change);
        if (!names || !author || !tells(change, one, names)) continue;
        found.set(one, { state: 'Known', ...author });
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
