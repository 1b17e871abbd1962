import type { DesiredField } from '../account/desired.ts';
import type { ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import { fieldsNamed, halves } from './blame.ts';
import type { Failure } from './host.ts';
import { failuresIn, maySplit, refusal } from './refusal.ts';

export interface WrittenInParts {
  readonly object: ObservedObject | undefined;
  readonly failures: readonly Failure[];
}

/**
 * Writes the fields together; when the phone system refuses, without those that it names, or half by half when
 * it names none: one resource's mistake must not hold up the others that share the object. Rejects with what is no
 * refusal.
 *
 * @param write writes some of the fields in one request, and resolves with the object where it was read
 */
export async function writeInParts(
  change: Change,
  fields: readonly DesiredField[],
  write: (fields: readonly DesiredField[]) => Promise<ObservedObject | undefined>,
  signal: AbortSignal,
): Promise<WrittenInParts> {
  try {
    return { object: await write(fields), failures: [] };
  } catch (error) {
    const errors = refusal(error);
    if (!errors || signal.aborted) throw error;
    const named = fieldsNamed(fields, errors);
    const rest = fields.filter((field) => !named.includes(field));
    if (named.length > 0 && rest.length > 0 && maySplit(change, named)) {
      const others = await writeInParts(change, rest, write, signal);
      return {
        object: others.object,
        failures: [...failuresIn(change, named, error), ...others.failures],
      };
    }
    const [first, second] = (named.length === 0 && halves(fields)) || [];
    if (!first || !second || change.action !== 'Update') {
      return { object: undefined, failures: failuresIn(change, named.length > 0 ? named : fields, error) };
    }
    const one = await writeInParts(change, first, write, signal);
    const two = await writeInParts(change, second, write, signal);
    return { object: two.object ?? one.object, failures: [...one.failures, ...two.failures] };
  }
}
