import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import type { Change, Plan } from '../account/plan.ts';
import type { Settled } from '../execution/host.ts';
import { isResumed } from '../execution/resume.ts';
import { systemClock } from '../foundation/clock.ts';
import type { PlanReport } from '../report/plan/plan-report.ts';
import { planText, summaryLine } from '../report/plan/plan-text.ts';
import { formatReference } from '../resources/reference.ts';
import { LockFile, type LockStore } from '../workspace/lock-file.ts';
import { PlanBasis } from '../workspace/plan-basis.ts';
import { mostTries, type Retry } from '../workspace/run.ts';
import { readSavedPlan, SavedPlanError } from '../workspace/saved-plan.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionFlags,
  connect,
  connectionHelp,
} from './connection.ts';
import { addDeclaredOptions, type Declared, type DeclaredFlags, loadDeclared } from './declared.ts';
import { exitCodeHelp, exitCodes, FaultyFiles, UsageError } from './exit.ts';
import { addLockOptions, type LockFlags, lockPath } from './lock-options.ts';
import { hasErrors, planReport, runFiles, tellFindings } from './plan.ts';
import { ProgressLine } from './progress.ts';
import { checkSavedEndpoint, savedLockFile } from './saved-places.ts';
import { stopSignal } from './stop-signals.ts';
import { complain, talk } from './talk.ts';
import { packageVersion } from './version.ts';

interface ApplyFlags extends ConnectionFlags, DeclaredFlags, LockFlags {
  readonly yes: boolean;
  readonly plan?: string;
}

const examples = `
Examples:
  Show the plan, ask, and carry it out:
    dialops apply company/

  In a pipeline, after the pull request was merged:
    dialops apply company/ --yes

  What was reviewed, and nothing else:
    dialops plan company/ --out plan.json
    dialops apply --plan plan.json --yes

  Remove too what the files no longer hold, as far as the removal guard allows:
    dialops apply company/ --prune`;

const retryHelp = `
What fails:
  What the phone system refuses is not sent again. What fails for a reason that may pass, such as no answer, is tried
  ${mostTries} times in all, with some 5, 10 and 20 seconds in between; each wait is told on stderr. The rest is done all the same.`;

export function applyCommand(): Command {
  const command = new Command('apply').description(
    'Makes the account as the files declare: shows the plan, asks, and carries it out within the limits of the ' +
      'phone system. Ctrl-C stops it cleanly, and a second run goes on where it stopped.',
  );
  addConnectionOptions(addLockOptions(addDeclaredOptions(command, '[path...]')));
  return command
    .addOption(
      new Option('--plan <file>', 'carry out a saved plan instead; refused where the account has moved on'),
    )
    .addOption(new Option('--yes', 'do not ask').default(false))
    .addHelpText('after', `${examples}\n${retryHelp}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runApply);
}

async function runApply(named: readonly string[], given: ApplyFlags): Promise<void> {
  const connection = await connect(given, process.env);
  const { basis, customerId, declared, flags, memory } = await whatToApply(named, given, connection);
  tellFindings(declared);
  if (hasErrors(declared)) throw new FaultyFiles('nothing was changed');
  const signal = stopSignal();
  const files = { flags, connection, declared, memory, signal };
  const account = customerId === undefined ? {} : { customerId };
  const planned = await runFiles({ ...files, planOnly: true, hooks: account });
  const moved = basis?.moved(planned.plan) ?? [];
  if (moved.length > 0) {
    for (const { change, why } of moved) complain(`${spoken(change)}: ${why}`);
    throw new UsageError(
      'The account is not as it was when the plan was saved: plan again. Nothing was changed',
    );
  }
  const chosen = (plan: Plan) => basis?.chosen(plan) ?? plan;
  const show = process.stderr.isTTY === true;
  const report = planReport({ ...planned, plan: chosen(planned.plan) }, declared, show);
  process.stderr.write(planText(report, { color: process.stderr.hasColors?.() === true }));
  const toMake = report.changes.length - report.summary.held;
  if (toMake > 0 && !flags.yes && !(await agreed(signal))) {
    talk('Nothing was changed.');
    process.exitCode = exitCodes.failed;
    return;
  }
  const watch = new ApplyWatch(toMake, basis);
  const hooks = {
    ...account,
    chosen,
    onBegun: watch.begun,
    onUnsent: watch.unsent,
    onRetry: watch.retry,
    onSettled: watch.settled,
  };
  const applied = await runFiles({ ...files, planOnly: false, hooks })
    .finally(() => watch.end())
    .catch((error: unknown) => {
      if (signal.aborted) talk(watch.stopped);
      throw error;
    });
  const due = chosen(applied.plan);
  const left = planReport({ ...applied, plan: due }, declared, show);
  for (const { field, message, resource } of applied.host.failures.values()) {
    complain(`${formatReference(resource)}${field === undefined ? '' : ` spec.${field}`}: ${message}`);
  }
  for (const { field, message, resource } of left.problems) {
    complain(`${resource}${field === undefined ? '' : ` ${field}`}: ${message}`);
  }
  for (const { resource, why } of left.unknown) complain(`${resource}: not known: ${why}`);
  const since = (basis?.moved(applied.plan) ?? []).filter(({ change }) => !due.changes.includes(change));
  for (const { change, why } of since) complain(`${spoken(change)}: not made, since ${why}`);
  const beyond = applied.plan.changes.length - left.changes.length - since.length;
  process.stdout.write(`${watch.over} ${leftLine(left, since.length, beyond)}\n`);
  const wrong = left.problems.length + left.unknown.length;
  const failed = applied.host.failures.size + wrong + since.length > 0;
  if (failed) process.exitCode = exitCodes.failed;
  else if (left.changes.length > 0) process.exitCode = exitCodes.differs;
}

/**
 * @param since changes of a saved plan that became others while it was carried out
 * @param beyond changes that are due and in no saved plan
 */
function leftLine(left: PlanReport, since: number, beyond: number): string {
  if (since === 0 && beyond === 0) return summaryLine(left);
  const isLeft = left.changes.length + left.problems.length + left.unknown.length > 0;
  const parts = isLeft ? [summaryLine(left)] : [];
  if (since > 0) parts.push(`${since} of the plan not made: plan again.`);
  if (beyond > 0) parts.push(`${beyond} to make that the plan does not hold: dialops plan shows what.`);
  return parts.join(' ');
}

/** What is to be carried out: what files declare, or a plan that was saved. */
interface ToApply {
  readonly declared: Declared;
  readonly memory: LockStore;
  readonly flags: ApplyFlags;
  /** Of a saved plan: nothing else is carried out. */
  readonly basis?: PlanBasis;
  readonly customerId?: string;
}

/** @throws UsageError and LockFileError */
async function whatToApply(
  paths: readonly string[],
  flags: ApplyFlags,
  connection: Connection,
): Promise<ToApply> {
  const { lockFile, plan: path } = flags;
  if (path === undefined) {
    if (paths.length === 0)
      throw new UsageError('Name what to apply: files, folders, or a saved plan (--plan)');
    const declared = await loadDeclared(paths, flags, connection);
    return { declared, memory: new LockFile(await lockPath(flags, paths)), flags };
  }
  if (paths.length > 0 || flags.prune) {
    throw new UsageError('A saved plan holds what its files declared, --prune too: give --plan without them');
  }
  const saved = await readSavedPlan(path, packageVersion()).catch((error: unknown) => {
    throw error instanceof SavedPlanError ? new UsageError(error.message, { cause: error.cause }) : error;
  });
  const { approvedRemovals, customerId, endpoint, phoneSystem, prune, resources, steps } = saved;
  checkSavedEndpoint(path, endpoint, connection);
  const memory = new LockFile(lockFile ?? (await savedLockFile(path, saved.lockFile)));
  const { resources: known } = await memory.read();
  const ids = [...known.values()].flatMap(({ status }) => status?.externalId ?? []);
  return {
    declared: { phoneSystem, endpoint, resources, findings: [], faulty: new Set(), complete: true },
    memory,
    flags: {
      ...flags,
      prune,
      ...(approvedRemovals === undefined ? {} : { approveRemovals: approvedRemovals }),
    },
    basis: new PlanBasis(steps, ids),
    ...(customerId === undefined ? {} : { customerId }),
  };
}

/** Tells how it goes: a line for what is over and, on a terminal, one that says what is going on. */
class ApplyWatch {
  #made = 0;
  /** Begun by an earlier run, which was stopped. */
  #followed = 0;
  readonly #basis: PlanBasis | undefined;
  readonly #line = new ProgressLine(process.stderr);
  readonly #inFlight = new Map<string, string>();
  readonly #done = new Set<string>();
  readonly #began = systemClock.now();
  readonly #of: number;

  constructor(of: number, basis: PlanBasis | undefined) {
    this.#of = of;
    this.#basis = basis;
  }

  readonly begun = (change: Change): void => {
    this.#inFlight.set(change.id, spoken(change));
    this.#show();
  };

  readonly unsent = (change: Change): void => {
    this.#inFlight.delete(change.id);
    this.#show();
  };

  readonly settled = (change: Change, { failures, object, retryAt }: Settled): void => {
    this.#inFlight.delete(change.id);
    const isOurs = !isResumed(change);
    this.#line.clear();
    if (failures.length > 0) {
      const [{ message } = { message: '' }] = failures;
      talk(`failed${retryAt === undefined ? '' : ', for now'}: ${spoken(change)}: ${message}`);
    } else {
      if (isOurs) this.#made++;
      else this.#followed++;
      this.#done.add(change.id);
      if (change.action === 'Create' && object) this.#basis?.made(object.id);
      talk(`done${isOurs ? '' : ' by an earlier run'}: ${spoken(change)}`);
    }
    this.#show();
  };

  readonly retry = ({ attempt, failed, of, waitMs }: Retry): void => {
    this.#line.clear();
    const what = `${failed} ${failed === 1 ? 'resource' : 'resources'}`;
    talk(`${what} failed for now: trying again in ${Math.ceil(waitMs / 1_000)} s (${attempt} of ${of})`);
  };

  end(): void {
    this.#line.clear();
  }

  /** `3 changes made, and 2 of an earlier run.` */
  get over(): string {
    const made = `${this.#made} ${this.#made === 1 ? 'change' : 'changes'} made`;
    return `${made}${this.#followed > 0 ? `, and ${this.#followed} of an earlier run` : ''}.`;
  }

  /** What a run that was stopped has left. */
  get stopped(): string {
    const inFlight = this.#inFlight.size;
    const left = Math.max(0, this.#of - this.#made - inFlight);
    const goesOn = inFlight > 0 ? ` (the phone system goes on with ${inFlight === 1 ? 'it' : 'them'})` : '';
    return `${this.over} ${inFlight} in flight${goesOn}, ${left} not begun. Run the same command again to go on.`;
  }

  #show(): void {
    const done = this.#done.size;
    const inFlight = [...this.#inFlight.values()];
    const elapsedMs = systemClock.now() - this.#began;
    this.#line.show({ done, of: Math.max(this.#of, done + inFlight.length), inFlight, elapsedMs });
  }
}

function spoken(change: Change): string {
  return `${change.action.toLowerCase()} ${change.type} of ${formatReference(change.resources[0])}`;
}

/** @throws UsageError where nobody can be asked */
async function agreed(signal: AbortSignal): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    throw new UsageError(
      'Nobody can be asked here: look at the plan, then apply with --yes. Nothing was changed',
    );
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await dialogue.question('Carry this out? Only "yes" is taken: ', { signal });
    return answer.trim() === 'yes';
  } finally {
    dialogue.close();
  }
}
