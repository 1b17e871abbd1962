import type { Change } from '../account/plan.ts';

/**
 * The objects whose bodies a change makes different, as `type/id`. An extension that moves changes its old and its
 * new user too: a PUT of one of them, built from a body of before, would take the extension away for good.
 */
export function touchedObjects({ type, objectId, fields }: Change): readonly string[] {
  const touched = objectId === undefined ? [] : [`${type}/${objectId}`];
  if (type !== 'extension') return touched;
  for (const { path, from, to } of fields) {
    if (path.length !== 1 || path[0] !== 'userId') continue;
    for (const userId of [from, to]) if (typeof userId === 'string') touched.push(`user/${userId}`);
  }
  return touched;
}
