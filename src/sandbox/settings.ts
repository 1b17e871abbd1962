export interface Limits {
  readonly requestsPerMinute: number;
  readonly burst: { readonly requests: number; readonly perMs: number };
  readonly operationsInFlight: number;
}

/** How long an operation takes, drawn uniformly from [min, max]; `tail.share` of them take `tail.ms`. Milliseconds. */
export interface OperationLatency {
  readonly min: number;
  readonly max: number;
  readonly tail?: { readonly share: number; readonly ms: number };
}

/** What the control API may change while the sandbox runs. */
export interface Settings {
  /** List rows leave out what GET one shows (8x8 guide: list rows may lack fields). */
  sparseRows: boolean;
  /** Lifts the rate limits and the limit of operations in flight. */
  unlimited: boolean;
  operationLatency: OperationLatency;
  /** How a duplicate userName is reported: the documents name three ways (RULES.md C11). */
  duplicateUserName: 'sync' | 'operation' | '409';
  limits: Limits;
}

/** The published limits (8x8 guide: rate limits). */
export const publishedLimits: Limits = {
  requestsPerMinute: 100,
  burst: { requests: 20, perMs: 10_000 },
  operationsInFlight: 10,
};
