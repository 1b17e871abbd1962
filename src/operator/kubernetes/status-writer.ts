import type { Json } from '../../foundation/json.ts';
import { isApiError } from './api-error.ts';
import type { ReadableCache } from './cache.ts';
import type { JsonPatchOperation, KubernetesClient } from './client.ts';
import { type KubernetesObject, keyOf, type ObjectRef, type ResourceType } from './object.ts';
import { sameValue } from './same-value.ts';

export type WithStatus<S> = KubernetesObject & { readonly status?: S };

/**
 * `written`: stored. `unchanged`: it was so already, nothing was sent. `gone`: the object no longer exists, or a
 * namesake has taken its place.
 */
export type StatusOutcome = 'written' | 'unchanged' | 'gone';

export interface StatusWriterOptions<S, T extends WithStatus<S>> {
  readonly client: KubernetesClient;
  readonly type: ResourceType<T>;
  readonly cache: ReadableCache<T>;
  /** Asked before each write; false refuses it. */
  readonly mayWrite: () => boolean;
  /** A status of this kind was stored. */
  readonly onWritten?: (kind: string) => void;
}

export interface StatusWrite {
  /**
   * Fails on a stale version instead of writing over it: for what must not rest on an old state, such as the
   * record of a create that is about to be sent.
   */
  readonly checked?: boolean;
  readonly signal?: AbortSignal;
}

export class NotLeading extends Error {
  override readonly name = 'NotLeading';
}

const MAX_ATTEMPTS = 5;

/**
 * Writes the status of one kind's objects, and only when it differs from the stored one: a status that is
 * rewritten unchanged, or with anything volatile in it, makes the operator wake itself for ever.
 */
export class StatusWriter<S, T extends WithStatus<S>> {
  readonly #options: StatusWriterOptions<S, T>;
  #writes = 0;

  constructor(options: StatusWriterOptions<S, T>) {
    this.#options = options;
  }

  /** Writes sent so far, refused ones included. */
  get writes(): number {
    return this.#writes;
  }

  /**
   * Makes the status of the object with this UID equal to what `decide` returns for its latest known state, made to
   * fit its type's definition; the whole status is replaced. `decide` may be called several times and must be pure. Nothing is written when it
   * returns undefined. After a conflict the object is read afresh. Throws a KubernetesError for everything else
   * that fails; `invalid` means that the status breaks the CRD's schema.
   */
  async write(
    ref: ObjectRef,
    uid: string,
    decide: (object: T) => S | undefined,
    how: StatusWrite = {},
  ): Promise<StatusOutcome> {
    const { client, type, cache } = this.#options;
    const timing = how.signal === undefined ? {} : { signal: how.signal };
    let object = cache.get(ref);
    for (let attempt = 1; ; attempt += 1) {
      if (object?.metadata.uid !== uid) return 'gone';
      const decided = decide(object);
      if (decided === undefined) return 'unchanged';
      const asJson: Json = JSON.parse(JSON.stringify(decided));
      const wanted = type.fitStatus?.(asJson) ?? asJson;
      if (sameValue(object.status, wanted)) return 'unchanged';
      if (!this.#options.mayWrite()) throw new NotLeading(`Not the leader: ${keyOf(ref)} was not written`);
      this.#writes += 1;
      try {
        const operations = replaceStatus(object, wanted, how.checked === true);
        const patch = { type: 'json' as const, operations };
        cache.absorb(await client.patch(type, ref, patch, { subresource: 'status', ...timing }));
        this.#options.onWritten?.(type.kind);
        return 'written';
      } catch (error) {
        if (isApiError(error, 'notFound')) return 'gone';
        const stale = isApiError(error, 'conflict') || isApiError(error, 'invalid');
        if (!stale || attempt === MAX_ATTEMPTS) throw error;
        const before: T = object;
        object = await this.#reread(ref, timing);
        // An `invalid` that is not due to a namesake is due to the status itself.
        if (isApiError(error, 'invalid') && object?.metadata.uid === before.metadata.uid) throw error;
      }
    }
  }

  async #reread(ref: ObjectRef, timing: { signal?: AbortSignal }): Promise<T | undefined> {
    try {
      const object = await this.#options.client.get(this.#options.type, ref, timing);
      this.#options.cache.absorb(object);
      return object;
    } catch (error) {
      if (isApiError(error, 'notFound')) return undefined;
      throw error;
    }
  }
}

function replaceStatus(object: KubernetesObject, status: Json, checked: boolean): JsonPatchOperation[] {
  const { uid, resourceVersion } = object.metadata;
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    // Setting the version makes the API server compare it and answer 409; a failed `test` would be a 422, which
    // looks like a status that breaks the schema.
    ...(checked
      ? [{ op: 'replace' as const, path: '/metadata/resourceVersion', value: resourceVersion }]
      : []),
    { op: 'add', path: '/status', value: status },
  ];
}
