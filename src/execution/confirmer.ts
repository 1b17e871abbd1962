import type { ObjectType } from '../account/objects.ts';
import type { JsonObject } from '../foundation/json.ts';
import { collections, idOf } from '../phonesystem/collections.ts';
import { or } from '../phonesystem/rsql.ts';
import { Alarm } from './alarm.ts';
import type { InFlight } from './in-flight.ts';
import { LatencyEstimate } from './latency.ts';
import { judgeRow, observed, revisionOf, userName } from './list-row.ts';
import { firstPollMs, type ListTiming, minPollMs, nextListAt } from './list-timing.ts';
import { findingFilter, isObjectOf } from './look-up.ts';
import { OperationQuery, type OperationQueryOptions } from './operation-query.ts';
import { type Tracked, TrackedWrites } from './tracked-writes.ts';

/** So many operations that should have been over by all that is known. */
const surprisesOfChange = 3;
/** Operations that are due within this time are asked for together. */
const togetherMs = 1_500;
/** After so many lists that did not show it, an operation is asked for by itself: it may have failed. */
const asksTogether = 3;
/** Rows asked for beyond what is in flight: other people's writes take places in the newest-first list. */
const spareRows = 20;

type Foreseen = Tracked & { readonly latency: LatencyEstimate };

export type ConfirmerOptions = ListTiming & OperationQueryOptions;

/**
 * Learns the end of accepted writes. All users in flight are confirmed by one newest-first list, whose rows must
 * show every declared value; what a list can't tell is asked for one by one. One loop for the whole account, so
 * that ten operations in flight do not cost ten polls a second.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #alarm: Alarm;
  readonly #writes: TrackedWrites;
  readonly #query: OperationQuery;
  readonly #latencies = { Create: new LatencyEstimate(), Update: new LatencyEstimate() };
  #listedAt = 0;
  #running: Promise<void> | undefined;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#writes = new TrackedWrites(options.clock);
    this.#query = new OperationQuery(options, this.#writes);
    options.signal.addEventListener('abort', () => this.#alarm.ring(), { once: true });
  }

  get inFlight(): number {
    return this.#writes.size;
  }

  /** Follows a write to its end. */
  track(write: InFlight): void {
    const { signal } = this.#options;
    if (signal.aborted) {
      // Accepted in the very moment of stopping: the next process follows it.
      write.reject(signal.reason);
      return;
    }
    const latency = this.#latencyOf(write);
    write.slot.accepted(write.acceptedAt, latency);
    this.#writes.add({
      ...write,
      latency,
      missedAt: write.acceptedAt,
      askAt: latency ? Number.POSITIVE_INFINITY : write.acceptedAt + firstPollMs,
      asked: 0,
      differed: 0,
    });
    this.#running ??= this.#run();
    this.#alarm.ring();
  }

  /** What was learned of latencies turned out wrong. */
  forgetLatencies(): void {
    this.#latencies.Create.forget();
    this.#latencies.Update.forget();
  }

  /** Of what the list of users shows; everything else is asked for one by one. */
  #latencyOf(write: InFlight): LatencyEstimate | undefined {
    const { action, type } = write.change;
    return type === 'user' && (action === 'Create' || (action === 'Update' && isShown(write)))
      ? this.#latencies[action]
      : undefined;
  }

  async #run(): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      while (this.#writes.size > 0 && !signal.aborted) {
        const listAt = nextListAt(this.#listed(), this.#listedAt, this.#options);
        const askAt = Math.min(...this.#writes.all.map((tracked) => tracked.askAt));
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
      else if (this.#writes.size > 0) this.#running = this.#run();
    }
  }

  #abandon(reason: unknown): void {
    for (const tracked of this.#writes.all) this.#writes.fail(tracked, reason);
  }

  #listed(): Foreseen[] {
    return this.#writes.all.filter((tracked) => isForeseen(tracked));
  }

  async #list(): Promise<void> {
    const { client, clock, signal } = this.#options;
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
      for (const tracked of waiting) this.#writes.askLater(tracked);
      this.#listedAt = clock.now();
      return;
    }
    this.#listedAt = clock.now();
    let surprises = 0;
    for (const tracked of waiting) {
      if (!this.#writes.has(tracked)) continue;
      const id = tracked.change.objectId;
      const row = id !== undefined ? rows.get(id) : names.get(tracked.change.naturalKey.toLowerCase());
      const verdict = row ? judgeRow(tracked, row) : 'notYet';
      if (row && verdict !== 'notYet') {
        this.#learn(tracked, row);
        if (verdict === 'shown') this.#writes.finish(tracked, observed('user', row, 'row', startedAt));
        else await this.#query.readOne(tracked, idOf('user', row));
      } else {
        const { latency, acceptedAt, missedAt } = tracked;
        const expected = 1 - latency.stillRunning(startedAt - acceptedAt, missedAt - acceptedAt);
        if (expected > 0.95) surprises++;
        tracked.slot.missed(startedAt);
        tracked.missedAt = startedAt;
        const age = startedAt - acceptedAt;
        const isLate = this.#options.backlog() === 0 && latency.finishedBy(age) >= 1;
        if (tracked.asked === 0 && (isLate || age > this.#overdueMs(latency))) tracked.askAt = clock.now();
      }
    }
    // One straggler happens; several at once mean that all have become slower.
    if (surprises >= surprisesOfChange) this.forgetLatencies();
  }

  #learn(tracked: Foreseen, row: JsonObject): void {
    const { acceptedAt, missedAt, latency, slot } = tracked;
    const markedAt = Date.parse(revisionOf(row) ?? '');
    slot.over();
    latency.observe({
      acceptedAt,
      seenAt: this.#listedAt,
      ...(missedAt > acceptedAt ? { missedAt } : {}),
      ...(Number.isNaN(markedAt) ? {} : { markedAt }),
    });
  }

  /** An operation that takes longer than nearly all others may have failed, which a list never shows. */
  #overdueMs(latency: LatencyEstimate): number {
    return latency.quantile(0.9) * 2 + minPollMs;
  }

  async #askDue(): Promise<void> {
    const now = this.#options.clock.now();
    const due = this.#writes.all.filter((tracked) => tracked.askAt <= now + togetherMs);
    const byType = Map.groupBy(due, (tracked) =>
      isShownByFilter(tracked) ? tracked.change.type : undefined,
    );
    for (const [type, group] of byType) {
      const patient = group.filter((tracked) => tracked.asked < asksTogether);
      if (type !== undefined && patient.length > 1) await this.#askTogether(type, patient);
      for (const tracked of group) {
        if (this.#writes.has(tracked) && tracked.askAt <= now) await this.#query.ask(tracked);
      }
    }
  }

  /** One filtered list instead of a question for each operation and a read after it. */
  async #askTogether(type: ObjectType, group: readonly Tracked[]): Promise<void> {
    const { client, clock, signal } = this.#options;
    const startedAt = clock.now();
    const [first, ...others] = group.flatMap((tracked) => findingFilter(tracked.change) ?? []);
    if (first === undefined) return;
    const rows: JsonObject[] = [];
    try {
      for await (const page of client.list(type, {
        filter: or(first, ...others),
        priority: 'confirm',
        signal,
      })) {
        rows.push(...page.objects);
      }
    } catch {
      // Each is asked for by itself then, with its own patience.
      return;
    }
    for (const tracked of group) {
      const row = rows.find((candidate) => isObjectOf(tracked.change, candidate, tracked.acceptedAt));
      const verdict = row ? judgeRow(tracked, row) : 'notYet';
      if (row && verdict === 'shown') {
        tracked.slot.over();
        this.#writes.finish(tracked, observed(type, row, 'row', startedAt));
      } else if (row && verdict === 'hidden') await this.#query.readOne(tracked, idOf(type, row));
      else this.#writes.askLater(tracked);
    }
  }
}

/** Where a list can be filtered by id or natural key; the published collections promise no such filter but by name. */
function isShownByFilter(write: InFlight): boolean {
  const { type, action } = write.change;
  if (type === 'user' || collections[type].published) return false;
  return action === 'Create' || (action === 'Update' && isShown(write));
}

/** Which values an earlier process sent is not known: only the operation tells of the end of its update. */
function isShown({ fields }: InFlight): boolean {
  return fields.length > 0;
}

function isForeseen(tracked: Tracked): tracked is Foreseen {
  return tracked.latency !== undefined;
}
