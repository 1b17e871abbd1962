import type { LatencyEstimate } from './latency.ts';

/** One write's place among those that the phone system takes at a time. */
export interface Slot {
  /** Nothing of it is under way any more. */
  readonly isOver: boolean;
  /** A write is about to be sent, or on its way. */
  sending(): void;
  /** It was accepted. Without `latency`, it counts until it is known to be over. */
  accepted(at: number, latency: LatencyEstimate | undefined): void;
  /** At this time it was seen not to be over. */
  missed(at: number): void;
  /** It is over: FAILED, COMPLETED, or its values were seen. */
  over(): void;
  /** Nothing more will be sent in it. */
  release(): void;
}

interface Place {
  state: 'sending' | 'accepted' | 'over';
  acceptedAt: number;
  missedAt: number;
  latency: LatencyEstimate | undefined;
}

/**
 * The probability at which one more write would be one too many. Latencies count as longer than seen, so what it comes
 * to is far less; ten times more caution left one more place empty, and stragglers hold some already.
 */
const acceptedRisk = 1e-3;
const stepMs = 100;
const farthestMs = 10_000;

/**
 * How many writes are under way (8x8 guide: ten operations in flight). A write that was accepted is under way
 * until it is known to be over; asking costs requests, of which there are few. So one that is past the time that
 * nearly all take counts only as far as it is likely to be under way still, and one more is sent when ten are
 * under way with a probability of at most 1 in 1,000. That says nothing about the write itself, which ends only
 * once it is confirmed. While little is known of latencies, or when they have just changed, only what is known
 * to be over frees its place.
 *
 * What no probability foresees is that all operations become slower between two looks: then one write too many is
 * sent, the phone system refuses it, and from there on only known ends count.
 */
export class OperationSlots {
  readonly #limit: number;
  readonly #places = new Set<Place>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Places of writes that are about to be sent or on their way. */
  get sending(): number {
    let count = 0;
    for (const { state } of this.#places) if (state === 'sending') count++;
    return count;
  }

  /** May one more write be sent? */
  mayTake(now: number): boolean {
    const places = [...this.#places].filter(({ state }) => state !== 'over');
    // However sure: so that a mistake stays a small one.
    if (places.length < this.#limit) return true;
    if (places.length >= 2.5 * this.#limit) return false;
    // One by one, so that the first refusal is the only one.
    if (places.some(({ state }) => state === 'sending')) return false;
    return (
      atLeast(
        this.#limit,
        places.map((place) => underWay(place, now)),
      ) <= acceptedRisk
    );
  }

  /** When one may be taken by the passing of time alone; Infinity when that will not do. */
  nextChance(now: number): number {
    for (let at = now; at <= now + farthestMs; at += stepMs) if (this.mayTake(at)) return at;
    return Number.POSITIVE_INFINITY;
  }

  take(): Slot {
    const place: Place = { state: 'sending', acceptedAt: 0, missedAt: 0, latency: undefined };
    this.#places.add(place);
    return {
      get isOver() {
        return place.state === 'over';
      },
      sending: () => {
        place.state = 'sending';
      },
      accepted: (at, latency) => {
        place.state = 'accepted';
        place.acceptedAt = at;
        place.missedAt = at;
        place.latency = latency;
      },
      missed: (at) => {
        place.missedAt = Math.max(place.missedAt, at);
      },
      over: () => {
        place.state = 'over';
      },
      release: () => {
        this.#places.delete(place);
      },
    };
  }
}

function underWay({ state, latency, acceptedAt, missedAt }: Place, now: number): number {
  if (state === 'sending' || !latency?.isLearned(now)) return 1;
  return latency.stillRunning(now - acceptedAt, missedAt - acceptedAt);
}

/** The probability that `count` or more of independent events happen. */
function atLeast(count: number, probabilities: readonly number[]): number {
  // exactly[n]: n of those looked at so far, for n below `count`.
  const exactly = [1, ...new Array<number>(count - 1).fill(0)];
  let reached = 0;
  for (const probability of probabilities) {
    reached += (exactly[count - 1] ?? 0) * probability;
    for (let n = count - 1; n >= 0; n--) {
      exactly[n] = (exactly[n] ?? 0) * (1 - probability) + (n > 0 ? (exactly[n - 1] ?? 0) * probability : 0);
    }
  }
  return reached;
}
