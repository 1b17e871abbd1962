import type { Clock } from '../foundation/clock.ts';
import type { StoredResource } from './kinds.ts';

export interface AdmissionOptions {
  readonly clock: Clock;
  /** Whether the namespace goes away, and everything in it: that says nothing about people's phones. */
  readonly namespaceTerminating: () => Promise<boolean>;
  /** Lets a resource go as it is, since its namespace goes away. */
  readonly letGo: (resource: StoredResource) => void;
  /** A round is due: resources count from now on that did not before. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** So long nothing more may arrive, in ms, and so long it is waited for that at most. */
const quietMs = 1_000;
const longestMs = 5_000;
const askAgainMs = 5_000;

/**
 * When new and deleted resources begin to count. What people apply or delete together arrives one by one: a
 * decision on the first half would complain of references that are on their way, and would see fewer removals
 * than are meant. And a deletion counts only once it is known that it is not the namespace's.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #arriving = new Set<string>();
  /** Deleted resources (by uid) of which it is known that they, and not their namespace, were deleted. */
  readonly #meant = new Set<string>();
  readonly #asked = new Map<string, number>();
  #since = 0;
  #lastAt = 0;
  #waiting: Promise<void> | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** A resource was created or deleted just now. */
  arrived(uid: string, signal: AbortSignal): void {
    const now = this.#options.clock.now();
    if (this.#arriving.size === 0) this.#since = now;
    this.#lastAt = now;
    this.#arriving.add(uid);
    this.#waiting ??= this.#wait(signal).finally(() => {
      this.#waiting = undefined;
    });
  }

  forget(uid: string): void {
    this.#arriving.delete(uid);
    this.#meant.delete(uid);
    this.#asked.delete(uid);
  }

  /** The resource as it counts now: not at all, as if it were not deleted, or as it is. */
  countsAs(resource: StoredResource): StoredResource | undefined {
    const { uid, deletionTimestamp } = resource.metadata;
    if (deletionTimestamp === undefined) return this.#arriving.has(uid) ? undefined : resource;
    if (!this.#arriving.has(uid)) {
      if (this.#meant.has(uid)) return resource;
      this.#ask(resource);
    }
    return notDeleted(resource);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { clock, onChange } = this.#options;
    const due = () => Math.min(this.#lastAt + quietMs, this.#since + longestMs);
    try {
      while (clock.now() < due()) await clock.sleep(due() - clock.now(), signal);
    } catch {
      return;
    }
    this.#arriving.clear();
    onChange();
  }

  #ask(resource: StoredResource): void {
    const { clock, namespaceTerminating, letGo, onChange, onError } = this.#options;
    const { uid } = resource.metadata;
    const now = clock.now();
    if (now - (this.#asked.get(uid) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return;
    this.#asked.set(uid, now);
    namespaceTerminating().then((terminating) => {
      if (terminating) letGo(resource);
      else {
        this.#meant.add(uid);
        onChange();
      }
    }, onError);
  }
}

function notDeleted(resource: StoredResource): StoredResource {
  const { deletionTimestamp: _deletionTimestamp, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}
