import type { Clock } from '../foundation/clock.ts';
import type { Transport } from '../foundation/http.ts';

/**
 * Lets a write that was sent be answered although whoever sent it is told to stop: the answer has the id by which the
 * next process follows it. Cut off, it would be unclear whether it was taken. Reads end at once.
 *
 * @param patienceMs how long an answer is waited for after that, in milliseconds
 */
export function finishingTransport(inner: Transport, clock: Clock, patienceMs = 5_000): Transport {
  return async (request, signal) => {
    if (request.method === 'GET') return inner(request, signal);
    signal.throwIfAborted();
    const answered = new AbortController();
    const cut = new AbortController();
    const wait = () => {
      clock.sleep(patienceMs, answered.signal).then(
        () => cut.abort(signal.reason),
        () => undefined,
      );
    };
    signal.addEventListener('abort', wait, { once: true });
    try {
      return await inner(request, cut.signal);
    } finally {
      signal.removeEventListener('abort', wait);
      answered.abort();
    }
  };
}
