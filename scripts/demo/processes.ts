import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/foundation/clock.ts';
import { Daemon } from '../../test/cluster/daemon.ts';
import type { Reaper } from '../../test/cluster/reaper.ts';

const launcher = fileURLToPath(new URL('../../bin/dialops.cjs', import.meta.url));
const STOP_GRACE_MS = 15_000;

/** Starts `dialops …` as a process of its own; its log is NAME.log in the folder. */
export function startDialops(
  name: string,
  args: readonly string[],
  place: { readonly folder: string; readonly reaper: Reaper },
): Promise<Daemon> {
  return Daemon.start({
    name: `dialops ${name}`,
    executable: process.execPath,
    args: [launcher, name, ...args],
    logPath: join(place.folder, `${name}.log`),
    reaper: place.reaper,
    clock: systemClock,
  });
}

/** Asks it to end, and gives it the time to put things away. */
export function stopDialops(daemon: Daemon): Promise<void> {
  return daemon.stop(STOP_GRACE_MS);
}

/** @throws Error with its last log lines when it is no more */
export async function mustRun(daemon: Daemon): Promise<void> {
  if (daemon.ending !== undefined)
    throw new Error(`${daemon.name} ${daemon.ending}\n${await daemon.logTail()}`);
}
