import type { PendingWrite } from '../account/memory.ts';
import type { Change } from '../account/plan.ts';
import { type Remembered, Superseded } from '../execution/host.ts';
import { noteBegun, noteMade, noteUnsent } from '../execution/memory-notes.ts';
import { formerMemory, type MemoryStore, storedMemory } from '../execution/memory-store.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import { isApiError } from './kubernetes/api-error.ts';
import { hasFinalizer, type ResourceCache } from './resource-cache.ts';
import type { StatusBoard } from './status-board.ts';
import type { WorkerLog } from './worker-log.ts';

export interface WriteRecordsOptions {
  readonly resources: ResourceCache;
  readonly store: MemoryStore;
  readonly board: StatusBoard;
  readonly log: WorkerLog;
}

/** What is being written stands in the statuses of the resources that it is for, so that a restart can go on. */
export class WriteRecords {
  readonly #options: WriteRecordsOptions;

  constructor(options: WriteRecordsOptions) {
    this.#options = options;
  }

  /**
   * The intent stands in the status of every resource that it is for before a byte of it is sent.
   * @throws Superseded when a resource was edited or deleted meanwhile
   */
  async begin(change: Change, pending: PendingWrite): Promise<void> {
    const { resources, store } = this.#options;
    const generations = new Map<ResourceRef, number | undefined>();
    for (const ref of change.resources) {
      const resource = resources.find(ref);
      if (!resource || resource.metadata.uid !== ref.uid)
        throw new Superseded(`${ref.kind} ${ref.name} is gone`);
      // The answer to the finalizer may show an edit already.
      generations.set(ref, resource.metadata.generation);
      const deleting = resource.metadata.deletionTimestamp !== undefined;
      if (!deleting && !hasFinalizer(resource) && !(await resources.addFinalizer(resource))) {
        throw new Superseded(`${ref.kind} ${ref.name} is being deleted`);
      }
    }
    const former = new Map(change.resources.map((ref) => [ref, store.get(resourceKey(ref))]));
    noteBegun(store, change, pending);
    try {
      for (const ref of change.resources) await this.#write(ref, generations.get(ref));
    } catch (error) {
      // Nothing is sent: nothing is under way but what was before.
      for (const [ref, before] of former) {
        store.update(resourceKey(ref), (memory) => formerMemory(memory, before), ref.uid);
      }
      throw error;
    }
  }

  /** The intent of a write that was not sent is taken back. */
  async unsent(change: Change): Promise<void> {
    noteUnsent(this.#options.store, change);
    await this.#writeAll(change, 'what was not sent was not taken back');
  }

  /** What was uploaded stands in the status before the write that it is for. */
  async remember(made: Remembered): Promise<void> {
    const { store, log } = this.#options;
    noteMade(store, made);
    // An edit meanwhile is no reason to forget it: the next status has it.
    await this.#write(made.resource).catch((error: unknown) => {
      if (!(error instanceof Superseded)) log.error('an upload was not stored', error);
    });
  }

  async accepted(change: Change, pending: PendingWrite): Promise<void> {
    noteBegun(this.#options.store, change, pending);
    await this.#writeAll(change, 'an operation id was not stored');
  }

  async #writeAll({ resources }: Change, fault: string): Promise<void> {
    const { log } = this.#options;
    await Promise.all(
      resources.map((ref) => this.#write(ref).catch((error: unknown) => log.error(fault, error))),
    );
  }

  /** @param generation what the write is made for; left out: as it is known now */
  async #write(ref: ResourceRef, generation = this.#options.resources.find(ref)?.metadata.generation) {
    const { store, board } = this.#options;
    try {
      const outcome = await board.write(ref, (current) => {
        // An edit since the plan was made: the plan is no longer what the person wants.
        if (current.metadata.generation !== generation)
          throw new Superseded(`${ref.kind} ${ref.name} was edited`);
        const memory = storedMemory(store.get(resourceKey(ref)));
        const { memory: _former, ...status } = current.status ?? {};
        return { ...status, ...(memory ? { memory } : {}) };
      });
      if (outcome === 'gone') throw new Superseded(`${ref.kind} ${ref.name} is gone`);
    } catch (error) {
      if (isApiError(error, 'conflict'))
        throw new Superseded(`${ref.kind} ${ref.name} was changed meanwhile`);
      throw error;
    }
  }
}
