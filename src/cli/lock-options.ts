import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';

export const lockFileName = 'dialops.lock.yaml';

export interface LockFlags {
  readonly lockFile?: string;
  readonly secretsDir?: string;
  readonly prune: boolean;
  readonly approveRemovals?: string;
}

export function addLockOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--lock-file <file>',
        'what is known of the account; commit it (default: dialops.lock.yaml in the first folder named)',
      ),
    )
    .addOption(new Option('--secrets-dir <dir>', 'Secrets as files in this folder: NAME/KEY'))
    .addOption(
      new Option('--prune', 'remove what the lock file knows and the files no longer hold').default(false),
    )
    .addOption(
      new Option('--approve-removals <digest>', 'let exactly the removals go on that a plan held back'),
    );
}

/** The folder of the first path, or of the file that it is. */
export async function lockPath(flags: LockFlags, paths: readonly string[]): Promise<string> {
  if (flags.lockFile !== undefined) return flags.lockFile;
  const [first = '.'] = paths;
  const isFolder = await stat(first).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return join(isFolder ? first : dirname(first), lockFileName);
}
