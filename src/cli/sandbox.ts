import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../foundation/clock.ts';
import { type Company, seedCompany } from '../sandbox/company.ts';
import { CompanyFileError, loadCompanyFile } from '../sandbox/company-file.ts';
import { type Listener, listen } from '../sandbox/listen.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { exitCodeHelp, explain, UsageError } from './exit.ts';
import { isLoopback, type ListenAddress, parseListenAddress } from './listen-address.ts';
import { openSandboxData, rememberCustomerId } from './sandbox-data.ts';
import { readSecretFile } from './secret-file.ts';
import { stopSignal, untilAborted } from './stop-signals.ts';
import { talk } from './talk.ts';

interface SandboxFlags {
  readonly listen: ListenAddress;
  readonly apiKeyFile: string;
  readonly company?: string;
  readonly users?: number;
  readonly seed: number;
  readonly data?: string;
  readonly unlimited: boolean;
  readonly controlTokenFile?: string;
  readonly allowRemote: boolean;
}

const defaultUsers = 25;
const defaultCustomerId = '0012J00000SANDBOX1';
/** Requests under way at the end get this long. */
const closeGraceMs = 5_000;

const examples = `
Examples:
  An invented company of 200 people, the same one each time:
    openssl rand -hex 16 > key
    dialops sandbox --listen 127.0.0.1:8480 --api-key-file key --users 200 --seed 7

  The example company before its first employee, kept on disk, with the control API:
    openssl rand -hex 16 > token
    dialops sandbox --api-key-file key --control-token-file token --company examples/acme/account.json --data acme

  Ask it something:
    curl -H "x-api-key: $(cat key)" -H "accept: application/vnd.users.v1+json" \\
      http://127.0.0.1:8480/admin-provisioning/users`;

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description(
      'Runs a phone system on this machine that speaks the published API, with its limits, its asynchronous ' +
        'operations and its business rules. It says on stderr where it listens, and runs until SIGINT or SIGTERM.',
    )
    .addOption(
      new Option('--listen <host:port>', 'where to listen; port 0 takes a free one')
        .argParser(parseListenAddress)
        .default({ host: '127.0.0.1', port: 8480 }, '127.0.0.1:8480'),
    )
    .requiredOption('--api-key-file <file>', 'the API key that clients must send stands in this file')
    .addOption(
      new Option('--company <file>', 'start as this file describes, in JSON or YAML').conflicts('users'),
    )
    .addOption(
      new Option(
        '--users <n>',
        `start as an invented company of this size (default: ${defaultUsers})`,
      ).argParser(wholeNumber(1, 60_000)),
    )
    .addOption(
      new Option('--seed <s>', 'the same seed gives the same company and ids')
        .argParser(wholeNumber(0, 1_000_000))
        .default(1),
    )
    .option('--data <dir>', 'keep the phone system in this folder; without it, in memory')
    .option('--unlimited', 'no limit of requests and operations, for tests of other things', false)
    .option('--control-token-file <file>', 'turn the control API on, for bearers of the token in this file')
    .option('--allow-remote', 'allow an address that other machines can reach', false)
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action((flags: SandboxFlags) => runSandbox(flags));
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

async function runSandbox(flags: SandboxFlags): Promise<void> {
  const { host, port } = flags.listen;
  if (!flags.allowRemote && !isLoopback(host)) {
    throw new UsageError(
      `--listen ${host}:${port} can be reached from other machines, over plain HTTP; ` +
        'listen on 127.0.0.1, or add --allow-remote if that is meant',
    );
  }
  const apiKey = await readSecretFile('--api-key-file', flags.apiKeyFile);
  const controlToken =
    flags.controlTokenFile === undefined
      ? undefined
      : await readSecretFile('--control-token-file', flags.controlTokenFile);
  const start = await chooseCompany(flags);
  const data = flags.data === undefined ? undefined : await openSandboxData(flags.data);
  const customerId = data?.customerId ?? start.customerId ?? defaultCustomerId;
  if (data?.customerId !== undefined && (flags.company !== undefined || flags.users !== undefined)) {
    talk(`${flags.data} holds a phone system already: --company and --users have no effect`);
  }
  // From here on a signal is heard, so that the data file is closed whatever happens.
  const stop = stopSignal();
  const sandbox = createSandbox({
    clock: systemClock,
    seed: flags.seed,
    customerId,
    apiKeys: [{ key: apiKey, name: 'api-key' }],
    company: start.company,
    unlimited: flags.unlimited,
    ...(controlToken === undefined ? {} : { controlToken }),
    ...(data === undefined ? {} : { dataFile: data.file }),
  });
  try {
    if (flags.data !== undefined) await rememberCustomerId(flags.data, customerId);
    const listener = await startListening(sandbox, host, port);
    talk(`sandbox: listening on ${listener.origin}`);
    talk(`sandbox: endpoint ${listener.endpoint}, customer ${customerId}`);
    talk(`sandbox: control API ${controlToken === undefined ? 'off' : `at ${listener.origin}/_control`}`);
    await untilAborted(stop);
    await closeListener(listener);
  } finally {
    sandbox.close();
  }
}

async function chooseCompany(
  flags: SandboxFlags,
): Promise<{ readonly company: Company; readonly customerId?: string }> {
  if (flags.company === undefined) {
    return { company: seedCompany({ users: flags.users ?? defaultUsers, seed: flags.seed }) };
  }
  try {
    return await loadCompanyFile(flags.company, flags.seed);
  } catch (error) {
    if (error instanceof CompanyFileError) throw new UsageError(`--company ${error.message}`);
    throw error;
  }
}

async function startListening(
  sandbox: Parameters<typeof listen>[0],
  host: string,
  port: number,
): Promise<Listener> {
  try {
    return await listen(sandbox, host, port);
  } catch (error) {
    throw new Error(`Cannot listen on ${host}:${port} (--listen names another place): ${explain(error)}`);
  }
}

/** Lets requests under way end, for a while: a client that never finishes must not keep the process. */
async function closeListener(listener: Listener): Promise<void> {
  const enough = new AbortController();
  const tooLong = systemClock.sleep(closeGraceMs, enough.signal).catch(() => undefined);
  await Promise.race([listener.close(), tooLong]);
  enough.abort();
}
