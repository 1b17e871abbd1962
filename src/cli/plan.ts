import { Command, Option } from 'commander';
import { namesIn } from '../account/names.ts';
import type { Plan } from '../account/plan.ts';
import { settingsOf } from '../execution/phone-system-settings.ts';
import { systemClock } from '../foundation/clock.ts';
import { planMarkdown } from '../report/plan/plan-markdown.ts';
import { type PlanReport, reportPlan } from '../report/plan/plan-report.ts';
import { planText } from '../report/plan/plan-text.ts';
import { jsonForTerminal } from '../report/terminal-text.ts';
import { formatReference } from '../resources/reference.ts';
import type { LockStore } from '../workspace/lock-file.ts';
import { type Run, type RunOptions, runOnce } from '../workspace/run.ts';
import { stepsOf, writeSavedPlan } from '../workspace/saved-plan.ts';
import { SecretFiles, type SecretSource } from '../workspace/secret-files.ts';
import { addClusterOptions, namesCluster } from './cluster-options.ts';
import { addConnectionOptions, type Connection, connectionHelp } from './connection.ts';
import { addDeclaredOptions, type Declared } from './declared.ts';
import { exitCodeHelp, exitCodes, FaultyFiles, UsageError } from './exit.ts';
import { addLockOptions, type LockFlags } from './lock-options.ts';
import { needsWord } from './saved-places.ts';
import { showValuesOption } from './show-values.ts';
import { type Source, type SourceFlags, sourceOf } from './source.ts';
import { stopSignal } from './stop-signals.ts';
import { complain, talk } from './talk.ts';
import { packageVersion } from './version.ts';

const formats = ['text', 'markdown', 'json'] as const;
type Format = (typeof formats)[number];

export interface PlanFlags extends SourceFlags {
  readonly output: Format;
  readonly showValues: boolean;
  readonly out?: string;
}

const examples = `
Examples:
  What a folder would change, as a person reads it:
    dialops plan company/

  As a comment on a pull request:
    dialops plan company/ -o markdown

  To be carried out as it was reviewed, and not otherwise:
    dialops plan company/ --out plan.json
    dialops apply --plan plan.json

  What merging these files would do, where an operator keeps the account in line:
    dialops plan company/ --context production

  Of one phone system among several, what a removal would take too:
    dialops plan company/ --phone-system london --prune`;

export function planCommand(): Command {
  const command = new Command('plan').description(
    'Shows what would be changed in the account so that it is as the files declare, and changes nothing. ' +
      'Exit code 2 says that there is something to change.',
  );
  addClusterOptions(addConnectionOptions(addLockOptions(addDeclaredOptions(command, '[path...]'))));
  return command
    .addOption(new Option('-o, --output <format>', 'format on stdout').choices(formats).default('text'))
    .addOption(showValuesOption())
    .addOption(
      new Option('--out <file>', 'save the plan for dialops apply --plan; it names Secrets and holds none'),
    )
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runPlan);
}

async function runPlan(paths: readonly string[], flags: PlanFlags): Promise<void> {
  const source = await sourceOf(paths, flags);
  const { declared } = source;
  tellFindings(declared);
  const run = await runFiles({ ...source, flags, planOnly: true, signal: stopSignal() });
  const report = planReport(run, declared, flags.showValues);
  process.stdout.write(rendered(report, flags.output));
  if (flags.out !== undefined) await save(flags.out, flags, source, run);
  const faulty = report.problems.length > 0 || report.unknown.length > 0 || hasErrors(declared);
  process.exitCode = faulty
    ? exitCodes.failed
    : report.changes.length > 0
      ? exitCodes.differs
      : exitCodes.done;
}

async function save(
  path: string,
  flags: PlanFlags,
  { connection, declared, memory }: Source,
  { host, plan }: Run,
): Promise<void> {
  if (namesCluster(flags)) {
    throw new UsageError('The operator of a cluster makes its own plans: --out goes without --context');
  }
  if (hasErrors(declared)) throw new FaultyFiles(`${path} was not written`);
  const { endpoint, phoneSystem, resources } = declared;
  const { approveRemovals, prune } = flags;
  const { customerId } = host.lock();
  await writeSavedPlan(path, {
    version: packageVersion(),
    phoneSystem,
    resources,
    endpoint,
    ...(customerId === undefined ? {} : { customerId }),
    prune,
    ...(approveRemovals === undefined ? {} : { approvedRemovals: approveRemovals }),
    lockFile: memory.path,
    steps: stepsOf(plan),
  });
  const named = needsWord(endpoint, connection) ? ` --endpoint ${endpoint}` : '';
  talk(`Saved: dialops apply --plan ${path}${named} carries out this plan and no other.`);
}

/** One run of the engine over what the files declare. */
export async function runFiles(options: {
  readonly flags: LockFlags;
  readonly connection: Connection;
  readonly declared: Declared;
  readonly memory: LockStore;
  readonly planOnly: boolean;
  readonly secrets?: SecretSource;
  readonly signal: AbortSignal;
  readonly hooks?: Pick<
    RunOptions,
    'chosen' | 'customerId' | 'onBegun' | 'onRetry' | 'onSettled' | 'onUnsent'
  >;
}): Promise<Run> {
  const { connection, declared, flags, hooks, memory, planOnly, secrets, signal } = options;
  if (flags.prune && !declared.complete) {
    throw new UsageError(
      'A file could not be read, so that nobody knows what it declares: --prune is possible once that is mended',
    );
  }
  return await runOnce({
    ...declared,
    apiKey: connection.apiKey,
    transport: connection.transport,
    lockFile: memory,
    secrets: secrets ?? new SecretFiles(flags.secretsDir),
    clock: systemClock,
    random: Math.random,
    prune: flags.prune,
    ...(flags.approveRemovals === undefined ? {} : { approvedRemovals: flags.approveRemovals }),
    signal,
    planOnly,
    ...hooks,
  });
}

export function planReport(
  { host, observed, plan }: Run,
  { complete, findings, phoneSystem, resources }: Declared,
  showValues: boolean,
): PlanReport {
  const { desired, undeclared } = host;
  if (!desired) throw new Error('No plan was made');
  const { limits, operationsInFlight } = settingsOf(phoneSystem);
  return reportPlan(plan, desired, {
    phoneSystem: phoneSystem.metadata.name,
    resources: resources.length,
    findings,
    // What a file that can't be read declares is not known.
    undeclared: complete ? undeclared : [],
    showValues,
    nameOf: nameOr(plan, namesIn(observed)),
    limits: { perMinute: limits.perMinute, operationsInFlight },
  });
}

/** Users go by the resource that declares them: their own names are personal. */
function nameOr({ outcomes }: Plan, nameOf: (id: string) => string | undefined): typeof nameOf {
  const users = new Map<string, string>();
  for (const { externalId, resource } of outcomes.values()) {
    if (resource.kind === 'UserProfile' && externalId !== undefined)
      users.set(externalId, formatReference(resource));
  }
  return (id) => users.get(id) ?? nameOf(id);
}

function rendered(report: PlanReport, format: Format): string {
  if (format === 'json') return jsonForTerminal(report);
  if (format === 'markdown') return planMarkdown(report);
  return planText(report, { color: process.stdout.hasColors?.() === true });
}

/** Faults of the files, one a line, as compilers print them. */
export function tellFindings({ findings }: Pick<Declared, 'findings'>): void {
  for (const { field, message, place, remedy, severity } of findings) {
    const line = `${place.file}:${place.line}:${place.column}: ${field === undefined ? '' : `${field}: `}${message}; ${remedy}`;
    if (severity === 'error') complain(line);
    else talk(`warning: ${line}`);
  }
}

export function hasErrors({ findings }: Pick<Declared, 'findings'>): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
