import type { ResourceRef } from './reference.ts';
import type { RuleId, Severity } from './validation-rules.ts';

/** A place in a file; line and column count from 1, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Place extends Position {
  /** As it was named on the command line, or found below it; `-` is the standard input. */
  readonly file: string;
}

/** What is wrong with a file or a resource, where, and the way out. */
export interface Finding {
  /** docs/validation-rules.md explains it. */
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly place: Place;
  /** Absent where it is not known which resource it would be. */
  readonly resource?: ResourceRef;
  /** As in the YAML: `spec.email`, `spec.devices[0].macAddress`. */
  readonly field?: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
