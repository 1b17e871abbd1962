import { changedInAccount, deletedInAccount, driftSummary } from '../../account/drift/drift-wording.ts';
import { valueText } from '../plan/plan-text.ts';
import type { DriftReport, ReportedField, ReportedResource } from './drift-report.ts';

/** What happened to a resource, on one line. */
export function stateText({
  author,
  fields,
  state,
}: Pick<ReportedResource, 'author' | 'fields' | 'state'>): string {
  if (state === 'Missing') return deletedInAccount;
  return changedInAccount(fields.length, author.state === 'Known' ? author : undefined);
}

/** What was applied, and what the account has. */
export function fieldText(field: ReportedField): string {
  const { account, conflict, declared, hidden } = field;
  const to = hidden ? '(not shown)' : account === undefined ? '(nothing)' : valueText(account);
  const why = conflict ? '  (changed in the YAML, too)' : '';
  return `${valueText(declared)} → ${to}${why}`;
}

/** The ways out, for the whole report. */
export function remedies(report: DriftReport): readonly string[] {
  const { drifted, missing } = report.summary;
  const lines: string[] = [];
  if (drifted + missing > 0) {
    lines.push(
      'Put it right in the account: dialops apply, or an operator whose PhoneSystem says driftPolicy: Correct.',
    );
  }
  if (drifted > 0) lines.push('Or take the account’s values over into the YAML: dialops drift --accept.');
  if (missing > 0)
    lines.push('What is missing is made again by that; if it shall stay away, take it out of the YAML.');
  return lines;
}

export function summaryText({ summary }: Pick<DriftReport, 'summary'>): string {
  return driftSummary(summary);
}
