import { ApiError, type ErrorKind } from '../phonesystem/errors.ts';

/** What a person can do about an error that ended the command; the field at fault, where there is one, is named before. */
const remedies: Partial<Readonly<Record<ErrorKind, string>>> = {
  unauthorized:
    'The phone system does not take the API key: see that DIALOPS_API_KEY or the file of --api-key-file holds the whole key of this account, and that it was not revoked.',
  forbidden:
    'The API key may not do this: in Admin Console, under API Keys, give it the scope that is missing; that takes some minutes to be heeded.',
  rateLimited: 'Others use up the requests of this account: wait a minute, or find who else uses the key.',
  unavailable: 'Nothing is lost: see that the endpoint can be reached from here, and run it again.',
  timeout: 'Nothing is lost: run it again later.',
};

/** Undefined where the message says all there is to say. */
export function wayOut(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (each instanceof ApiError) return remedies[each.kind];
  }
  return undefined;
}
