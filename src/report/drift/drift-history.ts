import { isJsonObject, type Json } from '../../foundation/json.ts';
import { type DriftReport, type DriftSummary, driftReportFormat } from './drift-report.ts';

/** One run: what a chart of drift over time needs of it. */
export interface DriftRun {
  /** RFC 3339. */
  readonly time: string;
  readonly summary: Pick<DriftSummary, 'drifted' | 'missing' | 'unmanaged' | 'unknown'>;
}

/** Reads what `dialops drift -o json` wrote; undefined when it is something else, or of another phone system. */
export function parseDriftRun(value: Json, phoneSystem: string): DriftRun | undefined {
  if (!isJsonObject(value) || value.format !== driftReportFormat || value.phoneSystem !== phoneSystem) {
    return undefined;
  }
  const { summary, time } = value;
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time)) || !isJsonObject(summary)) return undefined;
  const count = (name: string) => {
    const found = summary[name];
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : 0;
  };
  return {
    time: new Date(time).toISOString(),
    summary: {
      drifted: count('drifted'),
      missing: count('missing'),
      unmanaged: count('unmanaged'),
      unknown: count('unknown'),
    },
  };
}

/** All runs with the latest, each time once, oldest first. */
export function allRuns(earlier: readonly DriftRun[], latest: DriftReport): readonly DriftRun[] {
  const runs = new Map(
    [...earlier, latest].map((run) => [run.time, { time: run.time, summary: run.summary }]),
  );
  return [...runs.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}
