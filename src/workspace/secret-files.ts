import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretKeyRef } from '../account/desired.ts';
import { SecretMissing } from '../execution/host.ts';

/** Any name of a Secret or of one of its keys; nothing that leads out of the folder. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Where the Secrets are that resources name. */
export interface SecretSource {
  /** Another one when the Secret is another one; undefined where it is missing, null where that is not known. */
  revision(secret: SecretKeyRef): string | null | undefined;
  /** @throws SecretMissing */
  read(secret: SecretKeyRef): Promise<Uint8Array>;
}

/**
 * Secrets as files, `NAME/KEY` below a folder, as a cluster mounts them. No digest of their contents is kept, so
 * that a changed one does not show by itself: the annotation `dialops.dev/rewrite-secrets` asks for it.
 */
export class SecretFiles implements SecretSource {
  readonly #folder: string | undefined;

  /** @param folder undefined when there is none: then every Secret is missing */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * The same mark for every content; undefined where it is missing. Without a folder it is taken to be there: what
   * was written once is as it should be, and what was not is asked for when it is written.
   */
  revision(secret: SecretKeyRef): string | undefined {
    if (this.#folder === undefined) return 'file';
    const path = this.#pathOf(secret);
    return path !== undefined && existsSync(path) ? 'file' : undefined;
  }

  /** @throws SecretMissing */
  async read(secret: SecretKeyRef): Promise<Uint8Array> {
    const path = this.#pathOf(secret);
    if (path === undefined) {
      throw new SecretMissing(
        `Secret ${secret.name} is needed: name a folder that holds ${secret.name}/${secret.key} with --secrets-dir`,
      );
    }
    try {
      return await readFile(path);
    } catch (cause) {
      throw new SecretMissing(`Secret ${secret.name} has no file ${path}`, { cause });
    }
  }

  #pathOf({ name, key }: SecretKeyRef): string | undefined {
    if (this.#folder === undefined || !safeName.test(name) || !safeName.test(key)) return undefined;
    return join(this.#folder, name, key);
  }
}
