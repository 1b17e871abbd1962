import type { DesiredAccount } from '../account/desired.ts';
import { type DriftedResource, findDrift } from '../account/drift/drift-findings.ts';
import type { Authorship } from '../account/drift/drift-wording.ts';
import type { Memory } from '../account/memory.ts';
import { formatPath, type ObservedAccount } from '../account/objects.ts';
import type { Plan } from '../account/plan.ts';
import type { Authors } from '../execution/authors.ts';
import type { Clock } from '../foundation/clock.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import type { DriftReportWriter } from './drift-report-writer.ts';
import type { Stored } from './kinds.ts';
import { type DriftReportFacts, driftReportStatus } from './status/drift-report-status.ts';
import type { WorkerLog } from './worker-log.ts';

export interface DriftReportBoardOptions {
  readonly phoneSystem: () => Stored<PhoneSystem> | undefined;
  /** Absent in a dry run. */
  readonly driftReports?: DriftReportWriter;
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

/** Keeps the DriftReport of one PhoneSystem: the latest findings, one write at a time. */
export class DriftReportBoard {
  readonly #options: DriftReportBoardOptions;
  #latest: Omit<DriftReportFacts, 'generation'> | undefined;
  #writing = false;
  #drifted = false;

  constructor(options: DriftReportBoardOptions) {
    this.#options = options;
  }

  /** A round was made. While much is being applied, only drift is news. */
  show(round: Round): void {
    if (!this.#options.driftReports) return;
    const { plan } = round;
    if (round.busy && !this.#drifted && ![...plan.outcomes.values()].some(({ drift }) => drift.length > 0))
      return;
    const findings = findDrift(round);
    this.#drifted = findings.drifted.length > 0;
    const now = new Date(this.#options.clock.now()).toISOString();
    this.#latest = { findings, now, authorOf: (drifted) => this.#authorOf(drifted, round.hasAudit) };
    if (this.#writing) return;
    this.#writing = true;
    void this.#write();
  }

  async #write(): Promise<void> {
    const { driftReports, log, phoneSystem } = this.#options;
    try {
      while (this.#latest) {
        const facts = this.#latest;
        this.#latest = undefined;
        const owner = phoneSystem();
        if (!owner || owner.metadata.deletionTimestamp !== undefined) return;
        await driftReports?.write(owner, (before, generation) =>
          driftReportStatus(before, { ...facts, generation }),
        );
      }
    } catch (error) {
      log.error('the drift report was not written', error);
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
