import { isApiError } from './api-error.ts';
import type { ReadableCache } from './cache.ts';
import type { JsonPatchOperation, KubernetesClient } from './client.ts';
import { type KubernetesObject, type ObjectRef, type ResourceType, refOf } from './object.ts';
import { NotLeading } from './status-writer.ts';

export interface FinalizerOptions<T extends KubernetesObject> {
  readonly client: KubernetesClient;
  readonly type: ResourceType<T>;
  readonly cache: ReadableCache<T>;
  /** Qualified name, such as `example.com/finalizer`. */
  readonly finalizer: string;
  /** Asked before each write; false refuses it with NotLeading. Left out: always. */
  readonly mayWrite?: () => boolean;
}

const MAX_ATTEMPTS = 5;

/**
 * Adds and removes one finalizer, leaving those of others alone: the patch is guarded by a test of the list as it
 * was read, so that a concurrent change is noticed and not overwritten.
 */
export class Finalizers<T extends KubernetesObject> {
  readonly #options: FinalizerOptions<T>;

  constructor(options: FinalizerOptions<T>) {
    this.#options = options;
  }

  has(object: T): boolean {
    return object.metadata.finalizers?.includes(this.#options.finalizer) ?? false;
  }

  /**
   * Resolves with the object that carries the finalizer; undefined when the object is gone or being deleted,
   * since the API server takes no new finalizer then. Writes nothing when it is there already.
   */
  async add(object: T, signal?: AbortSignal): Promise<T | undefined> {
    return await this.#change(
      object,
      (current) => {
        const { finalizers = [], deletionTimestamp } = current.metadata;
        if (deletionTimestamp !== undefined) return 'impossible';
        if (this.has(current)) return 'done';
        const value = [...finalizers, this.#options.finalizer];
        return finalizers.length === 0
          ? [
              // A missing list and null are the same to the API server's JSON patch.
              { op: 'test', path: '/metadata/finalizers', value: null },
              { op: 'add', path: '/metadata/finalizers', value },
            ]
          : [
              { op: 'test', path: '/metadata/finalizers', value: finalizers },
              { op: 'replace', path: '/metadata/finalizers', value },
            ];
      },
      signal,
    );
  }

  /** Removes it; the object may vanish by that. Writes nothing when it is gone already. */
  async remove(object: T, signal?: AbortSignal): Promise<void> {
    await this.#change(
      object,
      (current) => {
        const index = current.metadata.finalizers?.indexOf(this.#options.finalizer) ?? -1;
        if (index < 0) return 'done';
        const path = `/metadata/finalizers/${index}`;
        return [
          { op: 'test', path, value: this.#options.finalizer },
          { op: 'remove', path },
        ];
      },
      signal,
    );
  }

  async #change(
    object: T,
    decide: (current: T) => JsonPatchOperation[] | 'done' | 'impossible',
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    const { client, type, cache } = this.#options;
    const ref: ObjectRef = refOf(object);
    const { uid } = object.metadata;
    const timing = signal === undefined ? {} : { signal };
    let current = object;
    for (let attempt = 1; ; attempt += 1) {
      const decision = decide(current);
      if (decision === 'impossible') return undefined;
      if (decision === 'done') return current;
      if (this.#options.mayWrite?.() === false)
        throw new NotLeading(`Not the leader: the finalizers of ${ref.name} were not changed`);
      try {
        const operations: JsonPatchOperation[] = [
          { op: 'test', path: '/metadata/uid', value: uid },
          ...decision,
        ];
        const written = await client.patch(type, ref, { type: 'json', operations }, timing);
        cache.absorb(written);
        return written;
      } catch (error) {
        if (isApiError(error, 'notFound')) return undefined;
        const raced = isApiError(error, 'invalid') || isApiError(error, 'conflict');
        if (!raced || attempt === MAX_ATTEMPTS) throw error;
      }
      const fresh = await client.get(type, ref, timing).catch((error: unknown) => {
        if (isApiError(error, 'notFound')) return undefined;
        throw error;
      });
      if (fresh?.metadata.uid !== uid) return undefined;
      current = fresh;
    }
  }
}
