import { SecretMissing } from '../execution/host.ts';
import { ApiError } from '../phonesystem/errors.ts';
import { HostNotAllowed, RedirectRefused } from '../phonesystem/transport.ts';
import { CustomerMismatch } from './account-check.ts';
import { AccountTaken } from './account-claims.ts';

export interface SyncFault {
  readonly reason:
    | 'Unauthorized'
    | 'Unreachable'
    | 'HostNotAllowed'
    | 'SecretNotFound'
    | 'CustomerMismatch'
    | 'AccountAlreadyManaged';
  /** What is wrong and the way out. */
  readonly message: string;
}

/** Why the account as a whole can't be read. Messages hold nothing that changes from one attempt to the next. */
export function faultOf(error: unknown): SyncFault {
  if (error instanceof HostNotAllowed) {
    return {
      reason: 'HostNotAllowed',
      message: `${error.host} is not among the hosts that the operator may send keys to; start it with --allow-host ${error.host}, or --allow-loopback for one on its own machine`,
    };
  }
  if (error instanceof SecretMissing) return { reason: 'SecretNotFound', message: error.message };
  if (error instanceof CustomerMismatch) return { reason: 'CustomerMismatch', message: error.message };
  if (error instanceof AccountTaken) return { reason: 'AccountAlreadyManaged', message: error.message };
  if (error instanceof ApiError && error.kind === 'unauthorized') {
    return {
      reason: 'Unauthorized',
      message: `${error.status === undefined ? error.message : 'The phone system refused the API key'}; put a valid one into the Secret that spec.apiKeySecretRef names`,
    };
  }
  if (error instanceof RedirectRefused)
    return { reason: 'Unreachable', message: `${error.message}. Correct spec.endpoint` };
  return {
    reason: 'Unreachable',
    message: `${error instanceof Error ? error.message : String(error)}; it is tried again. Check spec.endpoint and the network`,
  };
}
