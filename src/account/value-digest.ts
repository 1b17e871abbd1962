import { comparable } from './compare.ts';
import type { DesiredField } from './desired.ts';
import { digest } from './digest.ts';

/** What memory keeps of a field that the account equals. */
export function valueDigest(field: DesiredField): string {
  if (field.source)
    return field.source.kind === 'address' ? digest(field.source.civic) : field.source.revision;
  return field.absent ? digest('absent') : digest(comparable(field.value, field.comparison));
}
