import type { SecretKeyRef } from '../account/desired.ts';
import { SecretMissing } from '../execution/host.ts';
import type { Clock } from '../foundation/clock.ts';
import type { SecretReader } from './kubernetes/secrets.ts';

export interface SecretRevisionsOptions {
  readonly reader: SecretReader;
  readonly namespace: string;
  readonly clock: Clock;
  /** A Secret is there, gone or another one: the next round decides anew. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** How long a known version counts, in ms: the operator may `get` the Secrets it is told of, and watches none. */
const maxAgeMs = 30_000;

/** What version each named Secret has, for decisions that must not wait. */
export class SecretRevisions {
  readonly #options: SecretRevisionsOptions;
  readonly #known = new Map<string, { readonly revision: string | undefined; readonly readAt: number }>();
  readonly #reading = new Set<string>();

  constructor(options: SecretRevisionsOptions) {
    this.#options = options;
  }

  /** Undefined when there is no such key, null while nothing is known. */
  revision(secret: SecretKeyRef): string | null | undefined {
    const key = `${secret.name}/${secret.key}`;
    const known = this.#known.get(key);
    if (!known || this.#options.clock.now() - known.readAt > maxAgeMs) void this.#read(key, secret);
    return known ? known.revision : null;
  }

  /** What is known may be old: it is looked at again before long. */
  forget(): void {
    for (const [key, { revision }] of this.#known) this.#known.set(key, { revision, readAt: 0 });
  }

  async bytes(secret: SecretKeyRef): Promise<Uint8Array> {
    const { reader, namespace } = this.#options;
    const value = await reader.read(namespace, secret.name, secret.key);
    if (!value.found) throw new SecretMissing(value.message);
    return value.value;
  }

  async #read(key: string, secret: SecretKeyRef): Promise<void> {
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    const { reader, namespace, clock, onChange, onError } = this.#options;
    try {
      const value = await reader.read(namespace, secret.name, secret.key);
      const before = this.#known.get(key);
      const revision = value.found ? value.resourceVersion : undefined;
      this.#known.set(key, { revision, readAt: clock.now() });
      if (!before || before.revision !== revision) onChange();
    } catch (error) {
      onError(error);
    } finally {
      this.#reading.delete(key);
    }
  }
}
