import type { Collection, ObjectType, ObservedAccount, ObservedObject } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import { jsonEqual } from '../foundation/json.ts';
import type { Priority } from './budget.ts';
import type { PhoneSystemClient, RequestOptions } from './client.ts';
import { collections, idOf, lastUpdatedOf } from './collections.ts';
import type { ApiError } from './errors.ts';
import { eq, or } from './rsql.ts';
import { asFailure, assemble, readCollection, rowWithoutId, type Snapshot } from './snapshot.ts';

export interface ChangesOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: `sync`. */
  readonly priority?: Priority;
  /** Which collections matter. */
  readonly types: readonly ObjectType[];
  /** How many requests a check may cost while nothing has changed. Default: 5. */
  readonly maxRequests?: number;
  /** Objects to read one by one on top of that, such as those that the audit trail names. */
  readonly suspects?: readonly { readonly type: ObjectType; readonly id: string }[];
}

export interface Changes extends Snapshot {
  /**
   * What this check looked at: `whole` collections, or the `newest` changes of one. What is not in it is as old
   * as its collection's `readAt`.
   */
  readonly covered: ReadonlyMap<ObjectType, 'whole' | 'newest'>;
  /** Objects that are new or read differently than before. */
  readonly changed: readonly ObservedObject[];
  /** Objects no longer listed in a collection read whole; only those in `gone`, too, are surely gone. */
  readonly missing: readonly ObservedObject[];
}

type ReadCollection = Extract<Collection, { readonly state: 'read' }>;

/** Rows may become visible a little after the time they carry. */
const overlapMs = 60_000;
/**
 * So many known rows in a row are the end of what is new, also where many carry one time (a mass import). Deep
 * enough for rows that became visible late: at 100 requests a minute, half a minute of writes.
 */
const knownInARow = 50;
/** Enough for what people change between two checks; a mass change is read in larger pages. */
const newestPageSize = 100;

/**
 * A cheap look at an account known from an earlier full reading. Users are read newest change first, down to
 * what is known; the other collections in turn, the longest unread first, as far as `maxRequests` goes. Numbers
 * being ported are asked for by their status when the whole inventory is too large.
 *
 * It cannot see, in a collection that was not read whole: deletions, changes that leave the time of the last
 * update alone (ring-group membership, settings kept elsewhere), and in collections whose turn has not come
 * anything at all. A collection that was never read is left to a full reading. Rejects as readAccount does.
 */
export async function readChanges(
  client: PhoneSystemClient,
  previous: ObservedAccount,
  options: ChangesOptions,
): Promise<Changes> {
  const check = new Check(client, previous, options);
  await check.run();
  return check.result();
}

class Check {
  readonly #client: PhoneSystemClient;
  readonly #previous: ObservedAccount;
  readonly #options: ChangesOptions;
  readonly #request: RequestOptions;
  readonly #read = new Map<ObjectType, Collection>();
  readonly #covered = new Map<ObjectType, 'whole' | 'newest'>();
  readonly #failures = new Map<ObjectType, ApiError>();
  readonly #gone: Map<string, number>;
  #requests = 0;

  constructor(client: PhoneSystemClient, previous: ObservedAccount, options: ChangesOptions) {
    this.#client = client;
    this.#previous = previous;
    this.#options = options;
    this.#request = { priority: options.priority ?? 'sync', signal: options.signal };
    this.#gone = new Map(previous.gone);
  }

  result(): Changes {
    return {
      ...assemble(this.#read, this.#previous, {
        requests: this.#requests,
        failures: this.#failures,
        privilegeTree: this.#previous.privilegeTree,
        gone: this.#gone,
      }),
      covered: this.#covered,
      ...this.#differences(),
    };
  }

  #differences(): Pick<Changes, 'changed' | 'missing'> {
    const changed: ObservedObject[] = [];
    const missing: ObservedObject[] = [];
    for (const [type, now] of this.#read) {
      const before = this.#previous.collections[type];
      if (now.state !== 'read' || before.state !== 'read') continue;
      for (const [id, object] of now.objects) {
        const known = before.objects.get(id);
        if (object !== known && !jsonEqual(object.body, known?.body)) changed.push(object);
      }
      for (const [id, object] of before.objects) if (!now.objects.has(id)) missing.push(object);
    }
    return { changed, missing };
  }

  async run(): Promise<void> {
    let left = this.#options.maxRequests ?? 5;
    for (const { type, collection } of this.#inTurn()) {
      const pages = Math.max(1, Math.ceil(collection.objects.size / collections[type].maxPageSize));
      // One page shows deletions too: there is nothing cheaper than the whole then.
      const whole = pages === 1 || !collections[type].newestFirst ? pages : 1;
      if (whole <= left) {
        left -= whole;
        await this.#attempt(type, () =>
          pages === 1 || !collections[type].newestFirst ? this.#whole(type) : this.#newest(type, collection),
        );
      } else if (type === 'phoneNumber' && left > 0 && inPorting(collection).length > 0) {
        left -= 1;
        await this.#attempt(type, () => this.#numbersInPorting(collection));
      }
    }
    for (const { type, id } of this.#options.suspects ?? [])
      await this.#attempt(type, () => this.#one(type, id));
  }

  /** Those that show their changes first, then by age. */
  #inTurn(): { readonly type: ObjectType; readonly collection: ReadCollection }[] {
    return this.#options.types
      .flatMap((type) => {
        const collection = this.#previous.collections[type];
        return collection.state === 'read' ? [{ type, collection }] : [];
      })
      .sort(
        (a, b) =>
          Number(b.type === 'user') - Number(a.type === 'user') || a.collection.readAt - b.collection.readAt,
      );
  }

  /** What fails is left as it was known. */
  async #attempt(type: ObjectType, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#failures.set(type, asFailure(error, this.#options.signal));
    }
  }

  async #whole(type: ObjectType): Promise<void> {
    const { collection, requests } = await readCollection(this.#client, type, this.#options);
    this.#requests += requests;
    this.#read.set(type, collection);
    this.#covered.set(type, 'whole');
  }

  async #newest(type: ObjectType, known: ReadCollection): Promise<void> {
    const since = newestTime(type, known);
    const changed = new Map<string, ObservedObject>();
    let end = await this.#readDownTo(type, since, changed, known, newestPageSize, 1);
    if (end === 'more') {
      end = await this.#readDownTo(type, since, changed, known, collections[type].maxPageSize, undefined);
    }
    this.#merge(type, known, changed);
    if (end === 'reached') this.#covered.set(type, 'newest');
  }

  /** @returns whether it came to what is known; `blind` when rows do not show when they were updated */
  async #readDownTo(
    type: ObjectType,
    since: number,
    changed: Map<string, ObservedObject>,
    known: ReadCollection,
    pageSize: number,
    maxPages: number | undefined,
  ): Promise<'reached' | 'more' | 'blind'> {
    const { clock } = this.#options;
    const sort = collections[type].newestFirst?.sort;
    let readAt = clock.now();
    let inARow = 0;
    const pages = this.#client.list(type, {
      ...this.#request,
      pageSize,
      ...(sort === undefined ? {} : { sort }),
      ...(maxPages === undefined ? {} : { maxPages }),
    });
    for await (const page of pages) {
      this.#requests++;
      let older = false;
      let blind = false;
      for (const body of page.objects) {
        const id = idOf(type, body);
        if (id === undefined) throw rowWithoutId(type);
        const time = lastUpdatedOf(type, body);
        const before = known.objects.get(id);
        if (time === undefined) blind = true;
        else if (Date.parse(time) < since - overlapMs) older = true;
        if (before && (time === undefined || lastUpdatedOf(type, before.body) === time)) {
          inARow++;
        } else {
          inARow = 0;
          changed.set(id, { type, id, body, source: 'row', readAt });
        }
      }
      if (blind) return 'blind';
      if (page.last || older || inARow >= knownInARow) return 'reached';
      readAt = clock.now();
    }
    return 'more';
  }

  async #numbersInPorting(known: ReadCollection): Promise<void> {
    const { clock } = this.#options;
    const readAt = clock.now();
    const filter = or(eq('status', 'PRE_PORTING'), eq('status', 'PORTING'));
    const found = new Map<string, ObservedObject>();
    for await (const page of this.#client.list('phoneNumber', { ...this.#request, filter })) {
      this.#requests++;
      for (const body of page.objects) {
        const id = idOf('phoneNumber', body);
        if (id === undefined) throw rowWithoutId('phoneNumber');
        found.set(id, { type: 'phoneNumber', id, body, source: 'row', readAt });
      }
    }
    this.#merge('phoneNumber', known, found);
    this.#covered.set('phoneNumber', 'newest');
    // A port that is over shows here only by its absence.
    for (const id of inPorting(known)) if (!found.has(id)) await this.#one('phoneNumber', id);
  }

  async #one(type: ObjectType, id: string): Promise<void> {
    const known = this.#read.get(type) ?? this.#previous.collections[type];
    if (known.state !== 'read') return;
    const readAt = this.#options.clock.now();
    const body = await this.#client.get(type, id, this.#request);
    this.#requests++;
    if (body) {
      this.#gone.delete(`${type}/${id}`);
      this.#merge(type, known, new Map([[id, { type, id, body, source: 'single', readAt }]]));
      return;
    }
    this.#gone.set(`${type}/${id}`, this.#options.clock.now());
    const objects = new Map(known.objects);
    objects.delete(id);
    this.#read.set(type, { ...known, objects });
  }

  /** The time of the whole reading stays: what else was deleted since is still not known. */
  #merge(type: ObjectType, known: ReadCollection, changed: ReadonlyMap<string, ObservedObject>): void {
    if (changed.size === 0) return;
    for (const id of changed.keys()) this.#gone.delete(`${type}/${id}`);
    this.#read.set(type, { ...known, objects: new Map([...known.objects, ...changed]) });
  }
}

function inPorting(numbers: ReadCollection): string[] {
  return [...numbers.objects.values()]
    .filter(({ body }) => body.status === 'PRE_PORTING' || body.status === 'PORTING')
    .map(({ id }) => id);
}

/** Milliseconds since the epoch; -Infinity when no object shows a time, so that all are read. */
function newestTime(type: ObjectType, known: ReadCollection): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { body } of known.objects.values()) {
    const time = Date.parse(lastUpdatedOf(type, body) ?? '');
    if (time > newest) newest = time;
  }
  return newest;
}
