import type { ObservedObject } from '../objects.ts';
import { listIn, textIn } from './references.ts';
import type { PlacedExtension } from './resource-names.ts';

/** Every extension of the account, inside its user or of nobody's. */
export function placedExtensions(
  users: readonly ObservedObject[],
  extensions: readonly ObservedObject[],
): PlacedExtension[] {
  const placed = new Map<string, PlacedExtension>();
  for (const { body: user, id: userId, source } of users) {
    const siteId = textIn(user, 'basicInfo', 'site', 'id');
    for (const body of listIn(user, 'serviceInfo', 'extensions')) {
      const id = textIn(body, 'id');
      if (id === undefined) continue;
      const complete = source === 'single';
      placed.set(id, { id, body, complete, userId, user, ...(siteId === undefined ? {} : { siteId }) });
    }
  }
  for (const { body, id, source } of extensions) {
    const siteId = textIn(body, 'site', 'id');
    if (placed.has(id)) continue;
    placed.set(id, { id, body, complete: source === 'single', ...(siteId === undefined ? {} : { siteId }) });
  }
  return [...placed.values()];
}
