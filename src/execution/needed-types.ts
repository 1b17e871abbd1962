import type { ObjectType } from '../account/objects.ts';
import type { AccountResource } from '../resources/kinds.ts';

/** Read only to be shown in statuses: a key that may not read it keeps the account as well as any other. */
export const shownOnly: ReadonlySet<ObjectType> = new Set(['ringGroup']);

/** The collections that these resources are compared with or looked up in; the others cost nothing. */
export function neededTypes(resources: readonly AccountResource[]): ObjectType[] {
  const types = new Set<ObjectType>(['user', 'site', 'phoneNumber']);
  for (const resource of resources) {
    switch (resource.kind) {
      case 'UserProfile':
        types.add('invitation');
        if (resource.spec.address) types.add('profileSettings');
        if (resource.spec.userGroup) types.add('userGroup');
        if (resource.spec.profilePolicy) types.add('profilePolicy');
        break;
      case 'Extension':
        types.add('extension');
        types.add('ringGroup');
        if (resource.spec.license) types.add('license');
        if (
          resource.spec.timezone !== undefined ||
          resource.spec.communicationPreferences ||
          resource.spec.work
        ) {
          types.add('extensionSettings');
        }
        break;
      case 'PrivilegeGrant':
        types.add('administrator');
        break;
      case 'PortingOrder':
        types.add('portingOrder');
        break;
    }
  }
  return [...types].sort();
}
