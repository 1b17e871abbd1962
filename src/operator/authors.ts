import type { ObjectType } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import type { AuditClient } from '../phonesystem/audit.ts';

/** Who changed something last, as far as the audit records say. */
export interface Author {
  readonly actor: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface AuthorsOptions {
  /** Left out: the endpoint has no audit trail, and who changed what stays unknown. */
  readonly audit?: () => AuditClient | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Records reach the trail a moment late. */
const overlapMs = 60_000;
/** How far back a first look goes. */
const firstLookMs = 60 * 60_000;
const maxAuthors = 5_000;

/** Keeps who last changed each object, from the audit trail. Records prove a change; their absence proves nothing. */
export class Authors {
  readonly #options: AuthorsOptions;
  readonly #authors = new Map<string, Author>();
  #until: number | undefined;

  constructor(options: AuthorsOptions) {
    this.#options = options;
  }

  lastChange(externalId: string | undefined): Author | undefined {
    return externalId === undefined ? undefined : this.#authors.get(externalId);
  }

  /** Reads what is new. @returns the objects that it names, to be looked at */
  async refresh(): Promise<readonly { readonly type: ObjectType; readonly id: string }[]> {
    const { clock, signal, onError } = this.#options;
    const audit = this.#options.audit?.();
    if (!audit) return [];
    const to = clock.now();
    const from = this.#until === undefined ? to - firstLookMs : this.#until - overlapMs;
    const suspects = new Map<string, { type: ObjectType; id: string }>();
    try {
      for await (const change of audit.changesSince(
        { from, to: to + overlapMs },
        { priority: 'sync', signal },
      )) {
        const at = new Date(change.at).toISOString();
        const known = this.#authors.get(change.objectId);
        if (known && known.at >= at) continue;
        if (change.actor !== undefined) this.#remember(change.objectId, { actor: change.actor, at });
        if (change.objectType && this.#until !== undefined) {
          suspects.set(`${change.objectType}/${change.objectId}`, {
            type: change.objectType,
            id: change.objectId,
          });
        }
      }
      this.#until = to;
    } catch (error) {
      if (signal.aborted) throw error;
      onError(error);
    }
    return [...suspects.values()];
  }

  #remember(id: string, author: Author): void {
    this.#authors.delete(id);
    this.#authors.set(id, author);
    const [oldest] = this.#authors.keys();
    if (this.#authors.size > maxAuthors && oldest !== undefined) this.#authors.delete(oldest);
  }
}
