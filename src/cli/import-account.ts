import { join } from 'node:path';
import { objectTypes } from '../account/objects.ts';
import { systemClock } from '../foundation/clock.ts';
import { publishedRequestLimits, RequestBudget } from '../phonesystem/budget.ts';
import { PhoneSystemClient } from '../phonesystem/client.ts';
import { readOnlyTransport } from '../phonesystem/read-only-transport.ts';
import { tallyText } from '../report/import/tally-text.ts';
import { jsonForTerminal, linesForTerminal } from '../report/terminal-text.ts';
import { writeImportLock } from '../workspace/import-lock.ts';
import { LockFile } from '../workspace/lock-file.ts';
import {
  type ImportReport,
  importAccount,
  UnknownPathsError,
} from '../workspace/repository/import-account.ts';
import type { Layout } from '../workspace/repository/layout.ts';
import { readWholeAccount, type WholeAccount } from '../workspace/repository/read-account.ts';
import { checkFolder, FolderInUseError } from '../workspace/repository/write-repository.ts';
import { type ConnectionFlags, connect } from './connection.ts';
import { loadDeclared } from './declared.ts';
import { UsageError } from './exit.ts';
import { lockFileName } from './lock-options.ts';
import { ProgressLine } from './progress.ts';
import { stopSignal } from './stop-signals.ts';
import { talk } from './talk.ts';

export interface ImportFlags extends ConnectionFlags {
  readonly fromAccount: boolean;
  readonly out?: string;
  readonly force: boolean;
  readonly layout: Layout;
  readonly phoneSystem: string;
  readonly namespace?: string;
  readonly portable: boolean;
  readonly rowsOnly: boolean;
  readonly allowUnknown: readonly string[];
  readonly allowMismatch: boolean;
  readonly output: 'text' | 'json';
}

/** @throws UsageError where nothing was begun */
export async function importFromAccount(flags: ImportFlags): Promise<void> {
  const { allowMismatch, allowUnknown, force, layout, namespace, out, phoneSystem, portable } = flags;
  if (out === undefined) throw new UsageError('Name the folder to write: --out DIR');
  checkAllowed(allowUnknown);
  // Before an account is read for an hour.
  await checkFolder(out, force).catch(asUsage);
  const connection = await connect(flags, process.env);
  const { endpoint } = connection;
  if (endpoint === undefined) {
    throw new UsageError('Say where the phone system is, with --endpoint or DIALOPS_ENDPOINT');
  }
  const signal = stopSignal();
  const client = new PhoneSystemClient({
    endpoint,
    apiKey: connection.apiKey,
    transport: readOnlyTransport(connection.transport),
    budget: new RequestBudget({ clock: systemClock, limits: publishedRequestLimits }),
    clock: systemClock,
    random: Math.random,
  });
  // At 100 requests a minute the lists of a large account take minutes.
  if (process.stderr.isTTY === true) talk('Reading the lists of the account …');
  const line = new ProgressLine(process.stderr);
  const began = systemClock.now();
  const whole = await readWholeAccount({
    client,
    clock: systemClock,
    signal,
    singles: !flags.rowsOnly,
    onSingle: (done, of) => line.show({ done, of, inFlight: [], elapsedMs: systemClock.now() - began }),
  }).finally(() => line.clear());
  const lockFile = await lockFor(flags, whole);
  const report = await importAccount({
    ...whole,
    endpoint,
    folder: out,
    layout,
    force,
    phoneSystem,
    portable,
    allowUnknown,
    allowMismatch,
    ...(namespace === undefined ? {} : { namespace }),
  }).catch(asUsage);
  if (lockFile) await remember(lockFile, out, flags, whole, endpoint);
  process.stdout.write(flags.output === 'json' ? jsonOf(report) : linesForTerminal(tallyText(report)));
  const next = portable
    ? `Give the other account with --endpoint: dialops plan ${out}`
    : `dialops plan ${out} shows that there is nothing to do`;
  const lock = lockFile ? ` and ${lockFileName}` : '';
  talk(`Written: ${report.files} files${lock} in ${out}. ${next}.`);
}

/**
 * The lock to write beside the files; none for what goes to another account, or into a namespace of a cluster, whose
 * statuses hold the same.
 * @throws UsageError where a lock is there that must not be lost, and LockFileError
 */
async function lockFor(
  { namespace, out = '.', portable }: ImportFlags,
  { customerId }: WholeAccount,
): Promise<LockFile | undefined> {
  if (portable || namespace !== undefined) return undefined;
  const lockFile = new LockFile(join(out, lockFileName));
  const known = (await lockFile.read()).customerId;
  if (known === undefined || known === customerId) return lockFile;
  throw new UsageError(
    `--out ${out}: ${lockFileName} in it is for account ${known}, and the key opens ${customerId ?? 'one that does not say its id'}: name another folder. Nothing was written`,
  );
}

/** As `dialops plan` and `dialops drift` will read what was written, and look for the lock. */
async function remember(
  lockFile: LockFile,
  folder: string,
  { phoneSystem: name }: ImportFlags,
  { account, customerId }: WholeAccount,
  endpoint: string,
): Promise<void> {
  const { phoneSystem, resources } = await loadDeclared([folder], { phoneSystem: name }, { endpoint });
  await writeImportLock({
    account,
    phoneSystem,
    resources,
    lockFile,
    clock: systemClock,
    ...(customerId === undefined ? {} : { customerId }),
  });
}

/** @throws UsageError for an entry that can't be meant */
function checkAllowed(entries: readonly string[]): void {
  for (const entry of entries) {
    const [type = '', path = ''] = entry.split(' ');
    if (objectTypes.some((one) => one === type) && path !== '') continue;
    throw new UsageError(
      `--allow-unknown ${entry}: must be an object type and a path, as 'user basicInfo.pronouns'; types are ${objectTypes.join(', ')}`,
    );
  }
}

function jsonOf({ files, leftOut, tally }: ImportReport): string {
  const { mismatches, rows } = tally;
  const content = { format: 'dialops.dev/import/v1', files, counts: rows, mismatches, leftOut };
  return jsonForTerminal(content);
}

/** A person has to decide something: nothing was done. */
function asUsage(error: unknown): never {
  if (error instanceof FolderInUseError) throw new UsageError(`--out ${error.message}`);
  if (error instanceof UnknownPathsError) throw new UsageError(error.message);
  throw error;
}
