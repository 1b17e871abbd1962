import { ApiError } from '../phonesystem/errors.ts';
import { HostNotAllowed } from '../phonesystem/transport.ts';
import { SecretMissing } from './secret-missing.ts';

export interface SyncFault {
  readonly reason: 'Unauthorized' | 'Unreachable' | 'HostNotAllowed' | 'SecretNotFound';
  /** What is wrong and the way out. */
  readonly message: string;
}

/** Why the account as a whole can't be read. */
export function faultOf(error: unknown): SyncFault {
  if (error instanceof HostNotAllowed) {
    return {
      reason: 'HostNotAllowed',
      message: `${error.host} is not among the hosts that the operator may send keys to; start it with --allow-host ${error.host}`,
    };
  }
  if (error instanceof SecretMissing) return { reason: 'SecretNotFound', message: error.message };
  if (error instanceof ApiError && error.kind === 'unauthorized') {
    return {
      reason: 'Unauthorized',
      message:
        'The phone system refused the API key; put a valid one into the Secret that spec.apiKeySecretRef names',
    };
  }
  return {
    reason: 'Unreachable',
    message: `${error instanceof Error ? error.message : String(error)}; it is tried again`,
  };
}
