import type { Json, JsonObject } from '../foundation/json.ts';

/** `settings` of every record keeps what has no rule of its own, unknown fields included, as it was sent. */

export interface UserRecord {
  readonly id: string;
  readonly userName: string;
  readonly siteId: string;
  /** ISO 8601. */
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  /** The rest of basicInfo: names, email, status, locale, … */
  readonly basicInfo: JsonObject;
  readonly directoryInfo: JsonObject;
  /** Ids of seats, in order; DID licences are never stored. */
  readonly licenses: readonly string[];
  readonly profilePolicy: string | null;
  readonly userGroupId: string | null;
  readonly ucCallQueues: readonly Json[];
  readonly primaryAdministrator: boolean;
}

export interface AssignedNumber {
  readonly phoneNumber: string;
  readonly primary: boolean;
}

export interface ExtensionRecord {
  readonly id: string;
  /** Null: an extension of nobody, seen only by the extension resource. */
  readonly userId: string | null;
  readonly siteId: string;
  readonly extensionNumber: string;
  readonly extensionType: string;
  readonly licenseId: string | null;
  readonly emergencyAddressId: string | null;
  readonly phoneNumbers: readonly AssignedNumber[];
  /** Defaults filled in. */
  readonly settings: JsonObject;
}

export interface MemberRecord {
  readonly extensionId: string;
  readonly loggedIn: boolean;
  readonly voicemailAccessEnabled: boolean;
}

export interface RingGroupRecord {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly extensionNumber: string;
  readonly phoneNumbers: readonly AssignedNumber[];
  /** In sequence: the first has sequenceNumber 1. */
  readonly members: readonly MemberRecord[];
  readonly voicemailSettings: JsonObject | null;
  /** Write-only. */
  readonly accessPin: string | null;
  readonly settings: JsonObject;
}

export interface SiteRecord {
  readonly id: string;
  readonly name: string;
  readonly pbxName: string;
  readonly siteCode: string | null;
  readonly addressId: string;
  readonly settings: JsonObject;
}

export interface AddressRecord {
  readonly id: string;
  /** Normalised. */
  readonly parts: JsonObject;
  readonly displayForm: string;
  readonly createdTime: string;
  readonly origin: 'ADMIN' | 'ADMIN_API';
}

export interface PhoneNumberRecord {
  /** E.164. */
  readonly id: string;
  readonly country: string;
  readonly category: 'LOCAL' | 'TOLL_FREE';
  readonly origin: 'CLAIMED' | 'PORTING';
  /** The number coming in, that will take this one's place. */
  readonly portingNumber: string | null;
  /** The stand-in that this number will replace. */
  readonly temporaryNumber: string | null;
  /** Shown as status while not null. */
  readonly porting: 'PRE_PORTING' | 'PORTING' | null;
}

/** One seat of a licence. */
export interface LicenseRecord {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly type: 'UC' | 'CC' | 'OTHER';
  /** Such as X2, X4. */
  readonly tier: string | null;
}

/** A user group, a profile policy or a PBX. */
export interface NamedRecord {
  readonly id: string;
  readonly name: string;
}
