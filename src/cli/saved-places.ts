import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import { isLoopback } from '../phonesystem/transport.ts';
import type { Connection } from './connection.ts';
import { UsageError } from './exit.ts';
import { lockFileName } from './lock-options.ts';

type Allowed = Pick<Connection, 'allowedHosts' | 'endpoint'>;

/**
 * A saved plan may come from elsewhere, and it names an address that gets the key. On the machine itself any program
 * may listen at any port: to go there, the key needs the word of whoever runs the command.
 */
export function needsWord(endpoint: string, { allowedHosts, endpoint: given }: Allowed): boolean {
  if (given !== undefined || !URL.canParse(endpoint)) return false;
  const { host, hostname } = new URL(endpoint);
  return isLoopback(hostname) && !allowedHosts.includes(host);
}

/** @throws UsageError where the key would go to another address than whoever runs the command allows */
export function checkSavedEndpoint(plan: string, endpoint: string, connection: Allowed): void {
  if (connection.endpoint !== undefined && connection.endpoint !== endpoint) {
    throw new UsageError(
      `${plan} is a plan for ${endpoint}, and the endpoint given is ${connection.endpoint}: nothing was changed`,
    );
  }
  if (!needsWord(endpoint, connection)) return;
  throw new UsageError(
    `${plan} is a plan for ${endpoint}, on this machine, where anything may listen: if the API key is to go there, say so with --endpoint ${endpoint}. Nothing was changed`,
  );
}

/**
 * Where the memory for a saved plan is. It is a lock file that is there, or a new one with the name and in a place that
 * the command itself would choose: below the working directory, or where the plan is.
 *
 * @throws UsageError
 */
export async function savedLockFile(plan: string, lockFile: string): Promise<string> {
  if (await stat(lockFile).catch(() => undefined)) return lockFile;
  const homes = [process.cwd(), dirname(plan)];
  if (basename(lockFile) === lockFileName && (await isBelowOneOf(homes, dirname(lockFile)))) return lockFile;
  throw new UsageError(
    `${plan}: the lock file ${lockFile} is not there; if it is to be made there, say so with --lock-file. Nothing was changed`,
  );
}

async function isBelowOneOf(homes: readonly string[], folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return false;
  const ways = await Promise.all(homes.map(async (home) => relative(await realpath(home), real)));
  return ways.some((way) => !isAbsolute(way) && way.split(sep)[0] !== '..');
}
