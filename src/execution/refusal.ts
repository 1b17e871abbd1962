import type { DesiredField } from '../account/desired.ts';
import type { Change } from '../account/plan.ts';
import { ApiError } from '../phonesystem/errors.ts';
import { WriteRefused } from '../phonesystem/read-only-transport.ts';
import { failuresOf, type NamedError } from './blame.ts';
import { type Failure, SecretMissing } from './host.ts';
import { OperationFailed } from './in-flight.ts';
import { manualStep } from './manual-step.ts';
import { UnfitDocument } from './resolve-sources.ts';

/** The parts of a refusal that a correction of values could mend; undefined for everything else. */
export function refusal(error: unknown): readonly NamedError[] | undefined {
  if (error instanceof ApiError) {
    const { fields, kind, lackedScope } = error;
    // What the key may not do is not mended by other values.
    const isForbidden = kind === 'forbidden' && lackedScope === undefined;
    return isForbidden || kind === 'invalid' || kind === 'conflict' ? fields : undefined;
  }
  if (error instanceof OperationFailed && error.end === 'failed') return error.fields;
  if (error instanceof UnfitDocument) return error.fields;
  return undefined;
}

/** Too many requests, or too many operations under way: nothing is wrong with the write. */
export function isRefusedForNow(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'rateLimited';
}

/** The object of the request is not there, or not any more. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'notFound';
}

/** The phone system has it and has not said that it is over: sent again, it would be done twice. */
export function isRunning(error: unknown): boolean {
  return error instanceof OperationFailed && error.end === 'running';
}

export function isUnclear(error: unknown): boolean {
  return (
    (error instanceof ApiError && error.kind === 'unclear') ||
    (error instanceof OperationFailed && error.end !== 'failed')
  );
}

/** A create without what makes the object the object is no create at all. */
export function maySplit(change: Change, named: readonly DesiredField[]): boolean {
  if (change.action !== 'Create') return true;
  const [primary] = change.resources;
  return named.every((field) =>
    field.owners.every(({ resource }) => resource.kind !== primary.kind || resource.name !== primary.name),
  );
}

export function explain(error: unknown): Omit<Failure, 'resource' | 'field'> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OperationFailed) {
    if (error.end === 'failed') return { reason: 'RefusedByPhoneSystem', message, permanent: true };
    // One that runs is asked for again by the next process.
    if (isRunning(error)) return { reason: 'Unconfirmed', message, permanent: true, running: true };
    return { reason: 'Unconfirmed', message, permanent: false };
  }
  if (error instanceof UnfitDocument) return { reason: 'UnfitDocument', message, permanent: true };
  if (error instanceof SecretMissing) return { reason: 'SecretNotFound', message, permanent: false };
  // A dry run: the same write would be refused again and again.
  if (error instanceof WriteRefused) return { reason: 'Unsupported', message, permanent: true };
  if (!(error instanceof ApiError)) return { reason: 'Unreachable', message, permanent: false };
  switch (error.kind) {
    case 'invalid':
    case 'conflict':
      return { reason: 'RefusedByPhoneSystem', message, permanent: true };
    case 'forbidden': {
      const { lackedScope: scope } = error;
      if (scope === undefined) return { reason: 'RefusedByPhoneSystem', message, permanent: true };
      return {
        reason: 'MissingScope',
        message: aboutScope(error, scope),
        permanent: true,
        lacked: { scope, answer: message },
      };
    }
    case 'unauthorized':
      return { reason: 'Unauthorized', message: aboutKey(error), permanent: false };
    case 'unsupported':
      return { reason: 'Unsupported', message, permanent: true };
    case 'unclear':
      return { reason: 'Unconfirmed', message, permanent: false };
    default:
      return { reason: 'Unreachable', message, permanent: false };
  }
}

/** What a failed write of some fields means for the resources that declare them. */
export function failuresIn(change: Change, fields: readonly DesiredField[], error: unknown): Failure[] {
  const base = explain(error);
  const named = failuresOf(fields, refusal(error) ?? [], base);
  const failures =
    named.length > 0 ? named : change.resources.map((resource): Failure => ({ ...base, resource }));
  const refused = takesNoSuchWrite(change, error);
  if (refused === undefined) return failures;
  return failures.map((failure) => ({
    ...failure,
    ...refused,
    message: `${base.message}. The phone system takes no such change from here: ${manualStep(change, fields, failure.resource)}`,
  }));
}

/**
 * The documents disagree on whether a user can be updated at all, and an endpoint that can't may say so in three ways
 * (8x8 guide: users, limitations). After a 404 it is looked at again soon: the object, which was there a moment before,
 * may be gone by now.
 */
function takesNoSuchWrite(
  { action }: Change,
  error: unknown,
): Pick<Failure, 'reason' | 'permanent'> | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.kind === 'unsupported') return { reason: 'Unsupported', permanent: true };
  const isPutRefused = error.kind === 'notFound' && action === 'Update';
  return isPutRefused ? { reason: 'Unsupported', permanent: false } : undefined;
}

function aboutKey({ message, status }: ApiError): string {
  // Without an answer it was not even sent, and the message says why.
  if (status === undefined) return message;
  return `${message}. The phone system refused the API key: put a valid one where it comes from, in a cluster into the Secret that spec.apiKeySecretRef of the PhoneSystem names`;
}

function aboutScope({ message }: ApiError, scope: string): string {
  return `${message}. The API key lacks the scope "${scope}": give it the scope at the provider; that takes minutes to have effect`;
}
