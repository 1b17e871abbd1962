import type { SecretKeyRef } from '../account/desired.ts';
import type { PendingWrite } from '../account/memory.ts';
import type { ObservedObject } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { ResourceRef } from '../resources/reference.ts';
import type { WrittenSecret } from './written-secrets.ts';

/** Why a part of a change could not be made. */
export interface Failure {
  readonly resource: ResourceRef;
  /** The field at fault, as in the YAML. */
  readonly field?: string;
  readonly reason:
    | 'RefusedByPhoneSystem'
    | 'Unreachable'
    | 'Unconfirmed'
    | 'SecretNotFound'
    | 'UnfitDocument'
    | 'Unsupported'
    | 'MissingScope'
    | 'Unauthorized';
  /** What the phone system said. */
  readonly message: string;
  /** A permanent failure is not tried again until the change is another one. */
  readonly permanent: boolean;
  /** Of MissingScope: what the key lacks, and the answer that this was read from. */
  readonly lacked?: { readonly scope: string; readonly answer: string };
  /** Its operation had not ended when it was given up: memory keeps it, and the next process follows it. */
  readonly running?: true;
}

/** Something to be kept in a resource's memory: a registered address, an uploaded document. */
export interface Remembered {
  readonly resource: ResourceRef;
  readonly key: string;
  readonly value: string;
}

/** Thrown by `begin` when the resource changed meanwhile: the change is dropped, not failed. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** A Secret, or a key in it, is not there or may not be read; the message says which and what to do. */
export class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
}

export interface Settled {
  /** What the phone system shows after the change, where it was read. */
  readonly object?: ObservedObject;
  /** Empty when all of it was made. */
  readonly failures: readonly Failure[];
  /** When a change with failures is tried again, in milliseconds since the epoch. */
  readonly retryAt?: number;
}

/** Who runs the executor: the operator keeps these records in statuses, the CLI in its lock file. */
export interface ExecutionHost {
  /**
   * A write is about to be sent: what must outlive its sender is stored now. Rejects when that can't be done, and
   * with Superseded when the resource has changed meanwhile: the write is then not sent.
   *
   * @param pending the intent of a write that must not be repeated; undefined for one that is compared again
   */
  begin(change: Change, pending: PendingWrite | undefined): Promise<void>;
  /**
   * A write that `begin` was told of is not sent after all, because the executor stops: what was stored for it is taken
   * back, so that nobody looks for it later. Never rejects.
   */
  unsent(change: Change, pending: PendingWrite | undefined): Promise<void>;
  /**
   * Keeps what was uploaded or registered for a write, before the write is sent: should that fail, or the program
   * end, nothing is uploaded again. Never rejects.
   */
  remember(made: Remembered): Promise<void>;
  /** The phone system has taken the write: its operation id lets a restart resume it. */
  accepted(change: Change, pending: PendingWrite): Promise<void>;
  /**
   * An operation is under way for longer than the guide gives it, or nobody can be asked what became of a write. True: it
   * is followed until its end is known, and nothing else is sent to its object. False, or where absent: the change ends
   * as Unconfirmed, and memory keeps the write.
   */
  overdue?(change: Change, message: string): boolean;
  /** The change is over, well or not. */
  settled(change: Change, result: Settled): void;
  /** The content behind a Secret's key; rejects when there is none. */
  secret(resource: ResourceRef, secret: SecretKeyRef): Promise<Uint8Array>;
}

/** What the loop adds to its host for the executor. */
export interface WriterHost extends ExecutionHost {
  /** The Secrets whose values the phone system may hold for a resource, and may repeat. */
  writtenSecrets(resource: ResourceRef): readonly WrittenSecret[];
}
