import { createHmac, generateKeySync } from 'node:crypto';
import type { SecretKeyRef } from '../account/desired.ts';
import { hidden, patternOf } from '../execution/conceal.ts';
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
/** Bytes of an account number or a PIN; what is longer is a document. */
const longestValue = 200;
const mostValues = 2_000;

interface Known {
  /** The Secret's version when its key came to have this value; undefined when there is no such key. */
  readonly revision: string | undefined;
  /** Tells one value from another, and to nobody but this process. */
  readonly mark: string | undefined;
  readonly readAt: number;
}

/**
 * What version each named key of a Secret has, for decisions that must not wait. A Secret that is changed otherwise,
 * by a label or at another key, keeps it: nothing is written for that. How values are compared and why nothing of it
 * is stored is in docs/decisions/0005.
 */
export class SecretRevisions {
  readonly #options: SecretRevisionsOptions;
  readonly #known = new Map<string, Known>();
  /** Never leaves the process: with it, whoever sees a mark could try all PINs of four digits. */
  readonly #markKey = generateKeySync('hmac', { length: 256 });
  readonly #reading = new Set<string>();
  /** By value, also of those that are another one by now: the phone system may still repeat them. */
  readonly #patterns = new Map<string, RegExp>();

  constructor(options: SecretRevisionsOptions) {
    this.#options = options;
  }

  /** Undefined when there is no such key, null while nothing is known. */
  revision(secret: SecretKeyRef): string | null | undefined {
    const key = `${secret.name}/${secret.key}`;
    const known = this.#known.get(key);
    if (!known || this.#options.clock.now() - known.readAt > maxAgeMs) void this.look(secret);
    return known ? known.revision : null;
  }

  /** A text of the phone system without the values that it may have been given. */
  conceal(text: string): string {
    return hidden(text, this.#patterns.values());
  }

  /** What is known may be old: it is looked at again before long. */
  forget(): void {
    for (const [key, known] of this.#known) this.#known.set(key, { ...known, readAt: 0 });
  }

  async bytes(secret: SecretKeyRef): Promise<Uint8Array> {
    const { reader, namespace } = this.#options;
    const value = await reader.read(namespace, secret.name, secret.key);
    if (!value.found) throw new SecretMissing(value.message);
    return value.value;
  }

  /** Looks at a Secret now, unless somebody does already; resolves when what it showed counts. */
  async look(secret: SecretKeyRef): Promise<void> {
    const key = `${secret.name}/${secret.key}`;
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    const { reader, namespace, clock, onChange, onError } = this.#options;
    try {
      const value = await reader.read(namespace, secret.name, secret.key);
      const before = this.#known.get(key);
      const mark = value.found ? this.#markOf(value.value) : undefined;
      if (value.found) this.#noteValue(value.value);
      const stays = before?.mark !== undefined && before.mark === mark;
      const revision = stays ? before.revision : value.found ? value.resourceVersion : undefined;
      this.#known.set(key, { revision, mark, readAt: clock.now() });
      if (!before || before.revision !== revision) onChange();
    } catch (error) {
      onError(error);
    } finally {
      this.#reading.delete(key);
    }
  }

  /** Of documents nothing is kept: what is repeated is an account number or a PIN. */
  #noteValue(value: Uint8Array): void {
    if (value.length > longestValue) return;
    const text = Buffer.from(value).toString('utf8').trim();
    const pattern = this.#patterns.get(text) ?? patternOf(text);
    if (!pattern) return;
    this.#patterns.delete(text);
    this.#patterns.set(text, pattern);
    const [oldest] = this.#patterns.keys();
    if (this.#patterns.size > mostValues && oldest !== undefined) this.#patterns.delete(oldest);
  }

  #markOf(value: Uint8Array): string {
    return createHmac('sha256', this.#markKey).update(value).digest('base64');
  }
}
