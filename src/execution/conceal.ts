import type { DesiredField } from '../account/desired.ts';
import type { ObjectType } from '../account/objects.ts';
import { ApiError, type FieldError } from '../phonesystem/errors.ts';
import { OperationFailed } from './in-flight.ts';

/** Shorter ones are in every other word, longer ones may be repeated in part: then no words are repeated at all. */
const shortest = 3;
const longest = 200;

/** Objects that hold values of Secrets: account number and PIN of a port, the PIN of a ring group's voicemail. */
const holders: ReadonlySet<ObjectType> = new Set(['portingOrder', 'ringGroup']);

/** Whether what the phone system says about such an object may repeat a Secret, whatever was written. */
export function holdsSecrets(type: ObjectType): boolean {
  return holders.has(type);
}

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
    declared[index]?.source?.kind === 'secret' && typeof value === 'string' && value !== '' ? [value] : [],
  );
}

/**
 * The error without the secrets that the phone system repeats in its words, however grouped or capitalised: they would
 * end in a status.
 */
export function concealed(error: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0) return error;
  const patterns: RegExp[] = [];
  for (const secret of secrets) {
    const pattern = patternOf(secret);
    if (!pattern) return withoutWords(error);
    patterns.push(pattern);
  }
  const hide = (text: string) => hidden(text, patterns);
  return reworded(error, {
    message: hide,
    said: (entry) => (entry.message === undefined ? entry : { ...entry, message: hide(entry.message) }),
  });
}

/**
 * What finds a secret in somebody's words, however grouped or capitalised; undefined where that would find too much, or
 * too little.
 */
export function patternOf(secret: string): RegExp | undefined {
  const characters = [...secret].filter((character) => /[\p{L}\p{N}]/u.test(character));
  if (characters.length < shortest || characters.length > longest) return undefined;
  return new RegExp(characters.join('[^\\p{L}\\p{N}]{0,3}'), 'giu');
}

export function hidden(text: string, patterns: Iterable<RegExp>): string {
  let rest = text;
  for (const pattern of patterns) rest = rest.replace(pattern, '‹secret›');
  return rest;
}

/**
 * The error as codes and names of fields, for when it is not known which secrets the phone system may repeat: after a
 * restart, or when a Secret has changed since.
 */
export function withoutWords(error: unknown): unknown {
  const fields = error instanceof ApiError || error instanceof OperationFailed ? error.fields : [];
  const named = fields.map(({ code, field }) => [code, field].filter(Boolean).join(' on '));
  const what = [...new Set(named)]
    .filter((each) => each !== '')
    .slice(0, 5)
    .join(', ');
  const message = `the phone system refused it${what === '' ? '' : ` (${what})`}; its words are left out, as they may repeat a Secret`;
  return reworded(error, {
    message: () => message,
    said: ({ message: _message, ...entry }) => entry,
  });
}

interface Wording {
  readonly message: (text: string) => string;
  readonly said: (entry: FieldError) => FieldError;
}

/** Errors without the phone system's words stay as they are. */
function reworded(error: unknown, { message, said }: Wording): unknown {
  if (error instanceof OperationFailed) {
    if (error.end !== 'failed') return error;
    return new OperationFailed(message(error.message), error.fields.map(said));
  }
  if (!(error instanceof ApiError) || error.status === undefined) return error;
  return new ApiError({ ...error, message: message(error.message), fields: error.fields.map(said) });
}
