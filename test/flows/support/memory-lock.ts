import type { AccountResource } from '../../../src/resources/kinds.ts';
import { referenceTo, resourceKey } from '../../../src/resources/reference.ts';
import { emptyLock, type Lock, type LockStore } from '../../../src/workspace/lock-file.ts';

/** A lock on no disk: in simulated time a real one would look like minutes of idleness. */
export class MemoryLock implements LockStore {
  readonly path = 'dialops.lock.yaml';
  readonly knowsRenamed = true;
  lock: Lock = emptyLock;
  noted: readonly AccountResource[] = [];

  async read(): Promise<Lock> {
    const noted = this.noted.map((resource) => [resourceKey(referenceTo(resource)), resource] as const);
    return { ...this.lock, resources: new Map([...this.lock.resources, ...noted]) };
  }

  async note(resources: readonly AccountResource[]): Promise<void> {
    this.noted = [...this.noted, ...resources];
  }

  async write(lock: Lock): Promise<void> {
    this.lock = lock;
    this.noted = [];
  }
}
