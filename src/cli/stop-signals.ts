import { constants } from 'node:os';
import { setInterval } from 'node:timers/promises';
import { systemClock } from '../foundation/clock.ts';
import { talk } from './talk.ts';

/** npm passes on to us the Ctrl-C that the terminal has sent us already: the two count as one. */
const ECHO_MS = 500;

/** How often to look whether npm's shell is still there. */
const LOOK_MS = 500;

/**
 * Aborted by the first SIGINT or SIGTERM. Another one, a moment later, ends the process at once. Under npm it is aborted,
 * too, when the process that started us is gone.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  if (process.env.npm_command !== undefined) void stopWithParent(stop);
  let firstAt = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        if (systemClock.now() - firstAt > ECHO_MS) process.exit(128 + constants.signals[name]);
        return;
      }
      firstAt = systemClock.now();
      talk(`${name}: stopping; once more ends it at once`);
      stop.abort(new Error(`Stopped by ${name}`));
    });
  }
  return stop.signal;
}

/**
 * npx and npm scripts start us in a shell and pass signals on to that shell, which dies of them and tells nobody. An
 * operator would go on without anyone knowing, and with the Lease.
 */
async function stopWithParent(stop: AbortController): Promise<void> {
  const parent = process.ppid;
  // A timer that keeps no process alive, as Clock has none.
  for await (const _ of setInterval(LOOK_MS, undefined, { ref: false })) {
    if (stop.signal.aborted) return;
    if (process.ppid === parent) continue;
    talk('npm is gone: stopping');
    stop.abort(new Error('Stopped: npm is gone'));
  }
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
