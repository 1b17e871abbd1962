import type { Clock } from '../../foundation/clock.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { isApiError } from './api-error.ts';
import type { ReadableCache } from './cache.ts';
import type { KubernetesClient } from './client.ts';
import { type KubernetesObject, keyOf, type ObjectRef, plainType } from './object.ts';

const secrets = plainType('', 'v1', 'secrets', 'Secret');

/** Names and versions of Secrets, never their data: what a reflector may watch to notice rotation. */
export const secretVersions = { ...secrets, metadataOnly: true };

export type SecretValue =
  | { readonly found: true; readonly value: Buffer; readonly resourceVersion: string }
  | {
      readonly found: false;
      /** `Forbidden`: RBAC lets us not read it, so whether it exists is unknown. */
      readonly reason: 'SecretNotFound' | 'KeyNotFound' | 'Forbidden';
      /** What is wrong and what to do. */
      readonly message: string;
    };

export interface SecretReaderOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /**
   * Versions as a synced watch knows them; undefined for a namespace that is not (or not yet) watched. With it
   * a Secret is read once for each version of it.
   */
  readonly versions?: (namespace: string) => ReadableCache<KubernetesObject> | undefined;
  /** How long a Secret counts as unchanged when nothing watches it, in ms. */
  readonly maxAgeMs?: number;
  /** How many are kept: names come from resources, and there is no end of them. Default: 1,000. */
  readonly maxHeld?: number;
}

interface Held {
  readonly secret: JsonObject & KubernetesObject;
  readonly readAt: number;
}

/** Larger values, such as documents, are read each time they are needed and not kept. */
const MAX_HELD_BYTES = 16 * 1024;

/**
 * Reads Secrets by name, one at a time.
 *
 * Rights needed: `get` on secrets, which a Role can narrow by `resourceNames` to the very Secrets named; a changed
 * Secret is then noticed after `maxAgeMs`, and at once through `reread` when the old value was refused. With `list`
 * and `watch` as well, in the namespaces that hold resources, it is noticed at once through a watch of
 * metadata alone: the data of Secrets nobody named never reaches this process.
 */
export class SecretReader {
  readonly #options: SecretReaderOptions;
  readonly #held = new Map<string, Held>();
  readonly #reading = new Map<string, Promise<JsonObject & KubernetesObject>>();

  constructor(options: SecretReaderOptions) {
    this.#options = options;
  }

  /** Throws a KubernetesError when the API server cannot be asked: unknown is not missing. */
  async read(namespace: string, name: string, key: string): Promise<SecretValue> {
    const ref = { namespace, name };
    const held = this.#held.get(keyOf(ref));
    if (held !== undefined && this.#isFresh(ref, held)) return pick(held.secret, ref, key);
    return await this.reread(namespace, name, key);
  }

  /** Reads it from the API server whatever is held; simultaneous calls share one request. */
  async reread(namespace: string, name: string, key: string): Promise<SecretValue> {
    const ref = { namespace, name };
    try {
      return pick(await this.#fetch(ref), ref, key);
    } catch (error) {
      if (isApiError(error, 'notFound')) {
        this.#held.delete(keyOf(ref));
        const message = `Secret ${name} does not exist in namespace ${namespace}: create it`;
        return { found: false, reason: 'SecretNotFound', message };
      }
      if (isApiError(error, 'forbidden')) {
        this.#held.delete(keyOf(ref));
        const message = `Secret ${name} may not be read: grant the operator "get" on it in namespace ${namespace}`;
        return { found: false, reason: 'Forbidden', message };
      }
      throw error;
    }
  }

  /** Drops what is held of one Secret, or of all in a namespace: the next reading asks the API server. */
  forget(namespace: string, name?: string): void {
    if (name !== undefined) {
      this.#held.delete(keyOf({ namespace, name }));
      return;
    }
    for (const key of this.#held.keys()) if (key.startsWith(`${namespace}/`)) this.#held.delete(key);
  }

  async #fetch(ref: ObjectRef): Promise<JsonObject & KubernetesObject> {
    const key = keyOf(ref);
    const under = this.#reading.get(key);
    if (under !== undefined) return await under;
    const reading = this.#options.client.get(secrets, ref);
    this.#reading.set(key, reading);
    try {
      const secret = await reading;
      this.#held.delete(key);
      if (sizeOf(secret) <= MAX_HELD_BYTES) this.#hold(key, secret);
      return secret;
    } finally {
      this.#reading.delete(key);
    }
  }

  #hold(key: string, secret: JsonObject & KubernetesObject): void {
    this.#held.set(key, { secret, readAt: this.#options.clock.now() });
    // A map keeps the order of insertion: what was read longest ago goes.
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= (this.#options.maxHeld ?? 1_000)) return;
      this.#held.delete(oldest);
    }
  }

  #isFresh(ref: { namespace: string; name: string }, held: Held): boolean {
    const versions = this.#options.versions?.(ref.namespace);
    // Where the watch is behind what was read, it is read once more: cheap, and never wrong.
    if (versions !== undefined) {
      return versions.get(ref)?.metadata.resourceVersion === held.secret.metadata.resourceVersion;
    }
    return this.#options.clock.now() - held.readAt < (this.#options.maxAgeMs ?? 60_000);
  }
}

function pick(secret: JsonObject & KubernetesObject, ref: ObjectRef, key: string): SecretValue {
  const data = isJsonObject(secret.data) ? secret.data : {};
  const encoded = Object.hasOwn(data, key) ? data[key] : undefined;
  if (typeof encoded !== 'string') {
    // Which keys it has is for those to know who may read it.
    const message = `Secret ${ref.name} has no key ${key}: add it, or correct the name of the key`;
    return { found: false, reason: 'KeyNotFound', message };
  }
  const { resourceVersion } = secret.metadata;
  return { found: true, value: Buffer.from(encoded, 'base64'), resourceVersion };
}

function sizeOf(secret: JsonObject): number {
  const data = isJsonObject(secret.data) ? Object.values(secret.data) : [];
  return data.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}
