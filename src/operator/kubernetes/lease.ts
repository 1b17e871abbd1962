import type { Clock } from '../../foundation/clock.ts';
import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { isApiError } from './api-error.ts';
import type { Random } from './backoff.ts';
import type { KubernetesClient } from './client.ts';
import { microTime } from './micro-time.ts';
import { type KubernetesObject, plainType } from './object.ts';

export const leases = plainType('coordination.k8s.io', 'v1', 'leases', 'Lease');

type Lease = JsonObject & KubernetesObject;

export interface LeaderElectionOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process, such as the pod's name and a random part; never reused after a restart. */
  readonly identity: string;
  /** A rival waits this long, in ms, without seeing a renewal before it takes over. */
  readonly leaseMs?: number;
  /** We stop this long, in ms, after the start of the last renewal that succeeded. Below `leaseMs`. */
  readonly renewDeadlineMs?: number;
  readonly retryMs?: number;
  /** Told of every failure that was survived. Must not throw. */
  readonly onError: (error: unknown) => void;
}

/** Leads from the moment it is handed out until `signal` aborts. */
export interface LeadershipTerm {
  /** Aborts before any rival can take over. */
  readonly signal: AbortSignal;
  /** To be asked before each write: false as soon as the deadline has passed, even if no timer has run yet. */
  isLeader(): boolean;
}

export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}

interface Observation {
  /** Holder, renewal time and version as last seen. */
  readonly record: string;
  /** When we first saw it so, by our own clock: clocks of different machines are never compared. */
  readonly since: number;
}

/**
 * Leader election by a Lease. At most one process leads at a time, provided that clocks run at about the same
 * speed: a leader gives up `renewDeadlineMs` after its last renewal was sent, a rival takes over no sooner than
 * `leaseMs` after it saw that renewal.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #leaseMs: number;
  readonly #deadlineMs: number;
  readonly #retryMs: number;
  #observed: Observation | undefined;
  #lease: Lease | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#deadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryMs = options.retryMs ?? 2_000;
    if (this.#deadlineMs >= this.#leaseMs || this.#retryMs * 2 > this.#deadlineMs) {
      throw new RangeError(
        'Leader election needs renewDeadlineMs below leaseMs, and retryMs at most half of renewDeadlineMs',
      );
    }
  }

  /**
   * Waits for leadership and runs `lead` with it; again and again, until `signal` aborts. `lead` must end soon
   * after its term's signal aborted; the next term begins only after that. The Lease is released at the end, so
   * that a successor need not wait, but only once `lead` has ended.
   */
  async run(signal: AbortSignal, lead: (term: LeadershipTerm) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const renewed = await this.#acquire(signal);
      if (renewed === undefined) return;
      await this.#term(signal, renewed, lead);
      // Work that ends at once must not take and release the Lease in a loop.
      await this.#pause(signal);
    }
  }

  /** Resolves with the time at which the successful attempt was sent; undefined when aborted. */
  async #acquire(signal: AbortSignal): Promise<number | undefined> {
    while (!signal.aborted) {
      const sent = this.#options.clock.now();
      try {
        if ((await this.#attempt(signal)) === 'held') return sent;
      } catch (error) {
        if (!signal.aborted) this.#options.onError(error);
      }
      await this.#pause(signal);
    }
    return undefined;
  }

  async #term(
    outer: AbortSignal,
    acquired: number,
    lead: (term: LeadershipTerm) => Promise<void>,
  ): Promise<void> {
    const { clock, onError } = this.#options;
    const term = new AbortController();
    const held = { since: acquired };
    const end = () => term.abort(outer.reason);
    outer.addEventListener('abort', end, { once: true });
    if (outer.aborted) end();
    let hasEnded = false;
    // Told to stop, it holds the Lease until its work has ended: what was begun is brought to its end.
    const isOver = () => hasEnded || term.signal.reason instanceof LeadershipLost;
    // A clock that was set back must not lengthen the term; then the timer of `#expire` ends it.
    const isLeader = () => {
      const age = clock.now() - held.since;
      return !isOver() && age >= 0 && age < this.#deadlineMs;
    };
    const background = [this.#renew(held, term), this.#expire(held, term)];
    try {
      await lead({ signal: term.signal, isLeader });
    } catch (error) {
      onError(error);
    } finally {
      hasEnded = true;
      outer.removeEventListener('abort', end);
      term.abort(new LeadershipLost('The work of this term has ended'));
      await Promise.all(background);
      await this.#release();
    }
  }

  /** Renews until the term ends; a rival that holds the Lease ends it at once. */
  async #renew(held: { since: number }, term: AbortController): Promise<void> {
    const { clock, onError, name } = this.#options;
    while (!term.signal.aborted) {
      await this.#pause(term.signal);
      if (term.signal.aborted) return;
      const sent = clock.now();
      try {
        const outcome = await this.#attempt(term.signal);
        if (outcome === 'held') held.since = sent;
        if (outcome === 'other') term.abort(new LeadershipLost(`Another holds the lease ${name}`));
      } catch (error) {
        if (!term.signal.aborted) onError(error);
      }
    }
  }

  /** Ends the term at its deadline, renewals included. */
  async #expire(held: { since: number }, term: AbortController): Promise<void> {
    const { clock } = this.#options;
    while (!term.signal.aborted) {
      const sinceBefore = held.since;
      const rest = sinceBefore + this.#deadlineMs - clock.now();
      await clock.sleep(Math.max(0, Math.min(rest, this.#deadlineMs)), term.signal).catch(() => undefined);
      if (held.since !== sinceBefore || term.signal.aborted) continue;
      term.abort(new LeadershipLost(`The lease ${this.#options.name} could not be renewed in time`));
    }
  }

  /** One attempt to take or keep the Lease. Throws when the API server could not be asked. */
  async #attempt(signal: AbortSignal): Promise<'held' | 'other' | 'unknown'> {
    const { client, namespace, name } = this.#options;
    const timing = { timeoutMs: this.#deadlineMs / 2, signal };
    const lease = this.#lease ?? (await this.#read(timing));
    // Whatever happens now, only the answer to a write that succeeded may be built upon without reading.
    this.#lease = undefined;
    if (lease !== undefined && !this.#mayTake(lease)) return 'other';
    try {
      this.#lease =
        lease === undefined
          ? await client.create(leases, namespace, this.#fresh(), timing)
          : await client.replace(leases, { namespace, name }, this.#heldBy(lease), timing);
      return 'held';
    } catch (error) {
      // Somebody wrote in between, not necessarily a rival: the next attempt reads again.
      const raced = ['conflict', 'alreadyExists', 'notFound'] as const;
      if (raced.some((kind) => isApiError(error, kind))) return 'unknown';
      throw error;
    }
  }

  async #read(timing: { timeoutMs: number; signal?: AbortSignal }): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return await client.get(leases, { namespace, name }, timing);
    } catch (error) {
      if (isApiError(error, 'notFound')) return undefined;
      throw error;
    }
  }

  #mayTake(lease: Lease): boolean {
    const spec = specOf(lease);
    if (spec.holderIdentity === this.#options.identity) return true;
    if (typeof spec.holderIdentity !== 'string' || spec.holderIdentity === '') return true;
    const now = this.#options.clock.now();
    const record = `${lease.metadata.resourceVersion} ${spec.holderIdentity} ${String(spec.renewTime)}`;
    if (this.#observed?.record !== record) {
      this.#observed = { record, since: now };
      return false;
    }
    // The holder's own duration counts: it may be configured differently from ours.
    const seconds = typeof spec.leaseDurationSeconds === 'number' ? spec.leaseDurationSeconds : 0;
    return now - this.#observed.since >= Math.max(seconds * 1000, this.#leaseMs);
  }

  #fresh(): JsonObject {
    const { name, namespace } = this.#options;
    const spec = this.#spec(0, undefined);
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
  }

  #heldBy(lease: Lease): JsonObject {
    const old = specOf(lease);
    const transitions = typeof old.leaseTransitions === 'number' ? old.leaseTransitions : 0;
    const renewal = old.holderIdentity === this.#options.identity;
    const spec = renewal ? this.#spec(transitions, old.acquireTime) : this.#spec(transitions + 1, undefined);
    return { ...lease, spec: { ...old, ...spec } };
  }

  #spec(transitions: number, acquireTime: Json | undefined): JsonObject {
    const now = microTime(this.#options.clock.now());
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#leaseMs / 1000),
      acquireTime: acquireTime ?? now,
      renewTime: now,
      leaseTransitions: transitions,
    };
  }

  /** Lets a successor begin at once. Failing to is no harm: the Lease runs out. */
  async #release(): Promise<void> {
    const { client, namespace, name, identity, onError } = this.#options;
    try {
      const timing = { timeoutMs: this.#retryMs };
      const lease = await this.#read(timing);
      if (lease === undefined) return;
      const spec = specOf(lease);
      if (spec.holderIdentity !== identity) return;
      const released = { ...lease, spec: { ...spec, holderIdentity: '', leaseDurationSeconds: 1 } };
      await client.replace(leases, { namespace, name }, released, timing);
    } catch (error) {
      onError(error);
    } finally {
      this.#lease = undefined;
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const ms = this.#retryMs * (0.8 + 0.4 * this.#options.random());
    await this.#options.clock.sleep(Math.round(ms), signal).catch(() => undefined);
  }
}

function specOf(lease: Lease): JsonObject {
  return isJsonObject(lease.spec) ? lease.spec : {};
}
