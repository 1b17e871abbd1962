import type { JsonObject } from '../foundation/json.ts';
import { read } from './path.ts';

/** Whether a SCIM directory owns this user: what it owns of it is then not written (8x8 guide: users). */
export function isOwnedByDirectory(user: JsonObject | undefined): boolean {
  const owner = user && read(user, ['basicInfo', 'scimProvider']);
  return owner?.present === true && owner.value !== null && owner.value !== '';
}
