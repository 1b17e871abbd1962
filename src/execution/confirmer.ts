import { holds } from '../account/apply.ts';
import type { ObservedObject } from '../account/objects.ts';
import { read } from '../account/path.ts';
import type { Clock } from '../foundation/clock.ts';
import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import { idOf } from '../phonesystem/collections.ts';
import { Alarm } from './alarm.ts';
import { type InFlight, OperationFailed } from './in-flight.ts';
import { LatencyEstimate } from './latency.ts';

/** The guide's limits: a first poll after 1–2 s, never faster than one a second, give up after 5 minutes. */
const firstPollMs = 2_000;
const minPollMs = 1_000;
const giveUpMs = 5 * 60_000;
/** Rows asked for beyond what is in flight: other people's writes take places in the newest-first list. */
const spareRows = 20;

interface Tracked extends InFlight {
  /** When this operation is to be asked for by itself; Infinity while the list is expected to show it. */
  askAt: number;
  asked: number;
}

export interface ConfirmerOptions {
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How many writes wait for a free operation slot. */
  readonly backlog: () => number;
}

/**
 * Learns the end of accepted writes. All users in flight are confirmed by one newest-first list, whose rows must
 * show every declared value; what a list can't tell is asked for one by one. One loop for the whole account, so
 * that ten operations in flight do not cost ten polls a second.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #alarm: Alarm;
  readonly #tracked = new Set<Tracked>();
  readonly #latency = new LatencyEstimate();
  #listedAt = 0;
  #running: Promise<void> | undefined;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    options.signal.addEventListener('abort', () => this.#alarm.ring(), { once: true });
  }

  get inFlight(): number {
    return this.#tracked.size;
  }

  /** Follows a write to its end. */
  track(write: InFlight): void {
    // A write of an earlier run has no fields to compare: only its operation tells.
    const byList =
      write.change.type === 'user' && write.fields.length > 0 && write.change.action !== 'Delete';
    this.#tracked.add({
      ...write,
      askAt: byList ? Number.POSITIVE_INFINITY : write.acceptedAt + firstPollMs,
      asked: 0,
    });
    this.#running ??= this.#run();
    this.#alarm.ring();
  }

  async #run(): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      while (this.#tracked.size > 0 && !signal.aborted) {
        const listAt = this.#nextListAt();
        const askAt = Math.min(...[...this.#tracked].map((tracked) => tracked.askAt));
        const due = Math.min(listAt, askAt);
        if (due > clock.now()) {
          await this.#alarm.wait(due);
          continue;
        }
        if (askAt <= listAt) await this.#askDue();
        else await this.#list();
      }
    } finally {
      this.#running = undefined;
      if (signal.aborted) this.#abandon(signal.reason);
      else if (this.#tracked.size > 0) this.#running = this.#run();
    }
  }

  #abandon(reason: unknown): void {
    for (const tracked of this.#tracked) tracked.reject(reason);
    this.#tracked.clear();
  }

  #listed(): Tracked[] {
    return [...this.#tracked].filter((tracked) => tracked.askAt === Number.POSITIVE_INFINITY);
  }

  /**
   * A list is worth its request once what it frees can be used: when the budget could pay for as many writes
   * as are in flight, or when all of them are likely over. With nobody waiting for a slot, a person is: then
   * as soon as half of them are likely over.
   */
  #nextListAt(): number {
    const listed = this.#listed();
    if (listed.length === 0) return Number.POSITIVE_INFINITY;
    const { clock, budget } = this.#options;
    const earliest = Math.max(
      Math.min(...listed.map((tracked) => tracked.acceptedAt)) + firstPollMs,
      this.#listedAt + minPollMs,
    );
    const backlog = this.#options.backlog();
    if (backlog === 0) {
      const youngest = Math.max(...listed.map((tracked) => tracked.acceptedAt));
      return Math.max(earliest, youngest + (listed.length > 1 ? this.#latency.quantile(0.5) : 0));
    }
    const allOver =
      Math.max(...listed.map((tracked) => tracked.acceptedAt)) + this.#latency.quantile(0.99) + 100;
    const payable = clock.now() + budget.nextAvailable(1 + Math.min(backlog, listed.length));
    return Math.max(earliest, Math.min(allOver, payable));
  }

  async #list(): Promise<void> {
    const { client, clock, signal } = this.#options;
    const before = this.#listedAt;
    const waiting = this.#listed();
    const rows = new Map<string, JsonObject>();
    const names = new Map<string, JsonObject>();
    const startedAt = clock.now();
    try {
      const pages = client.list('user', {
        sort: '-basicInfo.lastUpdatedTime',
        pageSize: Math.min(1000, waiting.length + spareRows),
        maxPages: 1,
        priority: 'confirm',
        signal,
      });
      for await (const page of pages) {
        for (const row of page.objects) {
          const id = idOf('user', row);
          if (id !== undefined) rows.set(id, row);
          const name = userName(row);
          if (name !== undefined) names.set(name, row);
        }
      }
    } catch {
      if (signal.aborted) return;
      // The list is out of reach for now: each operation is asked for by itself, with its own patience.
      for (const tracked of waiting) this.#askLater(tracked);
      this.#listedAt = clock.now();
      return;
    }
    this.#listedAt = clock.now();
    for (const tracked of waiting) {
      if (!this.#tracked.has(tracked)) continue;
      const id = tracked.change.objectId;
      const row = id !== undefined ? rows.get(id) : names.get(tracked.change.naturalKey.toLowerCase());
      const verdict = row ? judgeRow(tracked, row) : 'notYet';
      if (row && verdict === 'shown') {
        const accepted = tracked.acceptedAt;
        this.#latency.observe((Math.max(before, accepted) + startedAt) / 2 - accepted);
        this.#finish(tracked, observed('user', row, 'row', startedAt));
      } else if (row && verdict === 'hidden') {
        await this.#readOne(tracked, idOf('user', row));
      } else if (startedAt - tracked.acceptedAt > this.#overdueMs()) {
        tracked.askAt = clock.now();
      }
    }
  }

  /** An operation that takes longer than nearly all others may have failed, which a list never shows. */
  #overdueMs(): number {
    return this.#latency.quantile(0.99) * 1.5 + minPollMs;
  }

  #askLater(tracked: Tracked): void {
    tracked.asked++;
    tracked.askAt = this.#options.clock.now() + Math.min(16_000, 1_000 * 2 ** Math.min(4, tracked.asked));
  }

  async #askDue(): Promise<void> {
    const now = this.#options.clock.now();
    for (const tracked of [...this.#tracked]) if (tracked.askAt <= now) await this.#ask(tracked);
  }

  async #ask(tracked: Tracked): Promise<void> {
    const { client, clock, signal } = this.#options;
    if (clock.now() - tracked.acceptedAt > giveUpMs) {
      this.#tracked.delete(tracked);
      tracked.reject(
        new OperationFailed(
          `Operation ${tracked.operationId} has not ended within 5 minutes; give this id to the provider's support`,
          [],
          true,
        ),
      );
      return;
    }
    try {
      const state = await client.operation(tracked.operationId, { priority: 'confirm', signal });
      if (state.status === 'FAILED') {
        this.#tracked.delete(tracked);
        tracked.reject(
          new OperationFailed(state.error?.message ?? 'The operation failed', state.error?.fields ?? []),
        );
      } else if (state.status === 'COMPLETED') {
        if (tracked.change.action === 'Delete') this.#finish(tracked, undefined);
        else await this.#readOne(tracked, state.resourceId ?? tracked.change.objectId);
      } else if (state.status === 'UNKNOWN') {
        await this.#readOne(tracked, tracked.change.objectId);
      } else {
        this.#askLater(tracked);
      }
    } catch {
      if (signal.aborted) return;
      this.#askLater(tracked);
    }
  }

  /** The values themselves confirm: an operation may be over before its effect can be read. */
  async #readOne(tracked: Tracked, id: string | undefined): Promise<void> {
    if (id === undefined) {
      this.#askLater(tracked);
      return;
    }
    const { client, clock, signal } = this.#options;
    const startedAt = clock.now();
    try {
      const body = await client.get(tracked.change.type, id, { priority: 'confirm', signal });
      if (body && tracked.fields.every((field) => field.createOnly || holds(body, field) !== 'no')) {
        this.#latency.observe(startedAt - tracked.acceptedAt);
        this.#finish(tracked, observed(tracked.change.type, body, 'single', startedAt));
        return;
      }
      if (body && tracked.asked >= 5) {
        // Long enough for provisioning to catch up: the next comparison says what did not come through.
        this.#finish(tracked, observed(tracked.change.type, body, 'single', startedAt));
        return;
      }
    } catch {
      if (signal.aborted) return;
    }
    this.#askLater(tracked);
  }

  #finish(tracked: Tracked, object: ObservedObject | undefined): void {
    if (this.#tracked.delete(tracked)) tracked.resolve(object);
  }
}

function userName(row: JsonObject): string | undefined {
  const name = read(row, ['basicInfo', 'userName']);
  return name.present && typeof name.value === 'string' ? name.value.toLowerCase() : undefined;
}

/** The phone system's mark of the last update of a user. */
export function revisionOf(body: JsonObject): string | undefined {
  const time = isJsonObject(body.basicInfo) ? body.basicInfo.lastUpdatedTime : body.lastUpdatedTime;
  return typeof time === 'string' ? time : undefined;
}

/** Does a list row show the write? `hidden`: it is over, but the row does not carry all declared paths. */
function judgeRow(tracked: InFlight, row: JsonObject): 'shown' | 'hidden' | 'notYet' {
  let hidden = false;
  for (const field of tracked.fields) {
    if (field.createOnly) continue;
    const verdict = holds(row, field);
    if (verdict === 'no') return 'notYet';
    if (verdict === 'unknown') hidden = true;
  }
  if (!hidden) return 'shown';
  if (tracked.change.action === 'Create') return 'hidden';
  return revisionOf(row) !== tracked.revisionBefore ? 'hidden' : 'notYet';
}

function observed(
  type: ObservedObject['type'],
  body: JsonObject,
  source: 'row' | 'single',
  readAt: number,
): ObservedObject {
  return { type, id: idOf(type, body) ?? '', body, source, readAt };
}
