import type { AccountResource } from '../../resources/kinds.ts';
import type { ObjectType } from '../objects.ts';

/** Why something of the account is not in the YAML. */
export type LeftOutReason =
  /** YAML, or the API, has no way to say it. */
  | 'Inexpressible'
  /** Nothing that could be managed is left of it. */
  | 'Over'
  | 'PrimaryAdministrator'
  | 'NoPrivileges'
  /** A SCIM directory owns it. */
  | 'Directory'
  /** What it belongs to is left out. */
  | 'Dependent'
  /** It can't be made in another account. */
  | 'OneAccount'
  /** The list does not show it, and it was not read by itself. */
  | 'NotRead';

export interface LeftOut {
  readonly type: ObjectType;
  readonly id: string;
  /** The resource that lacks the field, or that there would have been. */
  readonly resource: string;
  /** Absent when the whole object is left out. */
  readonly field?: string;
  readonly reason: LeftOutReason;
  readonly message: string;
}

/** A resource with what its file says of it. */
export interface Imported {
  readonly resource: AccountResource;
  /** Of the object that it stands for; of a grant, its administrator's. */
  readonly externalId: string;
  /** The site that it is at, by name; absent for what has none. */
  readonly site?: string;
  /** Remarks for people, by field of the spec. */
  readonly remarks?: Readonly<Record<string, string>>;
}

export interface Decompiled {
  /** By kind, then by name. */
  readonly imported: readonly Imported[];
  readonly leftOut: readonly LeftOut[];
}
