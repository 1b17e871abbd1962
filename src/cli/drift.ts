import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { parseDuration } from '../execution/duration.ts';
import { systemClock } from '../foundation/clock.ts';
import { type DriftRun, parseDriftRun } from '../report/drift/drift-history.ts';
import { driftHtml } from '../report/drift/drift-html.ts';
import { driftJunit } from '../report/drift/drift-junit.ts';
import { driftMarkdown } from '../report/drift/drift-markdown.ts';
import { type DriftReport, hasDrift, reportDrift } from '../report/drift/drift-report.ts';
import { driftSarif } from '../report/drift/drift-sarif.ts';
import { driftText } from '../report/drift/drift-text.ts';
import { jsonForTerminal } from '../report/terminal-text.ts';
import { acceptedLock } from '../workspace/accept/accepted-lock.ts';
import { writeEdits } from '../workspace/accept/write-edits.ts';
import { type AccountDrift, readDrift } from '../workspace/account-drift.ts';
import { SecretFiles } from '../workspace/secret-files.ts';
import { addClusterOptions, namesCluster } from './cluster-options.ts';
import { addConnectionOptions, connectionHelp } from './connection.ts';
import { addDeclaredOptions } from './declared.ts';
import {
  acceptanceOf,
  type Documents,
  documentsIn,
  patchesOf,
  placeIn,
  spokenRefusals,
} from './drift-accept.ts';
import { exitCodeHelp, exitCodes, explain, FaultyFiles, UsageError } from './exit.ts';
import { hasErrors, tellFindings } from './plan.ts';
import { showValuesOption } from './show-values.ts';
import { type Source, type SourceFlags, sourceOf } from './source.ts';
import { stopSignal } from './stop-signals.ts';
import { talk } from './talk.ts';
import { packageVersion } from './version.ts';

const formats = ['text', 'markdown', 'json', 'html', 'junit', 'sarif'] as const;
type Format = (typeof formats)[number];

interface DriftFlags extends Omit<SourceFlags, 'prune' | 'approveRemovals'> {
  readonly output: Format;
  readonly showValues: boolean;
  /** Milliseconds. */
  readonly since: number;
  readonly accept: boolean;
  readonly history: readonly string[];
}

const examples = `
Examples:
  What was changed in the account behind the files, and by whom:
    dialops drift company/

  Take the account's values over into the files, with their comments and layout:
    dialops drift company/ --accept

  As a comment on an issue:
    dialops drift company/ -o markdown

  As a page, with a chart of earlier runs:
    dialops drift company/ -o html --history runs/*.json > drift.html

  Where an operator keeps the account in line, from what the cluster remembers:
    dialops drift --context production`;

export function driftCommand(): Command {
  const command = new Command('drift').description(
    'Shows what moved in the account away from what was applied: told apart from changes of the files that were not ' +
      'applied yet, and with who made it where the audit records say so. Exit code 2 says that there is drift.',
  );
  addClusterOptions(addConnectionOptions(addDeclaredOptions(command, '[path...]')));
  return command
    .addOption(
      new Option(
        '--lock-file <file>',
        'what was last applied (default: dialops.lock.yaml in the first folder named)',
      ),
    )
    .addOption(new Option('--secrets-dir <dir>', 'Secrets as files in this folder: NAME/KEY'))
    .addOption(new Option('-o, --output <format>', 'format on stdout').choices(formats).default('text'))
    .addOption(showValuesOption())
    .addOption(
      new Option('--since <duration>', 'how far back the audit records are read for who made it')
        .argParser(duration)
        .default(720 * 3_600_000, '720h'),
    )
    .addOption(
      new Option(
        '--accept',
        "write the account's values into the files; what remains is shown, and why it can't be written",
      ).default(false),
    )
    .addOption(
      new Option(
        '--history <file...>',
        'what earlier runs wrote with -o json, for the chart of -o html',
      ).default([], 'none'),
    )
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runDrift);
}

function duration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined || parsed <= 0) {
    throw new UsageError(`--since: ${text} is no duration; give it as 90m, 12h or 720h`);
  }
  return parsed;
}

async function runDrift(paths: readonly string[], flags: DriftFlags): Promise<void> {
  if (flags.accept && paths.length === 0) {
    throw new UsageError('--accept writes into files: name the files or folders, too');
  }
  const source = await sourceOf(paths, { ...flags, prune: false });
  tellFindings(source.declared);
  const drift = await read(source, flags);
  const documents = await documentsIn(paths, namespaceOf(source, flags));
  const report = flags.accept
    ? await accept(paths, flags, { source, drift, documents })
    : reportOf(drift, source, { flags, documents, acceptance: paths.length > 0 });
  process.stdout.write(await rendered(report, flags));
  process.exitCode = exitCodeOf(report, hasErrors(source.declared));
}

/** As the files were loaded: beside a cluster, its PhoneSystem says where they belong. */
function namespaceOf({ declared }: Source, flags: DriftFlags): string | undefined {
  return namesCluster(flags) ? declared.phoneSystem.metadata.namespace : flags.namespace;
}

/** Writes what can be written, and looks again. */
async function accept(
  paths: readonly string[],
  flags: DriftFlags,
  found: { readonly source: Source; readonly drift: AccountDrift; readonly documents: Documents },
): Promise<DriftReport> {
  if (hasErrors(found.source.declared)) {
    throw new FaultyFiles('none was written');
  }
  const { accepted, edits, notAccepted } = acceptanceOf(found.drift, found.documents, true);
  await writeEdits(edits);
  for (const { file } of edits) talk(`Written: ${file}`);
  const refused = spokenRefusals(notAccepted);
  if (edits.length === 0) {
    const { documents, drift, source } = found;
    return { ...reportOf(drift, source, { flags, documents, acceptance: false }), notAcceptable: refused };
  }
  const source = await sourceOf(paths, { ...flags, prune: false });
  const drift = await read(source, flags);
  // The memory of a cluster is its operator's: it finds by itself that nothing is left to do.
  if (!namesCluster(flags)) {
    await source.memory.write(acceptedLock(await source.memory.read(), drift.run.host.lock(), accepted));
  }
  const documents = await documentsIn(paths, namespaceOf(source, flags));
  return { ...reportOf(drift, source, { flags, documents, acceptance: false }), notAcceptable: refused };
}

function reportOf(
  drift: AccountDrift,
  { declared }: Source,
  how: { readonly flags: DriftFlags; readonly documents: Documents; readonly acceptance: boolean },
): DriftReport {
  const { acceptance, documents, flags } = how;
  const would = acceptance ? acceptanceOf(drift, documents, flags.showValues) : undefined;
  return reportDrift(drift.findings, {
    phoneSystem: declared.phoneSystem.metadata.name,
    readAt: drift.readAt,
    showValues: flags.showValues,
    authorOf: drift.authorOf,
    placeOf: placeIn(documents),
    ...(would ? { patches: patchesOf(would), notAcceptable: spokenRefusals(would.notAccepted) } : {}),
  });
}

async function read(
  { connection, declared, memory, secrets }: Source,
  flags: DriftFlags,
): Promise<AccountDrift> {
  return await readDrift({
    ...declared,
    apiKey: connection.apiKey,
    transport: connection.transport,
    lockFile: memory,
    secrets: secrets ?? new SecretFiles(flags.secretsDir),
    clock: systemClock,
    random: Math.random,
    signal: stopSignal(),
    auditMs: flags.since,
    onAuditError: (error) => talk(`warning: the audit records were not read: ${explain(error)}`),
  });
}

/** What could not be read may hide drift: then nobody is told that there is none. */
function exitCodeOf(report: DriftReport, faulty: boolean): number {
  if (faulty) return exitCodes.failed;
  if (hasDrift(report)) return exitCodes.differs;
  return report.unknown.length > 0 ? exitCodes.failed : exitCodes.done;
}

async function rendered(report: DriftReport, { history, output }: DriftFlags): Promise<string> {
  switch (output) {
    case 'json':
      return jsonForTerminal(report);
    case 'markdown':
      return driftMarkdown(report);
    case 'html':
      return driftHtml(report, await Promise.all(history.map((file) => readRun(file, report.phoneSystem))));
    case 'junit':
      return driftJunit(report);
    case 'sarif':
      return jsonForTerminal(driftSarif(report, packageVersion()));
    case 'text':
      return driftText(report, { color: process.stdout.hasColors?.() === true });
  }
}

async function readRun(file: string, phoneSystem: string): Promise<DriftRun> {
  let run: DriftRun | undefined;
  try {
    run = parseDriftRun(JSON.parse(await readFile(file, 'utf8')), phoneSystem);
  } catch (error) {
    throw new UsageError(`--history ${file}: ${explain(error)}`);
  }
  if (run) return run;
  throw new UsageError(`--history ${file}: is no JSON of dialops drift for the phone system ${phoneSystem}`);
}
