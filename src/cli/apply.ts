import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import type { Change } from '../account/plan.ts';
import type { Settled } from '../execution/host.ts';
import { planText, summaryLine } from '../report/plan/plan-text.ts';
import { formatReference } from '../resources/reference.ts';
import { addConnectionOptions, type ConnectionFlags, connect, connectionHelp } from './connection.ts';
import { addDeclaredOptions, type DeclaredFlags, loadDeclared } from './declared.ts';
import { exitCodeHelp, exitCodes, UsageError } from './exit.ts';
import { addLockOptions, type LockFlags } from './lock-options.ts';
import { hasErrors, planReport, runFiles, tellFindings } from './plan.ts';
import { stopSignal } from './stop-signals.ts';
import { complain, talk } from './talk.ts';

interface ApplyFlags extends ConnectionFlags, DeclaredFlags, LockFlags {
  readonly yes: boolean;
}

const examples = `
Examples:
  Show the plan, ask, and carry it out:
    dialops apply company/

  In a pipeline, after the pull request was merged:
    dialops apply company/ --yes

  Remove too what the files no longer hold, as far as the removal guard allows:
    dialops apply company/ --prune`;

export function applyCommand(): Command {
  const command = new Command('apply').description(
    'Makes the account as the files declare: shows the plan, asks, and carries it out within the limits of the ' +
      'phone system. Ctrl-C stops it cleanly, and a second run goes on where it stopped.',
  );
  addConnectionOptions(addLockOptions(addDeclaredOptions(command)));
  return command
    .addOption(new Option('--yes', 'do not ask').default(false))
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runApply);
}

async function runApply(paths: readonly string[], flags: ApplyFlags): Promise<void> {
  const connection = await connect(flags, process.env);
  const declared = await loadDeclared(paths, flags, connection);
  tellFindings(declared);
  if (hasErrors(declared)) throw new UsageError('The files have faults, see above: nothing was changed');
  const signal = stopSignal();
  const files = { paths, flags, connection, declared, signal };
  const planned = await runFiles({ ...files, planOnly: true });
  const report = planReport(planned, declared, process.stderr.isTTY === true);
  process.stderr.write(planText(report, { color: process.stderr.hasColors?.() === true }));
  const toMake = report.changes.length - report.summary.held;
  if (toMake > 0 && !flags.yes && !(await agreed(signal))) {
    talk('Nothing was changed.');
    process.exitCode = exitCodes.failed;
    return;
  }
  let made = 0;
  const applied = await runFiles({
    ...files,
    planOnly: false,
    onSettled: (change, result) => {
      if (result.failures.length === 0) made++;
      tellSettled(change, result);
    },
  });
  const left = planReport(applied, declared, process.stderr.isTTY === true);
  for (const { field, message, resource } of applied.host.failures.values()) {
    complain(`${formatReference(resource)}${field === undefined ? '' : ` spec.${field}`}: ${message}`);
  }
  for (const { field, message, resource } of left.problems) {
    complain(`${resource}${field === undefined ? '' : ` ${field}`}: ${message}`);
  }
  process.stdout.write(`${made} ${made === 1 ? 'change' : 'changes'} made. ${summaryLine(left)}\n`);
  if (applied.host.failures.size > 0 || left.problems.length > 0) process.exitCode = exitCodes.failed;
  else if (left.changes.length > 0) process.exitCode = exitCodes.differs;
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

function tellSettled(change: Change, { failures }: Settled): void {
  const what = `${change.action.toLowerCase()} ${change.type} of ${formatReference(change.resources[0])}`;
  talk(failures.length === 0 ? `done: ${what}` : `failed: ${what}`);
}
