import type { ObjectType } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import { type AuditClient, AuditTrailTooLong } from '../phonesystem/audit.ts';
import type { AuditChange } from '../phonesystem/audit-record.ts';

/** Who changed something last, as far as the audit records say. */
export interface Author {
  readonly actor: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface AuthorsOptions {
  /** Gives undefined while the endpoint has no audit trail: then who changed what stays unknown. */
  readonly audit: () => AuditClient | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

interface Suspect {
  readonly type: ObjectType;
  readonly id: string;
}

/** Records reach the trail a moment late. */
const overlapMs = 60_000;
/** How far back a first look goes. */
const firstLookMs = 60 * 60_000;
const maxObjects = 5_000;
const maxChangesOfOne = 10;
const patienceMs = 5_000;

/** Keeps who changed each object lately, from the audit trail. Records prove a change; their absence proves nothing. */
export class Authors {
  readonly #options: AuthorsOptions;
  /** Newest first. */
  readonly #changes = new Map<string, readonly AuditChange[]>();
  readonly #ours = new Map<string, number>();
  #until: number | undefined;
  #refreshing: Promise<void> | undefined;
  #late: readonly Suspect[] = [];

  constructor(options: AuthorsOptions) {
    this.#options = options;
  }

  /** A write of our own to an object has ended: records of it up to now are ours. */
  wrote(objectId: string): void {
    remember(this.#ours, objectId, this.#options.clock.now());
  }

  /** Who changed one of these paths last, after we did. */
  lastChange(objectId: string | undefined, paths: readonly string[]): Author | undefined {
    if (objectId === undefined) return undefined;
    const after = this.#ours.get(objectId) ?? Number.NEGATIVE_INFINITY;
    const names = namesOf(paths);
    const found = this.#changes
      .get(objectId)
      ?.find((change) => change.actor !== undefined && change.at > after && touches(change, names));
    if (found?.actor === undefined) return undefined;
    return { actor: found.actor, at: new Date(found.at).toISOString() };
  }

  /**
   * Reads what is new, and does not wait for it for long: the trail may be long, slow or out of reach, and no phone
   * waits for who changed it.
   * @returns the objects that it names, to be looked at; what comes too late is in the next answer
   */
  async refreshSoon(): Promise<readonly Suspect[]> {
    const { clock } = this.#options;
    this.#refreshing ??= this.refresh()
      .then((found) => {
        this.#late = [...this.#late, ...found];
      })
      .finally(() => {
        this.#refreshing = undefined;
      });
    const over = new AbortController();
    const patience = clock.sleep(patienceMs, over.signal).catch(() => undefined);
    await Promise.race([this.#refreshing, patience]).finally(() => over.abort());
    // Once nobody waits for it, nobody hears how it ends.
    this.#refreshing?.catch(() => undefined);
    const found = this.#late;
    this.#late = [];
    return found;
  }

  /** Reads what is new. @returns the objects that it names, to be looked at; none at the first look */
  async refresh(): Promise<readonly Suspect[]> {
    const { clock, signal, onError } = this.#options;
    const audit = this.#options.audit();
    if (!audit) return [];
    const to = clock.now();
    const from = this.#until === undefined ? to - firstLookMs : this.#until - overlapMs;
    /** By object, newest first: the trail may be long, and not all of it is kept even for the while. */
    const found = new Map<string, AuditChange[]>();
    try {
      const span = { from, to: to + overlapMs };
      for await (const change of audit.changesSince(span, { priority: 'sync', signal })) note(found, change);
    } catch (error) {
      if (signal.aborted) throw error;
      onError(error);
      // What was read of a trail that is too long is its newest part, and reading it again would end there again.
      if (!(error instanceof AuditTrailTooLong)) return [];
    }
    const suspects = new Map<string, Suspect>();
    for (const change of [...found.values()].reverse().flatMap((changes) => changes.reverse())) {
      if (!this.#keep(change) || !change.objectType || this.#until === undefined) continue;
      if (change.at <= (this.#ours.get(change.objectId) ?? Number.NEGATIVE_INFINITY)) continue;
      const { objectType: type, objectId: id } = change;
      suspects.set(`${type}/${id}`, { type, id });
    }
    this.#until = to;
    return [...suspects.values()];
  }

  /** @returns false for one that is known already */
  #keep(change: AuditChange): boolean {
    const known = this.#changes.get(change.objectId) ?? [];
    if (known.some((other) => isSame(other, change))) return false;
    const changes = [change, ...known].toSorted((a, b) => b.at - a.at).slice(0, maxChangesOfOne);
    remember(this.#changes, change.objectId, changes);
    return true;
  }
}

/** Takes up a record of a trail that is read newest first: of each object the latest, of the latest objects. */
function note(found: Map<string, AuditChange[]>, change: AuditChange): void {
  const known = found.get(change.objectId);
  if (known && known.length < maxChangesOfOne) known.push(change);
  else if (!known && found.size < maxObjects) found.set(change.objectId, [change]);
}

/** The latest stay when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxObjects && oldest !== undefined) map.delete(oldest);
}

function isSame(a: AuditChange, b: AuditChange): boolean {
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id;
  return a.at === b.at && a.actor === b.actor && a.event === b.event;
}

/** `serviceInfo.extensions[id=7yK].callWaitingEnabled`: its members, without selectors. */
export function namesOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.flatMap((path) => path.replace(/\[[^\]]*\]/g, '').split('.')));
}

/** Details that nobody could read may be about anything; a deletion is about everything. */
export function touches({ fields, event }: AuditChange, names: ReadonlySet<string>): boolean {
  if (fields === undefined || event === 'delete' || names.size === 0) return true;
  return fields.some((field) => names.has(field.split('.').at(-1) ?? field));
}
