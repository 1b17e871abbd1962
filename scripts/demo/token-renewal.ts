import type { Clock } from '../../src/foundation/clock.ts';

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TokenRenewalOptions {
  readonly issue: () => Promise<IssuedToken>;
  /** Puts it where its bearer looks. */
  readonly store: (token: string) => Promise<void>;
  readonly clock: Clock;
  /** A token was not made anew; it is tried again in a minute. */
  readonly onError: (error: unknown) => void;
}

/** A machine that slept notices this soon after it woke. */
const LOOK_MS = 60_000;

/**
 * Keeps a token valid: a new one at half of the life that the API server gave to the one before, whatever was asked
 * for. Rejects when the first one can't be had.
 *
 * @returns ends it
 */
export async function keepTokenValid(options: TokenRenewalOptions): Promise<() => Promise<void>> {
  const { clock, issue, onError, store } = options;
  const renew = async (): Promise<number> => {
    const { expiresAt, token } = await issue();
    await store(token);
    return clock.now() + (expiresAt - clock.now()) / 2;
  };
  let due = await renew();
  const end = new AbortController();
  const rest = async (ms: number): Promise<void> => clock.sleep(ms, end.signal).catch(() => undefined);
  const loop = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await rest(Math.min(LOOK_MS, Math.max(0, due - clock.now())));
      if (end.signal.aborted || clock.now() < due) continue;
      try {
        due = await renew();
      } catch (error) {
        onError(error);
        due = clock.now() + LOOK_MS;
      }
    }
  };
  const ended = loop();
  return () => {
    end.abort();
    return ended;
  };
}
