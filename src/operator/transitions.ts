import { changedPaths, deletedInAccount } from '../account/drift/drift-wording.ts';
import { formatPath } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import { readyReasons } from '../resources/ready-reasons.ts';
import type { StoredResource } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { AnyStatus } from './resource-cache.ts';

const quiet = new Set(['Pending', 'Creating', 'Updating', 'Deleting', 'NotRead']);

/** Tells what changed for a resource as Events: once, when it changes, and with no value of any field. */
export class Transitions {
  readonly #events: Pick<EventRecorder, 'record'>;
  /** The reason told last, by uid: a status is written after the fact, and the same news must not be told twice. */
  readonly #told = new Map<string, string>();

  constructor(events: Pick<EventRecorder, 'record'>) {
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
      note: noteOf(ready),
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
    const paths = next.drift?.paths.map(({ path }) => path);
    this.#events.record(resource, {
      type: 'Warning',
      reason: 'Drifted',
      action: 'Compare',
      note: paths === undefined ? deletedInAccount : changedPaths(paths),
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
        ? changedPaths(change.fields.map((field) => formatPath(field.path)))
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

/**
 * The field, or the provider's code, and what the reason means; never the condition's own message: Events are read by many more than the
 * resource is, and a message names people, or repeats what the phone system said.
 */
function noteOf({ message, reason, status }: { message: string; reason: string; status: string }): string {
  const known = Object.entries(readyReasons).find(([name]) => name === reason)?.[1];
  const field = /^spec(?:\.\w+|\[[^\]]*\])+(?=: )/.exec(message)?.[0].replace(/\[[^\]]*\]/g, '[]');
  const code = reason === 'PortException' ? /^[A-Z0-9_]{3,60}(?=: )/.exec(message)?.[0] : undefined;
  const subject = field ?? code;
  const meaning = known?.meaning ?? 'See the condition Ready.';
  const more = known && status !== 'True' ? ' See the condition Ready.' : '';
  return `${subject === undefined ? '' : `${subject}: `}${meaning}${more}`;
}

function reasonOf(status: AnyStatus | undefined): string | undefined {
  return status?.conditions?.find((condition) => condition.type === 'Ready')?.reason;
}
