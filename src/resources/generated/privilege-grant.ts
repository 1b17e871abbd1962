// Generated from crds/privilegegrants.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * A PrivilegeGrant makes a person an administrator: which sections of the account manager they may see and change, on which PBXes, and until when. For each PBX and section that the grants of a person name, these grants are the whole truth; other sections are left alone.
 */
export interface PrivilegeGrant {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'PrivilegeGrant';
  metadata: ObjectMeta;
  spec: PrivilegeGrantSpec;
  status?: PrivilegeGrantStatus;
}
/**
 * What the account shall hold. A field left out is not managed and stays as it is; an empty value ("" or []) clears it; a field taken out later is released, not reset, but for sections and PBXes, which are revoked. No field has a default that reaches the phone system.
 */
export interface PrivilegeGrantSpec {
  /**
   * Name of the PhoneSystem in the same namespace; "default" when left out. It can't be changed afterwards: a resource stays in its account.
   */
  phoneSystem?: string;
  /**
   * The UserProfile of the administrator. It can't be changed: a grant to someone else is another grant.
   */
  userProfileRef: {
    /**
     * Name of the resource in the same namespace.
     */
    name: string;
  };
  /**
   * PBXes on which it holds, "*" for every one. With copyFrom, the source's when left out. At most 500 sections go into one grant, counted on each PBX. A set.
   */
  pbxes?: string[];
  /**
   * Sections and, in each, the privileges. Keyed by name: sections that no grant ever named are left alone. What this grant gave and no longer names, a section or a PBX, is revoked. One that the account manager does not have is not given; what its name most likely means stays as it is until then.
   *
   * Items: One section of the account manager.
   */
  sections?: {
    /**
     * The section, as the privilege tree names it: Billing, CallLogReports, Users, Extensions, Numbers, Porting, Devices, AutoAttendants, RingGroups, Audit, Support, …
     */
    name: string;
    /**
     * The privileges inside it, such as View and Manage. A set, and whole: privileges of this section that are not named are taken away.
     */
    privileges: string[];
  }[];
  /**
   * Grant what someone else has. Followed as the source changes. While the source is gone, expired or can't be read, what was given stays, but for PBXes that pbxes no longer names and what the cap forbids. Set exactly one of privilegeGrantRef and administrator.
   */
  copyFrom?: {
    /**
     * Another grant in the same namespace. An expired one is an error, not an empty copy.
     */
    privilegeGrantRef?: {
      /**
       * Name of the resource in the same namespace.
       */
      name: string;
    };
    /**
     * Any administrator of the account, the primary one included.
     */
    administrator?: {
      /**
       * Their user name.
       */
      userName: string;
    };
  };
  /**
   * When the privileges are taken away again, RFC 3339. Under driftPolicy Report too.
   */
  expiresAt?: string;
  /**
   * What happens when the object exists already in the account and no resource is bound to it: Never (the default) reports Conflict; IfUnclaimed takes it over. `dialops.dev/external-id` adopts exactly that object whatever this says.
   */
  adoptionPolicy?: 'Never' | 'IfUnclaimed';
  /**
   * Consent to changes that lose data, one entry a change, exactly as `dialops plan` and the condition ConsentRequired print it. An entry is for one pending change; it is spent once nothing is left of that. To agree to the same again, take the entry out and write it anew. A whole list.
   *
   * Items: One consented change.
   */
  consent?: {
    /**
     * The change.
     */
    change: 'TakeOverPrivileges';
    /**
     * What it leads to, as printed: a section and PBX such as Users@*. Every change has one: an entry without it agrees to nothing.
     */
    to?: string;
  }[];
}
/**
 * What the operator found and did.
 */
export interface PrivilegeGrantStatus {
  /**
   * The generation of the spec that this status answers.
   */
  observedGeneration?: number;
  /**
   * The phone system's id of the object. A status that is lost is rebuilt from the account.
   */
  externalId?: string;
  /**
   * The resource's conditions in the kstatus convention: Ready, and where they apply Reconciling, Stalled, Drifted, Paused and Completed. docs/conditions.md lists every reason.
   *
   * Items: One condition.
   */
  conditions?: {
    /**
     * Type of the condition.
     */
    type: string;
    /**
     * True, False or Unknown.
     */
    status: 'True' | 'False' | 'Unknown';
    /**
     * The generation of the spec that the condition speaks of.
     */
    observedGeneration?: number;
    /**
     * When the status of the condition last changed.
     */
    lastTransitionTime: string;
    /**
     * Why, as one word.
     */
    reason: string;
    /**
     * Why, for a person, with the way out.
     */
    message: string;
  }[];
  /**
   * User name of the administrator.
   */
  administrator?: string;
  /**
   * What this grant gives now.
   */
  granted?: {
    /**
     * PBXes. A set.
     */
    pbxes?: string[];
    /**
     * Names of sections. A set.
     */
    sections?: string[];
    /**
     * Privileges over all sections and PBXes, as this grant gives them.
     */
    count: number;
  };
  /**
   * When it expires.
   */
  expiresAt?: string;
  /**
   * Whether the administrator has set the passphrase that support asks for. Only they can set it, in their own profile.
   */
  supportPassphrase?: 'Set' | 'NotSet' | 'Unknown';
  /**
   * Whom to ask for it, or to set it.
   */
  supportPassphraseMessage?: string;
  /**
   * Fields of this status that hold less than there was: lists and texts are cut to the sizes that this definition gives, and what it can't hold is left out. A set.
   */
  shortened?: string[];
  /**
   * What differs from the spec because the account was changed behind it. Absent without drift.
   */
  drift?: {
    /**
     * Paths that differ, at most 20; the DriftReport has the rest.
     *
     * Items: One path.
     */
    paths: {
      /**
       * Path on the wire.
       */
      path: string;
      /**
       * The field of the spec that declares it.
       */
      owner?: string;
    }[];
    /**
     * When the drift was first seen.
     */
    since: string;
    /**
     * Who changed it, from the audit records. Absent when the records don't say.
     */
    changedBy?: string;
    /**
     * When it was changed, from the audit records.
     */
    changedAt?: string;
  };
  /**
   * The operator's own notes, which let it tell a changed YAML from a changed account and survive a restart. Not for people or other programs: its form may change.
   */
  memory?: {
    /**
     * Digest of the value last applied, by field of the spec. Never of a secret.
     */
    applied?: {
      [k: string]: string;
    };
    /**
     * A write that was begun and whose end is not recorded yet. Stored before the request is sent.
     */
    pending?: {
      /**
       * What was begun.
       */
      intent: 'Create' | 'Update' | 'Delete' | 'Act';
      /**
       * The object type written, such as user.
       */
      objectType: string;
      /**
       * What a lost create is looked up by.
       */
      naturalKey: string;
      /**
       * The object that is written, where it is there already.
       */
      objectId?: string;
      /**
       * When the first attempt began.
       */
      since: string;
      /**
       * Number of the attempt, from 1.
       */
      attempt: number;
      /**
       * The phone system's operation, once it accepted the write.
       */
      operationId?: string;
    };
    /**
     * One-shot requests that were handled, by name: the token of the last invitation asked for, an address registered.
     */
    handled?: {
      [k: string]: string;
    };
  };
}
