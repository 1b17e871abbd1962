// Generated from crds/phonesystems.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * A PhoneSystem is one account of a cloud phone system: where it is, the key to it, and the rules under which its other resources are put into effect. One account belongs to one namespace.
 */
export interface PhoneSystem {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'PhoneSystem';
  metadata: ObjectMeta;
  spec: PhoneSystemSpec;
  status?: PhoneSystemStatus;
}
/**
 * The account and the rules for it.
 */
export interface PhoneSystemSpec {
  /**
   * Base address of the administration API, such as https://api.8x8.com/admin-provisioning. The key is sent only to hosts that the operator was started to allow. HTTPS, except on loopback.
   */
  endpoint: string;
  /**
   * The API key. It is read again when the Secret changes and after a 401.
   */
  apiKeySecretRef: {
    /**
     * Name of the Secret in the same namespace.
     */
    name: string;
    /**
     * Key in the Secret.
     */
    key: string;
  };
  /**
   * The customer id that the account must have. When it has another, or shows none, nothing is written. It can't be changed once set.
   */
  customerId?: string;
  /**
   * The audit records API, which tells who changed what. Without it the author of a drift is unknown. An endpoint that publishes its audit address needs no entry here.
   */
  audit?: {
    /**
     * Address of the audit records, such as https://api.8x8.com/administration/audit/v1/audits.
     */
    endpoint: string;
    /**
     * Its API key; the administration key when left out.
     */
    apiKeySecretRef?: {
      /**
       * Name of the Secret in the same namespace.
       */
      name: string;
      /**
       * Key in the Secret.
       */
      key: string;
    };
  };
  /**
   * The request budget. The published limits of the API apply when left out, and the limits that the answers' headers state always do.
   */
  limits?: {
    /**
     * Requests in any minute. 8x8: 100 a key.
     */
    requestsPerMinute?: number;
    /**
     * Requests in any burst window. 8x8: 20.
     */
    burstRequests?: number;
    /**
     * Length of the burst window in seconds. 8x8: 10.
     */
    burstSeconds?: number;
    /**
     * Asynchronous operations at a time. 8x8: 10 an organisation.
     */
    operationsInFlight?: number;
  };
  /**
   * How often the account is read.
   */
  sync?: {
    /**
     * How often changed objects are looked for, such as 1m (the default).
     */
    incremental?: string;
    /**
     * How often everything is read, such as 15m (the default).
     */
    full?: string;
  };
  /**
   * What is done about a change made behind the YAML: Correct (the default) puts the declared value back, Report shows it and leaves it. Changes of the YAML are put into effect under both.
   */
  driftPolicy?: 'Correct' | 'Report';
  /**
   * What happens to a user when its UserProfile is deleted and has no policy of its own: Deactivate (the default), Delete, or Orphan, which leaves it as it is.
   */
  deletionPolicy?: 'Deactivate' | 'Delete' | 'Orphan';
  /**
   * How much may be removed within a sliding hour (objects, grants, entries whose loss loses data). Above it, all removals wait until the annotation `dialops.dev/approve-removals` holds the digest in `status.pendingRemovals`. The larger of the two limits counts.
   */
  removalGuard?: {
    /**
     * Number of removals; 5 when left out.
     */
    maxCount?: number;
    /**
     * Removals as a share of the managed objects, in percent; 2 when left out.
     */
    maxPercent?: number;
  };
  /**
   * What PrivilegeGrants of this namespace may hand out at most. No cap when left out.
   */
  privilegeCap?: {
    /**
     * Sections and privileges that may be granted; anything else in a grant is not given, and is taken away where it was. Keyed by name.
     *
     * Items: One section of the account manager.
     */
    sections?: {
      /**
       * The section, as the privilege tree names it: Billing, CallLogReports, Users, Extensions, Numbers, Porting, Devices, AutoAttendants, RingGroups, Audit, Support, …
       */
      name: string;
      /**
       * The privileges inside it, such as View and Manage; "*" is every one. A set.
       */
      privileges: string[];
    }[];
    /**
     * PBXes on which they may be granted, "*" for every one. Every one when left out. A set.
     */
    pbxes?: string[];
  };
  /**
   * Longest user name accepted here, where it is less than the phone system's own (8x8: 70). A profile with a longer email then needs a userName.
   */
  userNameMaxLength?: number;
  /**
   * Invitations mailed in any hour; 50 when left out. 0 holds all.
   */
  invitationsPerHour?: number;
  /**
   * True: nothing is written, neither to the account nor, but for Paused, to the statuses.
   */
  paused?: boolean;
}
/**
 * What the operator found and did. Request budget and sync times are metrics.
 */
export interface PhoneSystemStatus {
  /**
   * The generation of the spec that this status answers.
   */
  observedGeneration?: number;
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
   * The account's customer id.
   */
  customerId?: string;
  /**
   * Scopes that the key was found to lack, after a 403. A set.
   */
  missingScopes?: string[];
  /**
   * Parts beyond the published API that the endpoint offers. A set.
   */
  offers?: string[];
  /**
   * Resources of this account, and what is there beside them.
   */
  counts?: {
    /**
     * UserProfiles, Extensions, PrivilegeGrants and PortingOrders, bound or not.
     */
    managed?: number;
    /**
     * Of these, changed or deleted in the account.
     */
    drifted?: number;
    /**
     * Users and extensions that no resource declares, as far as they are listed.
     */
    unmanaged?: number;
  };
  /**
   * Removals that wait for approval. Absent when none do.
   */
  pendingRemovals?: {
    /**
     * What the annotation `dialops.dev/approve-removals` must hold to let exactly these go on.
     */
    digest: string;
    /**
     * How many.
     */
    count: number;
  };
  /**
   * Removals of the last hour, which the removal guard counts. The operator's own.
   *
   * Items: Removals within one minute.
   */
  recentRemovals?: {
    /**
     * The minute.
     */
    time: string;
    /**
     * How many.
     */
    count: number;
  }[];
  /**
   * One-shot requests that were handled, by name. The operator's own.
   */
  handled?: {
    [k: string]: string;
  };
  /**
   * Fields of this status that hold less than there was: lists and texts are cut to the sizes that this definition gives, and what it can't hold is left out. A set.
   */
  shortened?: string[];
}
