// Generated from crds/driftreports.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * A DriftReport is written by the operator, one for each PhoneSystem and of its name: what differs between the YAML and the account, who changed it, and what no YAML declares. Values are left out.
 */
export interface DriftReport {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'DriftReport';
  metadata: ObjectMeta;
  spec?: DriftReportSpec;
  status?: DriftReportStatus;
}
/**
 * Whose report it is.
 */
export interface DriftReportSpec {
  /**
   * Name of the PhoneSystem in the same namespace; "default" when left out. It can't be changed afterwards: a resource stays in its account.
   */
  phoneSystem?: string;
}
/**
 * The report. It changes only when what it says changes.
 */
export interface DriftReportStatus {
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
   * Counts.
   */
  summary?: {
    /**
     * Objects that are declared and bound.
     */
    managed: number;
    /**
     * Of these, changed behind the YAML.
     */
    drifted: number;
    /**
     * Declared, once bound, and no longer in the account.
     */
    missing: number;
    /**
     * In the account and declared by nobody.
     */
    unmanaged: number;
    /**
     * Object types that could not be read; they are neither drifted nor missing.
     */
    unknown: number;
  };
  /**
   * Drifted and missing resources, at most 200. `truncated` says how many were left out.
   *
   * Items: One resource.
   */
  resources?: {
    /**
     * Its kind.
     */
    kind: string;
    /**
     * Its name.
     */
    name: string;
    /**
     * The phone system's id.
     */
    externalId?: string;
    /**
     * Drifted, or Missing in the account.
     */
    state: 'Drifted' | 'Missing';
    /**
     * What differs, at most 20.
     *
     * Items: One path.
     */
    paths?: {
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
     * When it was first seen.
     */
    since: string;
    /**
     * Who changed it, from the audit records.
     */
    changedBy?: string;
    /**
     * When, from the audit records.
     */
    changedAt?: string;
    /**
     * Known, or why not: the records don't cover it (NotRecorded), there are no records (NoAudit), or they could not be read (Unreadable).
     */
    author?: 'Known' | 'NotRecorded' | 'NoAudit' | 'Unreadable';
  }[];
  /**
   * Counts of undeclared objects by object type.
   *
   * Items: One object type.
   */
  unmanaged?: {
    /**
     * The object type.
     */
    type: string;
    /**
     * How many.
     */
    count: number;
  }[];
  /**
   * Object types that could not be read.
   *
   * Items: One object type.
   */
  unknown?: {
    /**
     * The object type.
     */
    type: string;
    /**
     * Why.
     */
    reason: string;
  }[];
  /**
   * Resources left out of `resources`.
   */
  truncated?: number;
  /**
   * Earlier findings, oldest first, the newest 50; a new entry only when the counts change.
   *
   * Items: One finding.
   */
  history?: {
    /**
     * When.
     */
    time: string;
    /**
     * Drifted.
     */
    drifted: number;
    /**
     * Missing.
     */
    missing: number;
    /**
     * Put right since the entry before.
     */
    corrected?: number;
  }[];
}
