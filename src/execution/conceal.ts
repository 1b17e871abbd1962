import type { DesiredField } from '../account/desired.ts';
import { ApiError, type FieldError } from '../phonesystem/errors.ts';
import { OperationFailed } from './in-flight.ts';

/** Shorter ones are in every other word. */
const shortest = 3;

/**
 * The values that came from Secrets.
 * @param declared the fields as the plan has them
 * @param resolved the same with their values, in the same order
 */
export function secretValues(
  declared: readonly DesiredField[],
  resolved: readonly DesiredField[],
): readonly string[] {
  return resolved.flatMap(({ value }, index) =>
    declared[index]?.source?.kind === 'secret' && typeof value === 'string' && value.length >= shortest
      ? [value]
      : [],
  );
}

/** The error without the secrets that the phone system repeats in its words: they would end in a status. */
export function concealed(error: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0) return error;
  const hide = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '‹secret›'), text);
  const fields = (entries: readonly FieldError[]) =>
    entries.map((entry) =>
      entry.message === undefined ? entry : { ...entry, message: hide(entry.message) },
    );
  if (error instanceof OperationFailed)
    return new OperationFailed(hide(error.message), fields(error.fields), error.timedOut);
  if (!(error instanceof ApiError)) return error;
  return new ApiError({ ...error, message: hide(error.message), fields: fields(error.fields) });
}
