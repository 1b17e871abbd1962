import type { StoredResource } from '../kinds.ts';
import type { AnyStatus } from '../resource-cache.ts';
import type { StatusInput } from './account-status.ts';
import { extensionStatus, type SeenMemberships } from './extension-status.ts';
import { portingOrderStatus } from './porting-order-status.ts';
import { privilegeGrantStatus } from './privilege-grant-status.ts';
import { userProfileStatus } from './user-profile-status.ts';

/** The status of a resource of any kind; memory is added by the worker. */
export function statusOf(resource: StoredResource, input: StatusInput, seen: SeenMemberships): AnyStatus {
  switch (resource.kind) {
    case 'UserProfile':
      return userProfileStatus(resource, input);
    case 'Extension':
      return extensionStatus(input, seen);
    case 'PrivilegeGrant':
      return privilegeGrantStatus(resource, input);
    case 'PortingOrder':
      return portingOrderStatus(resource, input);
  }
}
