import { constants } from 'node:os';
import { talk } from './talk.ts';

/** Aborted by the first SIGINT or SIGTERM. A second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(128 + constants.signals[name]);
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
