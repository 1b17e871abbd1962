/**
 * The process behind `reaper.ts`: reads `+PID` and `-PID` lines until its input ends, then kills the process
 * groups still listed and removes the folder given as its argument.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder] = process.argv.slice(2);
const guarded = new Set<number>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (!Number.isSafeInteger(pid) || pid <= 1) continue;
  if (line.startsWith('+')) guarded.add(pid);
  else guarded.delete(pid);
}
for (const pid of guarded) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Ended by itself in the meantime.
  }
}
if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
