import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Cleans up after this process however it ends, SIGKILL included: a small process outside our group holds the
 * other end of a pipe; once that closes, it kills what is still guarded and removes the folder.
 */
export interface Reaper {
  /** From now on this process (the leader of its group) must not outlive ours. */
  guard(pid: number): void;
  /** It has ended: its id may be somebody else's from now on. */
  release(pid: number): void;
  /** Kills what is left, removes the folder, and resolves when that is done. */
  finish(): Promise<void>;
}

export function startReaper(folder: string): Reaper {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('reaper-process.ts', import.meta.url)), folder],
    { stdio: ['pipe', 'ignore', 'inherit'], detached: true },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stdin = child.stdin;
  if (stdin === null) throw new Error('reaper: no pipe to its process');
  // Its early end shows in finish(); a broken pipe must not take this process down.
  stdin.on('error', () => undefined);
  child.unref();
  return {
    guard: (pid) => void stdin.write(`+${pid}\n`),
    release: (pid) => void stdin.write(`-${pid}\n`),
    finish: async () => {
      child.ref();
      stdin.end();
      await exited;
    },
  };
}
