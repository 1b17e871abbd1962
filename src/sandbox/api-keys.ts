import { createHash, timingSafeEqual } from 'node:crypto';
import type { Scope } from './router.ts';

export interface ApiKey {
  readonly key: string;
  /** Shown as the actor in the audit trail. */
  readonly name: string;
  /** Left out: all. */
  readonly scopes?: readonly Scope[];
}

export class ApiKeys {
  readonly #keys: readonly { readonly digest: Buffer; readonly key: ApiKey }[];

  constructor(keys: readonly ApiKey[]) {
    this.#keys = keys.map((key) => ({ digest: digest(key.key), key }));
  }

  find(secret: string | undefined): ApiKey | undefined {
    if (secret === undefined) return undefined;
    const given = digest(secret);
    return this.#keys.find((known) => timingSafeEqual(known.digest, given))?.key;
  }
}

/** Whether two secrets are equal, in a time that does not tell how far. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
