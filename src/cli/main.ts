import { Command, CommanderError } from 'commander';
import { candidates, completeCall } from './completion.ts';
import { exitCodeHelp, exitCodes, explain, UsageError } from './exit.ts';
import { complain, talk } from './talk.ts';
import { packageVersion } from './version.ts';

/** Each is loaded only when it is named: `dialops version` need not read a Kubernetes client first. */
const commands = [
  {
    name: 'validate',
    summary: 'check files offline, as the API server would and beyond',
    load: async () => (await import('./validate.ts')).validateCommand(),
  },
  {
    name: 'plan',
    summary: 'show what files would change in the account',
    load: async () => (await import('./plan.ts')).planCommand(),
  },
  {
    name: 'apply',
    summary: 'make the account as files declare',
    load: async () => (await import('./apply.ts')).applyCommand(),
  },
  {
    name: 'import',
    summary: 'write an account, or a list of people, as YAML',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  {
    name: 'export',
    summary: 'write people as a list for a spreadsheet',
    load: async () => (await import('./export.ts')).exportCommand(),
  },
  {
    name: 'drift',
    summary: 'show what moved in the account behind the files, and who moved it',
    load: async () => (await import('./drift.ts')).driftCommand(),
  },
  {
    name: 'porting',
    summary: 'upload letters and bills for number ports',
    load: async () => (await import('./porting.ts')).portingCommand(),
  },
  {
    name: 'invite',
    summary: 'mail another invitation to people',
    load: async () => (await import('./invite.ts')).inviteCommand(),
  },
  {
    name: 'comment',
    summary: 'put a plan on the pull request that a CI job is about',
    load: async () => (await import('./comment.ts')).commentCommand(),
  },
  {
    name: 'sandbox',
    summary: 'run a phone system on this machine that speaks the published API',
    load: async () => (await import('./sandbox.ts')).sandboxCommand(),
  },
  {
    name: 'operator',
    summary: 'keep phone systems equal to the custom resources of a cluster',
    load: async () => (await import('./operator.ts')).operatorCommand(),
  },
  {
    name: 'explain',
    summary: 'tell what a kind or a field means',
    load: async () => (await import('./explain.ts')).explainCommand(),
  },
  {
    name: 'completion',
    summary: 'print a script that lets a shell complete',
    load: async () => (await import('./completion.ts')).completionCommand(),
  },
  {
    name: 'version',
    summary: 'print the version',
    load: async () => (await import('./version.ts')).versionCommand(),
  },
];

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('dialops')
    .description('Phone-system accounts as declarative config.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('(--help says more)');
  for (const { name, summary, load } of commands) {
    const command = args.includes(name) ? await load() : new Command(name).description(summary);
    program.addCommand(command.summary(summary).copyInheritedSettings(program));
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    for (const part of command.commands) part.copyInheritedSettings(command).exitOverride();
  }
  return program;
}

/** A variable that is empty is not set: a job hands on what nobody filled in as that. */
function forgetEmpty(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('DIALOPS_') && value === '') delete env[name];
  }
}

/** Runs the command line; resolves with the exit code. */
async function run(args: readonly string[]): Promise<number> {
  try {
    forgetEmpty(process.env);
    const program = await createProgram(args);
    if (args[0] === completeCall) {
      for (const candidate of candidates(program, args.slice(2))) process.stdout.write(`${candidate}\n`);
      return exitCodes.done;
    }
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    complain(explain(error));
    const { wayOut } = await import('./way-out.ts');
    const remedy = wayOut(error);
    if (remedy !== undefined) talk(remedy);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

/**
 * Keeps going where nobody takes the output: an apply must not end in the middle since its reader did. A pipe into `head`
 * that ends early is no error, and no reason to say that all is well; anything else, such as a full disk, is one.
 */
let lost = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  lost = true;
  process.exitCode = exitCodes.failed;
  complain(`The standard output can't be written: ${error.message}`);
});
process.stderr.on('error', () => {});

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = lost ? exitCodes.failed : code;
  },
  (error: unknown) => {
    complain(explain(error));
    process.exitCode = exitCodes.failed;
  },
);
