import type { JsonObject } from '../foundation/json.ts';
import { sameValue } from './compare.ts';
import type { DesiredField } from './desired.ts';
import { absentFromReadList, read, remove, write } from './path.ts';

/** A copy of `body` in which every given field holds what is declared; everything else stays as it is. */
export function applyFields(body: JsonObject, fields: readonly DesiredField[]): JsonObject {
  let next = body;
  // Removals last: an element that one resource drops may be the anchor of another's path.
  for (const field of fields) if (!field.absent) next = writeField(next, field);
  for (const field of fields) if (field.absent) next = remove(next, field.path);
  return next;
}

/** With an old id beside a new name, which of them counts would be the phone system's guess. */
function writeField(body: JsonObject, { path, refers, value }: DesiredField): JsonObject {
  const last = path.at(-1);
  if (!refers || typeof last !== 'string') return write(body, path, value);
  return write(body, path.slice(0, -1), { [last]: value });
}

/** How a body stands to one declared field; `unknown` when the body does not show the path. */
export function holds(body: JsonObject, field: DesiredField): 'yes' | 'no' | 'unknown' {
  if (field.source?.kind === 'secret') return 'unknown';
  const found = read(body, field.path);
  if (!found.present) {
    if (!absentFromReadList(body, field.path)) return 'unknown';
    return field.absent ? 'yes' : 'no';
  }
  if (field.absent) return 'no';
  return sameValue(found.value, field.value, field.comparison) ? 'yes' : 'no';
}
