import type { DesiredAccount } from '../account/desired.ts';
import { type DriftedResource, findDrift, missingResources } from '../account/drift/drift-findings.ts';
import type { Authorship } from '../account/drift/drift-wording.ts';
import type { Memory } from '../account/memory.ts';
import { formatPath, type ObservedAccount } from '../account/objects.ts';
import type { Plan } from '../account/plan.ts';
import type { Authors } from '../execution/authors.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { DriftReportWriter } from './drift-report-writer.ts';
import type { Stored } from './kinds.ts';
import { driftReportStatus } from './status/drift-report-status.ts';
import type { WorkerLog } from './worker-log.ts';

export interface DriftReportBoardOptions {
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  /** Absent in a dry run. */
  readonly driftReports?: Pick<DriftReportWriter, 'write'>;
  readonly authors: Authors;
  readonly clock: Clock;
  readonly log: WorkerLog;
  /** Why the audit records can't be read. */
  readonly auditFault: () => string | undefined;
}

export interface Round {
  readonly plan: Plan;
  readonly desired: DesiredAccount;
  readonly observed: ObservedAccount;
  readonly memory: Memory;
  /** Writes wait to be sent. */
  readonly busy: boolean;
  /** The endpoint or the PhoneSystem names an audit trail. */
  readonly hasAudit: boolean;
}

/** Between two looks over all objects, for as many resources as there are: a look is some 3 µs of work each. */
const pauseMs = (resources: number) => Math.max(1_000, resources * 0.5);

/** Keeps the DriftReport of one PhoneSystem: the latest findings, one write at a time. */
export class DriftReportBoard {
  readonly #options: DriftReportBoardOptions;
  /** Rounds to look at: those in which drift came or went, and the latest. */
  #waiting: { readonly round: Round; readonly now: string; readonly drifted: boolean }[] = [];
  #signal: AbortSignal | undefined;
  #writing = false;
  #drifted = false;

  constructor(options: DriftReportBoardOptions) {
    this.#options = options;
  }

  /** Nothing is written any more once the signal is aborted. */
  until(signal: AbortSignal): void {
    this.#signal = signal;
  }

  /** A round was made. While much is being applied, only drift is news. */
  show(round: Round): void {
    if (!this.#options.driftReports) return;
    const drifted = hasDrift(round);
    if (round.busy && !this.#drifted && !drifted) return;
    this.#drifted = drifted;
    if (this.#waiting.at(-1)?.drifted === drifted) this.#waiting.pop();
    this.#waiting.push({ round, drifted, now: new Date(this.#options.clock.now()).toISOString() });
    if (this.#writing) return;
    this.#writing = true;
    void this.#write();
  }

  async #write(): Promise<void> {
    const { clock, driftReports, log, phoneSystem } = this.#options;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const { now, round } = next;
        const owner = phoneSystem();
        if (this.#signal?.aborted || !owner || owner.metadata.deletionTimestamp !== undefined) return;
        const findings = findDrift(round);
        const authorOf = (drifted: DriftedResource) => this.#authorOf(drifted, round.hasAudit);
        await driftReports?.write(owner, (before, generation) =>
          driftReportStatus(before, { findings, now, authorOf, generation }),
        );
        await clock.sleep(pauseMs(round.plan.outcomes.size), this.#signal);
      }
    } catch (error) {
      if (!this.#signal?.aborted) log.error('the drift report was not written', error);
    } finally {
      this.#writing = false;
    }
  }

  #authorOf({ externalId, fields, state }: DriftedResource, hasAudit: boolean): Authorship {
    if (!hasAudit) return { state: 'NoAudit' };
    const paths = state === 'Missing' ? [] : fields.map(({ path }) => formatPath(path));
    const author = this.#options.authors.lastChange(externalId, paths);
    if (author) return { state: 'Known', ...author };
    return { state: this.#options.auditFault() === undefined ? 'NotRecorded' : 'Unreadable' };
  }
}

function hasDrift({ desired, memory, observed, plan }: Round): boolean {
  for (const { drift } of plan.outcomes.values()) if (drift.length > 0) return true;
  return missingResources({ desired, memory, observed }).size > 0;
}
