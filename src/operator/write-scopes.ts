import type { Change, Plan } from '../account/plan.ts';
import type { Settled } from '../execution/host.ts';
import { adminOperations } from '../phonesystem/scopes.ts';

/** The scopes that a key was found to lack by writes that were refused, for as long as such a write is due. */
export class WriteScopes {
  /** By the handle of the change. */
  readonly #lacked = new Map<string, readonly string[]>();

  get missing(): readonly string[] {
    return [...new Set([...this.#lacked.values()].flat())].sort();
  }

  settled({ handle }: Change, { failures }: Settled): void {
    const scopes = failures.flatMap(({ lackedScope }) => lackedScope ?? []);
    if (scopes.length > 0) this.#lacked.set(handle, [...new Set(scopes)]);
    else this.#lacked.delete(handle);
  }

  /** An asynchronous write was taken: the key has what all of them need. @returns true when that was not so before */
  accepted(): boolean {
    let isNew = false;
    for (const [handle, scopes] of this.#lacked) {
      if (!scopes.includes(adminOperations)) continue;
      isNew = true;
      const others = scopes.filter((scope) => scope !== adminOperations);
      if (others.length > 0) this.#lacked.set(handle, others);
      else this.#lacked.delete(handle);
    }
    return isNew;
  }

  /** What nobody asks for any more lacks nothing. */
  planned({ changes }: Plan): void {
    if (this.#lacked.size === 0) return;
    const due = new Set(changes.map(({ handle }) => handle));
    for (const handle of this.#lacked.keys()) if (!due.has(handle)) this.#lacked.delete(handle);
  }
}
