import type { Json } from '../foundation/json.ts';
import type { ReasonName } from '../resources/conditions.ts';
import type { ResourceRef } from '../resources/reference.ts';
import type { ConsentLack, ConsentNeeded, DesiredField, Owner, Risk } from './desired.ts';
import type { ObjectType, WirePath } from './objects.ts';

/**
 * Why a declared value and the account differ.
 * - `pending`: the YAML changed since it was last applied.
 * - `drift`: the account did.
 * - `conflict`: both did.
 * - `undetermined`: nobody remembers what was last applied.
 */
export type Cause = 'pending' | 'drift' | 'conflict' | 'undetermined';

export interface FieldChange {
  readonly path: WirePath;
  /** Absent when the phone system has nothing there, or may not show it. */
  readonly from?: Json;
  readonly to: Json;
  readonly cause: Cause;
  readonly owners: readonly [Owner, ...Owner[]];
  readonly risk: Risk;
  /** Write-only values are never shown. */
  readonly secret: boolean;
  /** The declaration behind it: what the executor applies to a fresh body. */
  readonly field: DesiredField;
}

export type Action = 'Create' | 'Update' | 'Delete' | 'Submit' | 'Cancel';

/** Why a change is shown and not made. */
export type Gate =
  | {
      readonly kind: 'consent';
      readonly needed: ConsentNeeded;
      readonly resource: ResourceRef;
      readonly lack: ConsentLack;
    }
  | { readonly kind: 'removalGuard'; readonly digest: string }
  | { readonly kind: 'driftPolicy' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'waits'; readonly reason: ReasonName; readonly message: string };

export interface Change {
  /** Equal for equal changes: a fingerprint of what it does to which object. */
  readonly id: string;
  readonly action: Action;
  readonly type: ObjectType;
  readonly handle: string;
  /** Absent for a create. */
  readonly objectId?: string;
  readonly naturalKey: string;
  readonly fields: readonly FieldChange[];
  readonly resources: readonly [ResourceRef, ...ResourceRef[]];
  readonly risk: Risk;
  /** Handles of objects whose changes come first. */
  readonly after: readonly string[];
  readonly gate?: Gate;
  /** Requests that it costs, its share of confirmation left out. */
  readonly requests: number;
}

/** A difference in what a resource declares, as its status and reports show it. */
export interface Drift {
  readonly path: string;
  readonly owner: Owner;
  readonly cause: Cause;
}

/** What the plan means for one resource. */
export interface Outcome {
  readonly resource: ResourceRef;
  readonly externalId?: string;
  readonly reason: ReasonName;
  readonly message: string;
  /** False when something declared has not been read yet: the last known state stands. */
  readonly verified: boolean;
  readonly drift: readonly Drift[];
  /** Ids of the changes that this resource asks for. */
  readonly changes: readonly string[];
  /** Digests of the values that the account now equals, by field: what memory keeps as last applied. */
  readonly applied: Readonly<Record<string, string>>;
  /** Fields that memory has as applied and the YAML no longer declares. */
  readonly released: readonly string[];
}

/** An object whose declared paths are not all known from a list row. */
export interface NeededRead {
  readonly type: ObjectType;
  readonly id: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Objects to be read one by one before they can be judged. */
  readonly reads: readonly NeededRead[];
}
