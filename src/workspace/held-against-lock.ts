import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { renamedAmong } from './renamed.ts';

/** What the files hold and what a lock knows, brought together. */
export interface HeldAgainstLock {
  /** What the files hold, by key, each with the status that the lock remembers of it. */
  readonly declared: ReadonlyMap<string, AccountResource>;
  /** What the lock knows and the files no longer hold, with its key. */
  readonly left: readonly (readonly [string, AccountResource])[];
  /** Keys by which the lock knows resources that have another name in the files. */
  readonly oldNames: ReadonlySet<string>;
}

export function heldAgainst(
  locked: ReadonlyMap<string, AccountResource>,
  files: {
    readonly resources: readonly AccountResource[];
    /** Keys of resources that the files hold and that can't be read for a fault of theirs: they are not missing. */
    readonly faulty: ReadonlySet<string>;
    /** Whether a resource goes on under another name. */
    readonly knowsRenamed: boolean;
  },
): HeldAgainstLock {
  const held = new Map(files.resources.map((resource) => [resourceKey(referenceTo(resource)), resource]));
  const gone = [...locked].filter(([key]) => !held.has(key) && !files.faulty.has(key));
  const come = [...held].filter(([key]) => !locked.has(key));
  const renamed = files.knowsRenamed ? renamedAmong(new Map(come), new Map(gone)) : new Map<string, string>();
  const oldNames = new Set(renamed.values());
  return {
    declared: new Map(
      [...held].map(([key, resource]) => [key, withStatus(resource, locked.get(renamed.get(key) ?? key))]),
    ),
    left: gone.filter(([key]) => !oldNames.has(key)),
    oldNames,
  };
}

/** A status in a file is nobody's word: what counts is what the lock remembers. */
function withStatus(resource: AccountResource, locked: AccountResource | undefined): AccountResource {
  const { status: _status, ...declared } = resource;
  return locked?.status === undefined ? declared : merged(declared, locked.status);
}

function merged(declared: AccountResource, status: NonNullable<AccountResource['status']>): AccountResource {
  const { externalId, memory } = status;
  return {
    ...declared,
    status: {
      ...(externalId === undefined ? {} : { externalId }),
      ...(memory === undefined ? {} : { memory }),
    },
  };
}
