import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { DriftReport } from '../resources/generated/drift-report.ts';
import type { Extension } from '../resources/generated/extension.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { PortingOrder } from '../resources/generated/porting-order.ts';
import type { PrivilegeGrant } from '../resources/generated/privilege-grant.ts';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import { group, type Kind, kindNames, version } from '../resources/kinds.ts';
import type { KubernetesObject, ResourceType } from './kubernetes/object.ts';
import { statusFitter } from './status/fit-status.ts';

/** A resource as the API server stores it: with uid and version. */
export type Stored<T> = T & KubernetesObject;

/**
 * The API server has validated every object against the CRD from which the types are generated: the kind tells
 * the type.
 */
function isStored<T extends { readonly kind: Kind }>(
  kind: T['kind'],
  json: JsonObject & KubernetesObject,
): json is JsonObject & Stored<T> {
  return json.kind === kind && isJsonObject(json.spec);
}

function storedType<T extends { readonly kind: Kind }>(kind: T['kind']): ResourceType<Stored<T>> {
  return {
    group,
    version,
    plural: kindNames[kind].plural,
    kind,
    fitStatus: statusFitter(kind),
    parse: (json) => {
      if (isStored<T>(kind, json)) return json;
      throw new Error(`The API server sent a ${json.kind} without a spec for a ${kind}`);
    },
  };
}

export const phoneSystems = storedType<PhoneSystem>('PhoneSystem');
export const userProfiles = storedType<UserProfile>('UserProfile');
export const extensions = storedType<Extension>('Extension');
export const privilegeGrants = storedType<PrivilegeGrant>('PrivilegeGrant');
export const portingOrders = storedType<PortingOrder>('PortingOrder');

export const driftReports = storedType<DriftReport>('DriftReport');

export type StoredResource =
  | Stored<UserProfile>
  | Stored<Extension>
  | Stored<PrivilegeGrant>
  | Stored<PortingOrder>;
