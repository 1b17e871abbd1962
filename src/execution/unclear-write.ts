import type { ObjectType, ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import { OperationFailed } from './in-flight.ts';
import { revisionOf } from './list-row.ts';
import { lookUp } from './look-up.ts';

/** The guide: 2–5 s for a simple operation, 5–15 s for a complex one, over 60 s is suspicious. */
const searchDelaysMs = [3_000, 12_000, 45_000];
/** Up to the guide's limit where nothing but this search keeps a second one from being made. */
const longSearchDelaysMs = [...searchDelaysMs, 60_000, 180_000];
/** The phone system takes two of them, each with its consequences: a mail to a person, an order to a carrier. */
const mayBeMadeTwice: ReadonlySet<ObjectType> = new Set(['invitation', 'portingOrder']);

export interface SearchOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * The phone system could not be asked, though it is time to know. True: it is asked until it answers. False: the write
   * is left to the next process.
   */
  readonly outOfReach: (message: string) => boolean;
  /** Its operation is over by now, if there was one: its place among those under way must not keep others waiting. */
  readonly surelyOver: () => void;
}

/** What the phone system has, or why it could not be asked. */
type Look = { readonly object: ObservedObject | undefined } | { readonly error: unknown };

/** Between two questions to a phone system that does not answer them. */
const askAgainMs = 60_000;

/**
 * Looks for what an unclear write may have made, for as long as a complex operation takes to show. An update is looked
 * for until the object is marked as changed since; without such a mark, what is there in the end is returned. A look
 * that fails tells nothing: an outage that began with the answer to the write must not make it be sent twice.
 * @param since when the write was begun, in milliseconds since the epoch
 * @throws OperationFailed `running` when it could not be asked and is left to the next process
 */
export async function searchUnclear(
  change: Change,
  since: number,
  options: SearchOptions,
): Promise<ObservedObject | undefined> {
  const { clock, signal, surelyOver } = options;
  let last: ObservedObject | undefined;
  const delays = mayBeMadeTwice.has(change.type) ? longSearchDelaysMs : searchDelaysMs;
  for (const [index, delay] of delays.entries()) {
    const left = since + searchedByMs(delays, index) - clock.now();
    // What began long ago needs one look: by now it would have shown. One whose time came while nobody looked is due.
    const isLast = index === delays.length - 1;
    if (!isLast && since + searchedByMs(delays, index + 1) <= clock.now()) continue;
    await clock.sleep(Math.min(delay, Math.max(0, left)), signal);
    if (index >= searchDelaysMs.length - 1) surelyOver();
    const seen = isLast ? await askUntilAnswered(change, since, options) : await look(change, since, options);
    if ('error' in seen) continue;
    last = seen.object;
    if (last ? change.action !== 'Update' || isMarked(last, since) : change.objectId !== undefined)
      return last;
  }
  return last;
}

async function askUntilAnswered(
  change: Change,
  since: number,
  options: SearchOptions,
): Promise<{ readonly object: ObservedObject | undefined }> {
  const { clock, outOfReach, signal } = options;
  for (let attempt = 1; ; attempt++) {
    const seen = await look(change, since, options);
    if (!('error' in seen)) return seen;
    const { error } = seen;
    const why = error instanceof Error ? error.message : String(error);
    const message = `Whether this was carried out is not known, and can't be looked up: ${why}. Nothing else is sent to its object before it is known`;
    if (attempt === 1 && !outOfReach(message)) throw new OperationFailed(message, [], 'running');
    await clock.sleep(askAgainMs, signal);
  }
}

async function look(change: Change, since: number, { client, clock, signal }: SearchOptions): Promise<Look> {
  try {
    return { object: await lookUp(change, client, clock, since, { priority: 'cleanup', signal }) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { error };
  }
}

function isMarked({ body }: ObservedObject, since: number): boolean {
  return Date.parse(revisionOf(body) ?? '') >= since;
}

function searchedByMs(delays: readonly number[], index: number): number {
  return delays.slice(0, index + 1).reduce((sum, delay) => sum + delay, 0);
}
