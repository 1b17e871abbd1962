import { compile } from '../account/compile/compile.ts';
import { diff } from '../account/diff.ts';
import type { ObservedAccount } from '../account/objects.ts';
import { settingsOf } from '../execution/phone-system-settings.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { FilesHost } from './files-host.ts';
import type { LockStore } from './lock-file.ts';
import { SecretFiles } from './secret-files.ts';

export interface ImportLockOptions {
  readonly account: ObservedAccount;
  readonly customerId?: string;
  /** As they are read from the files that the import wrote. */
  readonly phoneSystem: PhoneSystem;
  readonly resources: readonly AccountResource[];
  readonly lockFile: LockStore;
  readonly clock: Clock;
}

/**
 * Writes the lock of files that were made of this very account: what they declare counts as applied. Without it, nobody
 * could tell whether a difference that shows up later came from the files or from the account. Of what an earlier lock
 * knew, and the files no longer hold, it keeps what the account still has.
 *
 * @throws LockFileError where there is a lock already that can't be understood
 */
export async function writeImportLock(options: ImportLockOptions): Promise<void> {
  const { account: observed, clock, customerId, lockFile, phoneSystem, resources } = options;
  const settings = settingsOf(phoneSystem);
  const host = new FilesHost({
    resources,
    faulty: new Set(),
    // The files hold the whole account: what they hold no longer is looked at as if it were to be taken away.
    prune: true,
    lockFile,
    lock: await lockFile.read(),
    settings,
    secrets: new SecretFiles(undefined),
    clock,
    readUser: async () => undefined,
    onError: () => undefined,
    ...(customerId === undefined ? {} : { customerId }),
  });
  const memory = host.memory();
  const desired = compile({
    resources: host.resources(),
    policy: host.policy(),
    observed,
    memory,
    now: clock.now(),
    secretRevision: (secret) => host.secretRevision(secret),
  });
  const { driftPolicy } = settings;
  const plan = diff({ desired, observed, memory, driftPolicy, removals: host.removals() });
  host.planned(plan, desired);
  const lock = host.lock();
  const left = [...lock.resources].filter(([key]) => plan.outcomes.get(key)?.reason !== 'Deleted');
  await lockFile.write({ ...lock, resources: new Map(left) });
}
