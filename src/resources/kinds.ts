import type { DriftReport } from './generated/drift-report.ts';
import type { Extension } from './generated/extension.ts';
import type { PhoneSystem } from './generated/phone-system.ts';
import type { PortingOrder } from './generated/porting-order.ts';
import type { PrivilegeGrant } from './generated/privilege-grant.ts';
import type { UserProfile } from './generated/user-profile.ts';

export const group = 'dialops.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}` as const;
export const category = 'dialops';

/** Kinds that stand for something in the account, in the order in which reports show them. */
export const accountKinds = ['UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'] as const;
export type AccountKind = (typeof accountKinds)[number];

export const kinds = ['PhoneSystem', ...accountKinds, 'DriftReport'] as const;
export type Kind = (typeof kinds)[number];

export interface KindNames {
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
}

export const kindNames: Readonly<Record<Kind, KindNames>> = {
  PhoneSystem: { plural: 'phonesystems', singular: 'phonesystem', shortName: 'ps' },
  UserProfile: { plural: 'userprofiles', singular: 'userprofile', shortName: 'up' },
  Extension: { plural: 'extensions', singular: 'extension', shortName: 'ext' },
  PrivilegeGrant: { plural: 'privilegegrants', singular: 'privilegegrant', shortName: 'pg' },
  PortingOrder: { plural: 'portingorders', singular: 'portingorder', shortName: 'port' },
  DriftReport: { plural: 'driftreports', singular: 'driftreport', shortName: 'drift' },
};

/** A resource that stands for something in the account. */
export type AccountResource = UserProfile | Extension | PrivilegeGrant | PortingOrder;
export type Resource = PhoneSystem | AccountResource | DriftReport;

/** The resource type of a kind: `ResourceOf<'Extension'>`. */
export type ResourceOf<K extends Kind> = Extract<Resource, { readonly kind: K }>;

export function isKind(text: string): text is Kind {
  return kinds.some((kind) => kind === text);
}

export function isAccountKind(text: string): text is AccountKind {
  return accountKinds.some((kind) => kind === text);
}

export const defaultPhoneSystem = 'default';

/** Name of the PhoneSystem that a resource belongs to; a PhoneSystem belongs to itself. */
export function phoneSystemOf(resource: Resource): string {
  if (resource.kind === 'PhoneSystem') return resource.metadata.name;
  return resource.spec?.phoneSystem ?? defaultPhoneSystem;
}
