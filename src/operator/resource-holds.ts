import type { StoredResource } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import { hasFinalizer, type ResourceCache } from './resource-cache.ts';
import type { WorkerLog } from './worker-log.ts';

export interface ResourceHoldsOptions {
  readonly resources: ResourceCache;
  readonly events: EventRecorder;
  readonly log: WorkerLog;
}

/** Finalizers, by which a resource that was deleted stays until what its deletion asks for is done. */
export class ResourceHolds {
  readonly #options: ResourceHoldsOptions;
  readonly #taking = new Set<string>();

  constructor(options: ResourceHoldsOptions) {
    this.#options = options;
  }

  /** A failure is logged; the next round takes it. */
  take(resource: StoredResource): void {
    const { log, resources } = this.#options;
    const { uid } = resource.metadata;
    if (hasFinalizer(resource) || this.#taking.has(uid)) return;
    this.#taking.add(uid);
    resources
      .addFinalizer(resource)
      .catch((error: unknown) => log.error('a finalizer was not added', error))
      .finally(() => this.#taking.delete(uid));
  }

  /** What the deletion asks for is done. */
  release(resource: StoredResource): void {
    const { log, resources } = this.#options;
    resources
      .removeFinalizer(resource)
      .catch((error: unknown) => log.error('a finalizer was not removed', error));
  }

  /** It may go as it is, and an Event says so. */
  orphan(resource: StoredResource, why: string): void {
    const note = `${why}: nothing was changed in the account`;
    this.#options.events.record(resource, { type: 'Warning', reason: 'Orphaned', action: 'Release', note });
    this.release(resource);
  }
}
