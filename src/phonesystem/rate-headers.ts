/** What an answer says about the request limit (8x8 guide: rate limits); each may be missing. */
export interface RateFeedback {
  /** Requests that the limit allows in all. */
  readonly limit?: number;
  readonly remaining?: number;
  /** From the answer until the limit is reset, in milliseconds. */
  readonly resetInMs?: number;
}

/**
 * Reads `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset` (Unix seconds), and `retry-after` (seconds) though
 * it is not documented. The reset is measured against the answer's own `date` where it has one, so that a
 * wrong clock on either side does no harm.
 *
 * @param headers names in lower case
 * @param now milliseconds since the epoch
 */
export function readRateHeaders(headers: Readonly<Record<string, string>>, now: number): RateFeedback {
  const limit = number(headers['x-ratelimit-limit']);
  const remaining = number(headers['x-ratelimit-remaining']);
  const reset = number(headers['x-ratelimit-reset']);
  const after = number(headers['retry-after']);
  const date = Date.parse(headers.date ?? '');
  // `date` is cut to whole seconds: the true time is up to a second later, which only lengthens the wait.
  const serverNow = Number.isNaN(date) ? now : date;
  const resetInMs =
    after !== undefined
      ? after * 1000
      : reset === undefined
        ? undefined
        : Math.max(0, reset * 1000 - serverNow);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetInMs === undefined ? {} : { resetInMs }),
  };
}

function number(value: string | undefined): number | undefined {
  if (value === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}
