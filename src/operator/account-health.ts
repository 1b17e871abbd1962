import type { ObjectType } from '../account/objects.ts';
import type { Outcome } from '../account/plan.ts';
import type { Snapshot } from '../phonesystem/snapshot.ts';
import type { ReasonName } from '../resources/conditions.ts';
import type { AccountCheck } from './account-check.ts';
import { faultOf, type SyncFault } from './sync-fault.ts';
import type { WorkerLog } from './worker-log.ts';

/** Whether the account can be read, and what the PhoneSystem says about it. */
export class AccountHealth {
  readonly #check: AccountCheck;
  readonly #log: WorkerLog;
  readonly #auditFault: () => string | undefined;
  readonly #unread = new Map<ObjectType, string>();
  /** Objects that could not be read by themselves since the account was last read. */
  readonly #unreadObjects = new Set<string>();
  #fault: SyncFault | undefined;
  #synced = false;

  /** @param auditFault why the audit trail's key may not be sent where the PhoneSystem says */
  constructor(check: AccountCheck, log: WorkerLog, auditFault: () => string | undefined) {
    this.#check = check;
    this.#log = log;
    this.#auditFault = auditFault;
  }

  /** Why nothing can be read at all. */
  get fault(): SyncFault | undefined {
    return this.#fault;
  }

  /** True once the account was read. */
  get synced(): boolean {
    return this.#synced;
  }

  /** The account is another's, or somebody else's to keep: nothing may be asked for, and nothing written. */
  get isForeign(): boolean {
    return this.#fault?.reason === 'CustomerMismatch' || this.isTaken;
  }

  /** Another PhoneSystem keeps the account. */
  get isTaken(): boolean {
    return this.#fault?.reason === 'AccountAlreadyManaged';
  }

  failed(error: unknown): void {
    const fault = faultOf(error);
    if (fault.reason !== this.#fault?.reason) this.#log.error('the account was not read', error);
    this.#fault = fault;
  }

  /** One object could not be read: its resource says so, and the account stays what it is. Told once a reading. */
  unread(object: string, error: unknown): void {
    if (this.#unreadObjects.has(object)) return;
    this.#unreadObjects.add(object);
    this.#log.error('an object was not read', error);
  }

  /** @returns true when a fault is over by that */
  read(snapshot: Snapshot): boolean {
    const wasFaulty = this.#fault !== undefined;
    this.#fault = undefined;
    this.#synced = true;
    this.#unreadObjects.clear();
    for (const [type, failure] of snapshot.failures) {
      // Told once, not with every reading.
      if (failure.kind !== 'unsupported' && this.#unread.get(type) !== failure.kind)
        this.#log.error(`the list of ${type} was not read`, failure);
      this.#unread.set(type, failure.kind);
    }
    for (const type of this.#unread.keys())
      if (!snapshot.failures.has(type) && snapshot.collections[type].state === 'read')
        this.#unread.delete(type);
    return wasFaulty;
  }

  /** Where nothing could be read at all, the PhoneSystem has the reason. */
  explain(outcome: Outcome): Outcome {
    if (outcome.reason !== 'NotRead' || !this.#fault) return outcome;
    const { reason, message } = this.#fault;
    return { ...outcome, reason: 'PhoneSystemNotReady', message: `The PhoneSystem is ${reason}: ${message}` };
  }

  /** Reason and message of Ready. */
  verdict(): readonly [ReasonName, string] {
    if (this.#fault) return [this.#fault.reason, this.#fault.message];
    if (!this.#synced) return ['Pending', 'The account was not read yet'];
    const { missingScopes } = this.#check;
    if (missingScopes.length > 0) {
      return [
        'MissingScope',
        `The API key lacks ${missingScopes.join(', ')}; give it the scope at the provider`,
      ];
    }
    const auditFault = this.#auditFault();
    if (auditFault !== undefined) {
      return [
        'HostNotAllowed',
        `spec.audit.endpoint: ${auditFault}. The account is kept in line, and who changes it stays unknown`,
      ];
    }
    return ['Synced', 'The account is read and kept in line'];
  }
}
