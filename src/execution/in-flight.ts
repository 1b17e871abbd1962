import type { DesiredField } from '../account/desired.ts';
import type { ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { Slot } from './operation-slots.ts';

/** A write that the phone system has accepted and whose end is not known yet. */
export interface InFlight {
  readonly change: Change;
  /** What it wrote: a change may be sent in parts. */
  readonly fields: readonly DesiredField[];
  readonly operationId: string;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Its place among the operations under way. */
  readonly slot: Slot;
  /** What the phone system's mark of the last update was before the write, where it has one. */
  readonly revisionBefore?: string;
  /** Over, with what was read of the object; without it when nothing of it can be read any more. */
  readonly resolve: (object: ObservedObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * - `failed`: the operation has said so.
 * - `unclear`: nothing tells how it ended.
 * - `running`: it has not ended in time, and may still.
 */
export type OperationEnd = 'failed' | 'unclear' | 'running';

/** The operation ended as FAILED, or is not known to have ended. */
export class OperationFailed extends Error {
  readonly fields: readonly { readonly field?: string; readonly code?: string; readonly message?: string }[];
  readonly end: OperationEnd;

  constructor(
    message: string,
    fields: readonly { readonly field?: string; readonly code?: string; readonly message?: string }[],
    end: OperationEnd = 'failed',
  ) {
    super(message);
    this.name = 'OperationFailed';
    this.fields = fields;
    this.end = end;
  }
}
