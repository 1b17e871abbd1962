import type { Change, Plan } from '../account/plan.ts';
import type { Failure, Settled } from '../execution/host.ts';
import { adminOperations } from '../phonesystem/scopes.ts';

/** The scopes that a key was found to lack by writes that were refused, for as long as such a write is due. */
export class WriteScopes {
  /** By the handle of the change. */
  readonly #lacked = new Map<string, readonly string[]>();
  /** Handles of what is tried again because the key turned out to have the scope: refused once more, it is not for that. */
  readonly #retried = new Set<string>();

  get missing(): readonly string[] {
    return [...new Set([...this.#lacked.values()].flat())].sort();
  }

  /** @returns the result as it is to be told: of a refusal that is not for the scope that it seemed to be for, none is named */
  settled({ handle }: Change, result: Settled): Settled {
    if (result.failures.length === 0) this.#retried.delete(handle);
    const isAnother = this.#retried.has(handle);
    const failures = result.failures.map((failure) =>
      isAnother && failure.lacked?.scope === adminOperations ? aboutSomethingElse(failure) : failure,
    );
    const scopes = failures.flatMap(({ lacked }) => lacked?.scope ?? []);
    if (scopes.length > 0) this.#lacked.set(handle, [...new Set(scopes)]);
    else this.#lacked.delete(handle);
    return { ...result, failures };
  }

  /** An asynchronous write was taken: the key has what all of them need. @returns the handles of what seemed to lack it */
  accepted(): readonly string[] {
    const freed: string[] = [];
    for (const [handle, scopes] of this.#lacked) {
      if (!scopes.includes(adminOperations)) continue;
      freed.push(handle);
      this.#retried.add(handle);
      const others = scopes.filter((scope) => scope !== adminOperations);
      if (others.length > 0) this.#lacked.set(handle, others);
      else this.#lacked.delete(handle);
    }
    return freed;
  }

  /** What nobody asks for any more lacks nothing. */
  planned({ changes }: Plan): void {
    if (this.#lacked.size + this.#retried.size === 0) return;
    const due = new Set(changes.map(({ handle }) => handle));
    for (const handle of this.#lacked.keys()) if (!due.has(handle)) this.#lacked.delete(handle);
    for (const handle of this.#retried) if (!due.has(handle)) this.#retried.delete(handle);
  }
}

function aboutSomethingElse({ lacked, ...failure }: Failure): Failure {
  return { ...failure, reason: 'RefusedByPhoneSystem', message: lacked?.answer ?? failure.message };
}
