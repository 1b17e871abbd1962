import type { AccountView } from '../account/account-view.ts';
import type { DesiredAccount } from '../account/desired.ts';
import type { Change, Outcome, Plan } from '../account/plan.ts';
import { RingGroupMembers } from '../account/ring-group-members.ts';
import { seenExtensions } from '../account/seen-extensions.ts';
import type { Author, Authors } from '../execution/authors.ts';
import type { Failure, Settled } from '../execution/host.ts';
import { type MemoryStore, storedMemory } from '../execution/memory-store.ts';
import type { Clock } from '../foundation/clock.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { AccountHealth } from './account-health.ts';
import type { StoredResource } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import { remadeBy } from './remade.ts';
import type { ResourceCache } from './resource-cache.ts';
import type { LastFailure } from './status/account-status.ts';
import { statusOf } from './status/status-of.ts';
import type { StatusBoard } from './status-board.ts';
import { Transitions } from './transitions.ts';

export interface ResourceStatusesOptions {
  readonly resources: ResourceCache;
  readonly events: EventRecorder;
  readonly authors: Authors;
  readonly clock: Clock;
  readonly store: MemoryStore;
  readonly board: StatusBoard;
  readonly health: AccountHealth;
  readonly view: () => AccountView;
  /** A text of the phone system without the values of Secrets that it may repeat. */
  readonly conceal: (text: string) => string;
}

/** Says of one resource what a plan says of it. */
export type ShowOutcome = (resource: StoredResource, outcome: Outcome) => void;

/** What each resource's status and Events say: the plan's word, and how the last write for it ended. */
export class ResourceStatuses {
  readonly #options: ResourceStatusesOptions;
  readonly #failures = new Map<string, LastFailure>();
  readonly #transitions: Transitions;

  constructor(options: ResourceStatusesOptions) {
    this.#options = options;
    this.#transitions = new Transitions(options.events);
  }

  forget(ref: ResourceRef, uid: string): void {
    this.#failures.delete(resourceKey(ref));
    this.#transitions.forget(uid);
  }

  /** A write takes longer than it may. */
  overdue({ resources }: Change, message: string): void {
    for (const resource of resources) this.#failed({ resource, reason: 'Unconfirmed', message });
  }

  /** A write has ended. */
  settled(change: Change, result: Settled): void {
    const { resources } = this.#options;
    for (const ref of change.resources) this.#failures.delete(resourceKey(ref));
    for (const failure of result.failures) this.#failed(failure);
    if (result.failures.length > 0) return;
    for (const ref of change.resources) {
      const resource = resources.find(ref);
      if (resource && resource.metadata.uid === ref.uid) this.#transitions.done(resource, change);
    }
  }

  #failed({ resource, reason, message, field }: Omit<Failure, 'permanent'>): void {
    this.#failures.set(resourceKey(resource), {
      reason,
      message: field === undefined ? message : `spec.${field}: ${message}`,
      generation: this.#options.resources.find(resource)?.metadata.generation ?? 0,
    });
  }

  /** What all resources of one plan have in common is made once. */
  of(plan: Plan, desired: DesiredAccount): ShowOutcome {
    const { board, clock, conceal, health, store } = this.#options;
    const observed = this.#options.view();
    const seen = { extensions: seenExtensions(observed), ringGroups: new RingGroupMembers(observed) };
    const remade = remadeBy(plan);
    const now = new Date(clock.now()).toISOString();
    return (resource, outcome) => {
      // What is not known yet takes nothing back that is.
      if (!outcome.verified && resource.status?.conditions !== undefined) return;
      const key = resourceKey(outcome.resource);
      const failure = this.#failures.get(key);
      const author = this.#authorOf(outcome);
      const state = {
        resource,
        outcome: health.explain(outcome),
        desired,
        observed,
        conceal,
        now,
        remade: remade.has(key),
        ...(failure ? { failure } : {}),
        ...(author ? { author } : {}),
      };
      const memory = storedMemory(store.get(key));
      const next = { ...statusOf(resource, state, seen), ...(memory ? { memory } : {}) };
      this.#transitions.observe(resource, next);
      board.publish(outcome.resource, next);
    };
  }

  #authorOf(outcome: Outcome): Author | undefined {
    if (outcome.drift.length === 0) return undefined;
    return this.#options.authors.lastChange(
      outcome.externalId,
      outcome.drift.map(({ path }) => path),
    );
  }
}
