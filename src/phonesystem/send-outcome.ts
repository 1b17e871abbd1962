/** A write was given up before a byte of it had left: whoever noted that it was about to be sent may take that back. */
export class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor(cause: unknown) {
    super('The write was given up before it was sent', { cause });
  }
}

/** Codes of failures that happen before a request can have reached the phone system. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The system's code of a failed exchange (`ECONNRESET`, `UND_ERR_SOCKET`, …), from the error or its causes. */
export function failureCode(error: unknown): string | undefined {
  for (const cause of causes(error)) if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return undefined;
}

/** Whether the request surely did not leave: only then may a write be sent again without looking. */
export function surelyNotSent(error: unknown): boolean {
  const code = failureCode(error);
  return code !== undefined && beforeSending.has(code) && !causes(error).some(onOpenConnection);
}

/** A host may become unreachable in the middle of an exchange: the code alone does not tell. */
function onOpenConnection(error: Error): boolean {
  return 'syscall' in error && (error.syscall === 'read' || error.syscall === 'write');
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  let next = error;
  // An error may be its own cause, by mistake; a depth is cheaper than a set.
  for (let depth = 0; depth < 10 && next instanceof Error; depth++) {
    found.push(next);
    next = next instanceof AggregateError ? (next.cause ?? next.errors[0]) : next.cause;
  }
  return found;
}
