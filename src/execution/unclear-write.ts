import type { ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import { revisionOf } from './list-row.ts';
import { lookUp } from './look-up.ts';

/** The guide: 2–5 s for a simple operation, 5–15 s for a complex one, over 60 s is suspicious. */
const searchDelaysMs = [3_000, 12_000, 45_000];

export interface SearchOptions {
  readonly client: PhoneSystemClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Looks for what an unclear write may have made, for as long as a complex operation takes to show. An update is looked
 * for until the object is marked as changed since; without such a mark, what is there in the end is returned.
 * @param since when the write was begun, in milliseconds since the epoch
 */
export async function searchUnclear(
  change: Change,
  since: number,
  { client, clock, signal }: SearchOptions,
): Promise<ObservedObject | undefined> {
  let last: ObservedObject | undefined;
  for (const [index, delay] of searchDelaysMs.entries()) {
    const left = since + searchedByMs(index) - clock.now();
    // What began long ago needs one look: by now it would have shown. One whose time came while nobody looked is due.
    const isLast = index === searchDelaysMs.length - 1;
    if (!isLast && since + searchedByMs(index + 1) <= clock.now()) continue;
    await clock.sleep(Math.min(delay, Math.max(0, left)), signal);
    last = await lookUp(change, client, clock, since, { priority: 'cleanup', signal });
    if (last ? change.action !== 'Update' || isMarked(last, since) : change.objectId !== undefined)
      return last;
  }
  return last;
}

function isMarked({ body }: ObservedObject, since: number): boolean {
  return Date.parse(revisionOf(body) ?? '') >= since;
}

function searchedByMs(index: number): number {
  return searchDelaysMs.slice(0, index + 1).reduce((sum, delay) => sum + delay, 0);
}
