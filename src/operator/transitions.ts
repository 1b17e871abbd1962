import { formatPath } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { StoredResource } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { AnyStatus } from './resource-cache.ts';

const quiet = new Set(['Pending', 'Creating', 'Updating', 'Deleting', 'NotRead']);

/** Tells what changed for a resource as Events: once, when it changes, and with no value of any field. */
export class Transitions {
  readonly #events: EventRecorder;
  /** The reason told last, by uid: a status is written after the fact, and the same news must not be told twice. */
  readonly #told = new Map<string, string>();

  constructor(events: EventRecorder) {
    this.#events = events;
  }

  /** Compares the status that stands with the one to come. */
  observe(resource: StoredResource, next: AnyStatus): void {
    const { uid } = resource.metadata;
    const before = this.#told.get(uid) ?? reasonOf(resource.status) ?? '';
    const ready = next.conditions?.find((condition) => condition.type === 'Ready');
    this.#observeDrift(resource, next);
    if (!ready || ready.reason === before || quiet.has(ready.reason)) return;
    this.#told.set(uid, ready.reason);
    const stalled = next.conditions?.some((condition) => condition.type === 'Stalled') === true;
    this.#events.record(resource, {
      type: stalled ? 'Warning' : 'Normal',
      reason: ready.reason,
      action: 'Reconcile',
      note: ready.message,
    });
  }

  #observeDrift(resource: StoredResource, next: AnyStatus): void {
    const key = `${resource.metadata.uid} drift`;
    const drifted = next.conditions?.find((condition) => condition.type === 'Drifted');
    if (!drifted) {
      this.#told.delete(key);
      return;
    }
    if (this.#told.has(key)) return;
    this.#told.set(key, drifted.reason);
    // A status that says so already was told of by an earlier process.
    if (resource.status?.conditions?.some((condition) => condition.type === 'Drifted')) return;
    const paths = next.drift?.paths.map(({ path }) => path).join(', ');
    this.#events.record(resource, {
      type: 'Warning',
      reason: 'Drifted',
      action: 'Compare',
      note: paths === undefined ? drifted.message : `Changed in the account: ${paths}`,
    });
  }

  forget(uid: string): void {
    this.#told.delete(uid);
    this.#told.delete(`${uid} drift`);
  }

  /** A change was made for the resource. */
  done(resource: StoredResource, change: Change): void {
    const corrected = change.fields.filter((field) => field.cause === 'drift');
    if (corrected.length > 0) {
      const paths = corrected.map((field) => formatPath(field.path)).join(', ');
      this.#events.record(resource, {
        type: 'Normal',
        reason: 'DriftCorrected',
        action: 'Correct',
        note: `Put right in the account: ${paths}`,
      });
      return;
    }
    const note =
      change.fields.length > 0 && change.action === 'Update'
        ? `Changed in the account: ${change.fields.map((field) => formatPath(field.path)).join(', ')}`
        : `${change.action} of ${change.type} done`;
    this.#events.record(resource, {
      type: 'Normal',
      reason: past[change.action],
      action: change.action,
      note,
    });
  }
}

const past = {
  Create: 'Created',
  Update: 'Updated',
  Delete: 'Removed',
  Submit: 'Submitted',
  Cancel: 'CancelRequested',
} as const;

function reasonOf(status: AnyStatus | undefined): string | undefined {
  return status?.conditions?.find((condition) => condition.type === 'Ready')?.reason;
}
