import { constants } from 'node:os';
import { systemClock } from '../foundation/clock.ts';
import { talk } from './talk.ts';

/** npm passes on to us the Ctrl-C that the terminal has sent us already: the two count as one. */
const ECHO_MS = 500;

/** Aborted by the first SIGINT or SIGTERM. Another one, a moment later, ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
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

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
