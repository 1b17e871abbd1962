import type { Clock } from '../foundation/clock.ts';
import type { RateFeedback } from './rate-headers.ts';
import { RefusalPause } from './refusal-pause.ts';
import { RequestWindow, type Sent } from './request-window.ts';

/** Who goes first when requests are scarce, first to last. */
export const priorities = ['person', 'cleanup', 'write', 'confirm', 'sync'] as const;
export type Priority = (typeof priorities)[number];

/** The phone system's limits for one account (8x8 guide: rate limits). */
export interface RequestLimits {
  readonly perMinute: number;
  readonly burst: { readonly requests: number; readonly perMs: number };
}

export const publishedRequestLimits: RequestLimits = {
  perMinute: 100,
  burst: { requests: 20, perMs: 10_000 },
};

export interface BudgetOptions {
  readonly clock: Clock;
  readonly limits?: RequestLimits;
  /** Added to each window for clocks that run at different speeds, in milliseconds. Default: 50. */
  readonly marginMs?: number;
  /** A request that has waited this long goes before a fresh one of the next higher priority. Default: 30,000. */
  readonly agingMs?: number;
}

/** For metrics; counts since the start. */
export interface BudgetStatistics {
  readonly requests: number;
  /** Requests that had to wait, and for how long in all, in milliseconds. */
  readonly waits: number;
  readonly waitedMs: number;
  /** Answers 429. */
  readonly rateLimited: number;
  /** Waiting now. */
  readonly queued: number;
}

/** The right to send one request now. */
export interface Permit {
  /** Must be called once the request has ended, however it did; without it, its place is never free again. */
  end(answer?: { readonly status: number } & RateFeedback): void;
}

interface Waiter {
  /** Smaller goes first: the time of joining, put back by the priority. */
  readonly rank: number;
  readonly order: number;
  readonly since: number;
  readonly grant: (permit: Permit) => void;
}

const slowDownUnder = 10;

/**
 * The requests that one account may still make. Every request of the program to that account goes through the
 * same budget, so that together they never exceed a limit. Places that others use (another program with the
 * same key, or this one before it was started again) are learned from what the answers say is left.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #agingMs: number;
  readonly #minute: RequestWindow;
  readonly #burst: RequestWindow;
  readonly #minuteLimit: number;
  readonly #burstLimit: number;
  readonly #queue: Waiter[] = [];
  #order = 0;
  #outstanding = 0;
  /** Places taken by others, until when, as told by the answer to a request sent at `told`. */
  #others = { count: 0, until: 0, told: 0 };
  /**
   * Whether the last answer said that nobody else uses the key, or no answer says anything. Until then requests go
   * one at a time, each after what the one before it was told: a window that others filled frees place by place.
   */
  #alone = false;
  #heard = false;
  #pause = new RefusalPause();
  #notBefore = 0;
  #wake: AbortController | undefined;
  #requests = 0;
  #waits = 0;
  #waitedMs = 0;
  #rateLimited = 0;

  constructor(options: BudgetOptions) {
    const limits = options.limits ?? publishedRequestLimits;
    const margin = options.marginMs ?? 50;
    this.#clock = options.clock;
    this.#agingMs = options.agingMs ?? 30_000;
    this.#minute = new RequestWindow(limits.perMinute, 60_000, margin);
    this.#burst = new RequestWindow(limits.burst.requests, limits.burst.perMs, margin);
    this.#minuteLimit = limits.perMinute;
    this.#burstLimit = limits.burst.requests;
  }

  get statistics(): BudgetStatistics {
    return {
      requests: this.#requests,
      waits: this.#waits,
      waitedMs: this.#waitedMs,
      rateLimited: this.#rateLimited,
      queued: this.#queue.length,
    };
  }

  /**
   * Goes on where another budget of the same account has stopped: its requests count, and what their answers told
   * holds. The limits may be others.
   */
  continue(before: RequestBudget): void {
    const now = this.#clock.now();
    const own = this.#minute.taken(now);
    const included = this.#minute.include(before.#minute, now);
    this.#burst.include(before.#burst, now);
    this.#notBefore = Math.max(this.#notBefore, before.#notBefore);
    // To whoever heard last, the requests of the one that it did not know were somebody else's.
    const mine = this.#others.told >= before.#others.told;
    const latest = mine ? this.#others : before.#others;
    this.#others = { ...latest, count: Math.max(0, latest.count - (mine ? included : own)) };
    if (before.#pause.until > this.#pause.until) this.#pause = before.#pause;
    if (!this.#heard) this.#alone = before.#alone;
    this.#heard ||= before.#heard;
  }

  /** Resolves when a request may be sent; rejects with the signal's reason. */
  acquire(priority: Priority, signal: AbortSignal): Promise<Permit> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const since = this.#clock.now();
      const waiter: Waiter = {
        rank: since + priorities.indexOf(priority) * this.#agingMs,
        order: this.#order++,
        since,
        grant: (permit) => {
          signal.removeEventListener('abort', abort);
          resolve(permit);
        },
      };
      const abort = () => {
        const index = this.#queue.indexOf(waiter);
        if (index >= 0) this.#queue.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#join(waiter);
      this.#pump();
    });
  }

  /** How many requests could be sent at this moment. */
  available(): number {
    const now = this.#clock.now();
    if (now < this.#pause.until || now < this.#notBefore) return 0;
    return Math.max(0, Math.min(this.#minute.free(now) - this.#othersAt(now), this.#burst.free(now)));
  }

  /** Milliseconds until `count` requests could have been sent, if nobody else sends any; 0 when at once. */
  nextAvailable(count = 1): number {
    const now = this.#clock.now();
    const at = Math.max(
      this.#minute.timeFor(count, now, this.#othersAt(now), this.#others.until),
      this.#burst.timeFor(count, now),
      this.#pause.until,
      this.#notBefore,
    );
    return Math.max(0, at - now);
  }

  #join(waiter: Waiter): void {
    let index = this.#queue.length;
    // From the back: most requests of one priority join behind those before them.
    while (index > 0) {
      const before = this.#queue[index - 1];
      if (!before || before.rank < waiter.rank) break;
      if (before.rank === waiter.rank && before.order < waiter.order) break;
      index--;
    }
    this.#queue.splice(index, 0, waiter);
  }

  #pump(): void {
    while (this.#queue.length > 0 && !this.#isAsking() && this.available() > 0) {
      const next = this.#queue.shift();
      if (next) next.grant(this.#issue(next));
    }
    this.#sleep();
  }

  /** Is a request on its way whose answer is to tell how many more may follow? */
  #isAsking(): boolean {
    return !this.#alone && this.#outstanding > 0;
  }

  #issue(waiter: Waiter): Permit {
    const now = this.#clock.now();
    const sent: Sent = { at: now, endedAt: undefined };
    this.#minute.add(sent);
    this.#burst.add(sent);
    this.#outstanding++;
    this.#requests++;
    if (now > waiter.since) {
      this.#waits++;
      this.#waitedMs += now - waiter.since;
    }
    this.#slowDown(now);
    return {
      end: (answer) => {
        if (sent.endedAt !== undefined) return;
        sent.endedAt = this.#clock.now();
        this.#outstanding--;
        if (answer) this.#learn(sent, answer);
        this.#pump();
      },
    };
  }

  #learn(sent: Sent, answer: { readonly status: number } & RateFeedback): void {
    const now = this.#clock.now();
    if (answer.status === 429) {
      this.#rateLimited++;
      this.#alone = false;
      this.#pause.refused(sent.at, now, answer);
      return;
    }
    this.#pause.passed(sent.at);
    const { remaining, resetInMs } = answer;
    if (remaining === undefined || resetInMs === undefined) {
      this.#alone = true;
      this.#heard = true;
      return;
    }
    // What an earlier request was told is older news.
    if (sent.at < this.#others.told) return;
    const own = this.#minute.free(now);
    // Those on their way are not surely in the phone system's count yet, but are in ours.
    const theirs = Math.max(0, remaining - this.#outstanding);
    // Agreement, or less used than we think: our own window knows to the millisecond when places are free.
    this.#others =
      theirs >= own
        ? { count: 0, until: 0, told: sent.at }
        : { count: own - theirs, until: now + Math.min(resetInMs, this.#minute.windowMs), told: sent.at };
    // Where the phone system counts against another limit than ours, its own tells whose the missing places are.
    const { limit = this.#minuteLimit } = answer;
    const unexplained = Math.min(own, limit - this.#minute.taken(now)) - remaining;
    this.#alone = unexplained <= 0;
    if (!this.#heard) this.#inherit(sent, unexplained);
    this.#heard = true;
  }

  /**
   * Places that were taken before the first request are most likely an earlier process's. The answers tell of the
   * minute only: for all they say, these were sent in the last seconds and are in the burst as well.
   */
  #inherit(first: Sent, count: number): void {
    for (let left = Math.min(count, this.#burstLimit); left > 0; left--)
      this.#burst.add({ at: first.at, endedAt: first.at });
  }

  /** With others on the same key and little left, what is left is spread until the reset. */
  #slowDown(now: number): void {
    const others = this.#othersAt(now);
    if (others === 0) return;
    const left = this.#minute.free(now) - others;
    if (left >= slowDownUnder || left >= this.#minuteLimit) return;
    this.#notBefore = now + Math.ceil((this.#others.until - now) / (Math.max(0, left) + 1));
  }

  #othersAt(now: number): number {
    return now < this.#others.until ? this.#others.count : 0;
  }

  /** One sleeper for the whole queue, set anew whenever the time to wait for may have changed. */
  #sleep(): void {
    this.#wake?.abort();
    this.#wake = undefined;
    // The end of what is on its way starts this anew.
    if (this.#queue.length === 0 || this.#isAsking()) return;
    const ms = this.nextAvailable(1);
    // All places taken by requests on their way: the end of one of them starts this anew.
    if (ms > 0 && this.#outstanding >= Math.min(this.#minuteLimit, this.#burstLimit)) return;
    const wake = new AbortController();
    this.#wake = wake;
    this.#clock.sleep(ms, wake.signal).then(
      () => {
        if (this.#wake === wake) this.#pump();
      },
      () => undefined,
    );
  }
}
