import type { Clock } from '../../foundation/clock.ts';

/**
 * Runs `work` with a signal of its own that aborts when `ms` have passed or `outer` aborts, whichever is first.
 * All listeners and timers are gone when it settles: `AbortSignal.any` with a long-lived signal leaks
 * (nodejs/node #54614), and `outer` usually lives as long as the process.
 */
export async function withDeadline<R>(
  clock: Clock,
  ms: number,
  what: string,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  outer?.throwIfAborted();
  const inner = new AbortController();
  const timer = new AbortController();
  const onOuterAbort = () => inner.abort(outer?.reason);
  outer?.addEventListener('abort', onOuterAbort, { once: true });
  clock.sleep(ms, timer.signal).then(
    () => inner.abort(new DOMException(`${what}: no answer within ${ms} ms`, 'TimeoutError')),
    () => undefined,
  );
  try {
    return await work(inner.signal);
  } catch (error) {
    // What the work throws when aborted depends on the library beneath; the reason is what matters.
    throw inner.signal.aborted ? inner.signal.reason : error;
  } finally {
    outer?.removeEventListener('abort', onOuterAbort);
    timer.abort();
  }
}
