import type { ObjectType, ObservedAccount } from '../objects.ts';
import type { NeededRead } from '../plan.ts';
import { extensionFields, extensionSettingsFields, isMirrored } from './extension.ts';
import { portingOrderFields } from './porting-order.ts';
import { type FieldMapping, look, type Seen } from './reading.ts';
import { AccountReferences, listIn } from './references.ts';
import { profileFields, profileSettingsFields } from './user-profile.ts';

type IsOpen = (seen: Seen) => boolean;

const openByType: readonly (readonly [ObjectType, IsOpen])[] = [
  ['user', isUserOpen],
  ['extension', (seen) => isOpen(seen, extensionFields) || lacks(seen, 'site', 'id')],
  ['extensionSettings', (seen) => isOpen(seen, extensionSettingsFields)],
  ['profileSettings', (seen) => isOpen(seen, profileSettingsFields)],
  ['administrator', (seen) => lacks(seen, 'primary') || lacks(seen, 'scopes')],
  ['portingOrder', (seen) => isOpen(seen, portingOrderFields)],
];

/**
 * Objects whose list row leaves out what import would write: each costs a read of its own. Sorted, so that the same
 * account asks for the same.
 */
export function openReads(account: ObservedAccount): readonly NeededRead[] {
  const references = new AccountReferences(account);
  return openByType.flatMap(([type, open]) => {
    const collection = account.collections[type];
    if (collection.state !== 'read') return [];
    return [...collection.objects.values()]
      .filter(({ body, source }) => source === 'row' && open({ body, complete: false, references }))
      .map(({ id }) => ({ type, id }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  });
}

function isUserOpen(user: Seen): boolean {
  if (lacks(user, 'serviceInfo', 'extensions') || isOpen(user, profileFields)) return true;
  return listIn(user.body, 'serviceInfo', 'extensions').some((body) => {
    const extension = { ...user, body, user: user.body };
    return isOpen(
      extension,
      extensionFields.filter(({ field }) => !isMirrored(field, extension)),
    );
  });
}

function isOpen(seen: Seen, fields: readonly FieldMapping[]): boolean {
  return fields.some(({ read }) => read(seen).kind === 'unknown');
}

function lacks(seen: Seen, ...path: readonly string[]): boolean {
  return look(seen, path).kind === 'unknown';
}
