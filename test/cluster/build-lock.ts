import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from '../../src/foundation/clock.ts';

const POLL_MS = 1_000;
const REPORT_EVERY_POLLS = 15;

export interface BuildLock {
  release(): Promise<void>;
}

export interface BuildLockOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly deadlineMs: number;
}

/**
 * Waits until no other process builds the same thing. It saves work and no more: results reach the cache by an
 * atomic rename, so that two builders who both believe they hold the lock do no harm.
 *
 * @throws Error when the other builder is still at it after `deadlineMs`
 */
export async function acquireBuildLock(path: string, options: BuildLockOptions): Promise<BuildLock> {
  const { clock, log, deadlineMs } = options;
  const deadline = clock.now() + deadlineMs;
  const mine = `${process.pid} ${hostname()}`;
  for (let poll = 0; ; poll++) {
    if (await created(path, mine)) return { release: () => rm(path, { force: true }) };
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === undefined) continue;
    if (isGone(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (clock.now() > deadline) {
      throw new Error(
        `Another process (${holder}) has been building for too long. If it is stuck, delete ${path}`,
      );
    }
    if (poll % REPORT_EVERY_POLLS === 0) log(`control plane: waiting for the build of process ${holder}`);
    await clock.sleep(POLL_MS);
  }
}

async function created(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the holder was a process of this machine that runs no more. */
function isGone(holder: string): boolean {
  const [pid = '', host = ''] = holder.split(' ');
  if (host !== hostname() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
