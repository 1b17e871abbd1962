import type { Clock } from '../foundation/clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { LatencyEstimate } from './latency.ts';

/** The guide's limits: a first poll after 1–2 s, never faster than one a second. */
export const firstPollMs = 2_000;
export const minPollMs = 1_000;
/** With many writes waiting, one list for so many ends keeps its share of the requests small. */
const manyEnds = 16;
const fewestEnds = 3;
/** While writes go on, an end that is likely is looked for after this time at the latest. */
const longestUnseenMs = 20_000;
const reconsiderMs = 250;

/** A write in flight whose end a list will show. Times in ms. */
interface Awaited {
  readonly acceptedAt: number;
  /** When it was last seen not to be over; at first, when it was accepted. */
  readonly missedAt: number;
  /** How often its operation was asked for by itself. */
  readonly asked: number;
  readonly latency: LatencyEstimate;
}

/** What decides, besides the writes in flight, when a list is worth its request. */
export interface ListTiming {
  readonly budget: RequestBudget;
  readonly clock: Clock;
  /** How many writes wait for a free operation slot. */
  readonly backlog: () => number;
  /** Whether they wait because there is no place for another operation. */
  readonly full: () => boolean;
}

/**
 * When to list next; Infinity while a list would show the end of nothing. To be asked again and again: what is likely
 * over, and what could be paid for, changes with time.
 *
 * @param listedAt when the last list was made
 */
export function nextListAt(awaited: readonly Awaited[], listedAt: number, timing: ListTiming): number {
  if (awaited.length === 0) return Number.POSITIVE_INFINITY;
  const earliest = Math.max(
    Math.min(...awaited.map(({ acceptedAt }) => acceptedAt)) + firstPollMs,
    listedAt + minPollMs,
  );
  const now = timing.clock.now();
  if (now < earliest) return earliest;
  return isWorthwhile(awaited, listedAt, now, timing) ? now : now + reconsiderMs;
}

/**
 * With nobody waiting for a place, a person is: a list is worth its request as soon as half of the operations
 * are likely over. Otherwise once it shows the end of many; before, when no further write has a place and the
 * budget could pay for those that take the places it frees; and when an end may have waited long to be seen.
 */
function isWorthwhile(
  awaited: readonly Awaited[],
  listedAt: number,
  now: number,
  { backlog, budget, full }: ListTiming,
): boolean {
  const waiting = backlog();
  const over = awaited.reduce((sum, write) => sum + likelyOver(write, now), 0);
  if (waiting === 0) return over >= Math.max(0.9, awaited.length / 2);
  if (over >= manyEnds) return true;
  const unseenSince = Math.max(
    listedAt,
    Math.min(...awaited.filter(({ asked }) => asked === 0).map(({ acceptedAt }) => acceptedAt)),
  );
  if (now - unseenSince > longestUnseenMs) return true;
  if (over < fewestEnds || !full()) return false;
  return budget.nextAvailable(1 + Math.min(waiting, Math.ceil(over))) === 0;
}

/** How likely a list shows its end now, between 0 and 1. */
function likelyOver({ latency, acceptedAt, missedAt }: Awaited, now: number): number {
  const before = latency.finishedBy(missedAt - acceptedAt);
  // Later than all that is known: the later, the longer it may take still.
  if (before >= 1) return Math.min(0.9, (now - missedAt) / (missedAt - acceptedAt));
  return (latency.finishedBy(now - acceptedAt) - before) / (1 - before);
}
