import { isNewer, type KubernetesObject, type ObjectRef } from './object.ts';
import { sameValue } from './same-value.ts';

export type CacheChange<T> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly before: T; readonly object: T }
  | { readonly type: 'deleted'; readonly object: T };

export type CacheListener<T> = (change: CacheChange<T>) => void;

/** What the rest of the operator sees of a cache. */
export interface ReadableCache<T extends KubernetesObject> {
  readonly size: number;
  get(ref: ObjectRef): T | undefined;
  /** All objects, or those of one namespace; in no particular order. */
  list(namespace?: string): T[];
  /** Calls `listener` for every change from now on; the returned function ends that. */
  subscribe(listener: CacheListener<T>): () => void;
  /**
   * Takes the answer to a write of our own, so that the next decision does not rest on the state before it, and
   * so that the watch's echo of it is no news: an operator that hears itself never comes to rest. Silent, unless the
   * answer shows an edit that the watch has not brought yet.
   */
  absorb(object: T): void;
}

// Cluster-scoped objects live under the empty name, which no namespace can have.
const CLUSTER = '';

/**
 * The latest known state of one collection, by namespace and name. Objects are immutable and shared: nobody may
 * change what they get. A listener that throws is reported and does not keep others from being called.
 */
export class Cache<T extends KubernetesObject> implements ReadableCache<T> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  readonly #listeners = new Set<CacheListener<T>>();
  readonly #onListenerError: (error: unknown) => void;
  #size = 0;
  /** Objects absorbed while a list was under way; the list may have been taken before our write. */
  #absorbed = new Set<T>();

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  get size(): number {
    return this.#size;
  }

  get(ref: ObjectRef): T | undefined {
    return this.#namespaces.get(ref.namespace ?? CLUSTER)?.get(ref.name);
  }

  list(namespace?: string): T[] {
    if (namespace !== undefined) return [...(this.#namespaces.get(namespace)?.values() ?? [])];
    return [...this.#namespaces.values()].flatMap((objects) => [...objects.values()]);
  }

  subscribe(listener: CacheListener<T>): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  absorb(object: T): void {
    const known = this.get(object.metadata);
    // An unknown one may have been deleted meanwhile: only the watch may add it.
    if (known?.metadata.uid !== object.metadata.uid) return;
    if (!isNewer(object.metadata.resourceVersion, known.metadata.resourceVersion)) return;
    this.#set(object);
    this.#absorbed.add(object);
    // Somebody's edit came in between, and its event will be old news: it is told here or never.
    if (isEdited(known, object)) this.#emit({ type: 'updated', before: known, object });
  }

  /** An ADDED or MODIFIED event. What is not newer than what we have (our own echo) changes nothing. */
  upsert(object: T): void {
    const known = this.get(object.metadata);
    if (known === undefined) {
      this.#set(object);
      this.#emit({ type: 'added', object });
    } else if (known.metadata.uid !== object.metadata.uid) {
      this.#replaceNamesake(known, object);
    } else if (isNewer(object.metadata.resourceVersion, known.metadata.resourceVersion)) {
      this.#set(object);
      this.#emit({ type: 'updated', before: known, object });
    }
  }

  /** A DELETED event. The deletion of a namesake that is already replaced changes nothing. */
  remove(object: T): void {
    const known = this.get(object.metadata);
    if (known?.metadata.uid !== object.metadata.uid) return;
    this.#delete(known);
    this.#emit({ type: 'deleted', object });
  }

  /** To be called before a list is begun whose result `replaceAll` will get. */
  beginReplace(): void {
    this.#absorbed = new Set();
  }

  /**
   * Makes the cache equal to a complete list. `unreadable` are refs that the list holds in a form that could not
   * be read: unknown is not absent, so what we have of them stays.
   */
  replaceAll(objects: readonly T[], unreadable: readonly ObjectRef[]): void {
    const present = new Map<string, Set<string>>();
    for (const { namespace = CLUSTER, name } of [...objects.map((each) => each.metadata), ...unreadable]) {
      const names = present.get(namespace);
      if (names) names.add(name);
      else present.set(namespace, new Set([name]));
    }
    for (const known of this.list()) {
      const { namespace = CLUSTER, name } = known.metadata;
      if (present.get(namespace)?.has(name)) continue;
      this.#delete(known);
      this.#emit({ type: 'deleted', object: known });
    }
    for (const object of objects) this.#replaceOne(object);
    this.#absorbed = new Set();
  }

  #replaceOne(object: T): void {
    const known = this.get(object.metadata);
    if (known === undefined) {
      this.#set(object);
      this.#emit({ type: 'added', object });
      return;
    }
    if (known.metadata.uid !== object.metadata.uid) {
      this.#replaceNamesake(known, object);
      return;
    }
    if (known.metadata.resourceVersion === object.metadata.resourceVersion) return;
    // A list is trusted even when its versions are older (the cluster was restored from a backup), except over
    // the answer to a write that we made while the list was under way.
    if (
      this.#absorbed.has(known) &&
      isNewer(known.metadata.resourceVersion, object.metadata.resourceVersion)
    ) {
      return;
    }
    this.#set(object);
    this.#emit({ type: 'updated', before: known, object });
  }

  /** Deleted and created again between two looks: what hung on the old UID must hear that it is gone. */
  #replaceNamesake(known: T, object: T): void {
    this.#delete(known);
    this.#emit({ type: 'deleted', object: known });
    this.#set(object);
    this.#emit({ type: 'added', object });
  }

  #set(object: T): void {
    const { namespace = CLUSTER, name } = object.metadata;
    const objects = this.#namespaces.get(namespace) ?? new Map<string, T>();
    this.#namespaces.set(namespace, objects);
    if (!objects.has(name)) this.#size += 1;
    objects.set(name, object);
  }

  #delete(object: T): void {
    const { namespace = CLUSTER, name } = object.metadata;
    const objects = this.#namespaces.get(namespace);
    if (!objects?.delete(name)) return;
    this.#size -= 1;
    if (objects.size === 0) this.#namespaces.delete(namespace);
  }

  #emit(change: CacheChange<T>): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}

/** Has anybody changed what an operator never writes? */
function isEdited(before: KubernetesObject, after: KubernetesObject): boolean {
  const [old, now] = [before.metadata, after.metadata];
  return (
    old.generation !== now.generation ||
    old.deletionTimestamp !== now.deletionTimestamp ||
    !sameValue(old.annotations ?? {}, now.annotations ?? {})
  );
}
