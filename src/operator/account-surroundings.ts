import type { SecretKeyRef } from '../account/desired.ts';
import type { Authors } from '../execution/authors.ts';
import type { Clock } from '../foundation/clock.ts';
import type { RequestBudget } from '../phonesystem/budget.ts';
import type { PhoneSystemClient } from '../phonesystem/client.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { DriftReportWriter } from './drift-report-writer.ts';
import type { Stored } from './kinds.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { ResourceCache } from './resource-cache.ts';
import type { PhoneSystemFacts } from './status/phone-system-status.ts';
import type { WorkerLog } from './worker-log.ts';

/** What a worker needs to keep one account: the phone system, its resources, and whom it tells. */
export interface AccountWorkerOptions {
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  readonly resources: ResourceCache;
  readonly client: PhoneSystemClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventRecorder;
  readonly authors: Authors;
  /** Absent in a dry run. */
  readonly driftReports?: DriftReportWriter;
  /** Why the key may not be sent to spec.audit.endpoint; undefined while nothing is known against it. */
  readonly auditFault: () => string | undefined;
  readonly log: WorkerLog;
  /** The bytes behind a Secret's key; rejects when there are none. */
  readonly secret: (secret: SecretKeyRef) => Promise<Uint8Array>;
  /** Rejects when the key is gone, or is another than this worker began with. */
  readonly checkKey: () => Promise<unknown>;
  /** The account shall be this worker's alone; undefined: it does not say whose it is. Rejects with AccountTaken. */
  readonly claim: (customerId: string | undefined) => Promise<void>;
  /** The account can't be read at the moment: it may not be this worker's any more. */
  readonly doubt: () => void;
  /** Secrets are read anew the next time. */
  readonly forgetSecrets: () => void;
  /** A text of the phone system without the values of Secrets that it may repeat. */
  readonly conceal: (text: string) => string;
  /** A mark of the version of a Secret's key: undefined when there is none, null while nothing is known. */
  readonly secretRevision: (secret: SecretKeyRef) => string | null | undefined;
  /** Everything of a namespace that goes away is orphaned: its deletion says nothing about people's phones. */
  readonly namespaceTerminating: () => Promise<boolean>;
  /** A round over the account took so long, in milliseconds. */
  readonly measure: (durationMs: number) => void;
  /** The account was read, in full or in part. */
  readonly measureSync: () => void;
  /** The state of the account as a whole is to be shown on the PhoneSystem; resolves with whether it stands there. */
  readonly report: (facts: PhoneSystemFacts) => Promise<boolean>;
}
