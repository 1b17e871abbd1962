import { styleText } from 'node:util';
import type { Json } from '../../foundation/json.ts';
import { lineForTerminal, reportForTerminal } from '../terminal-text.ts';
import type { PlanFault, PlannedChange, PlannedField, PlanReport } from './plan-report.ts';

export interface TextOptions {
  readonly color: boolean;
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const signs: Readonly<Record<PlannedChange['action'], string>> = {
  Create: '+',
  Update: '~',
  Delete: '-',
  Submit: '>',
  Cancel: 'x',
};

/** A plan as a person reads it in a terminal. Ends with a line break. */
export function planText(whole: PlanReport, { color }: TextOptions): string {
  const report = reportForTerminal(whole);
  const paint: Paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  const lines: string[] = [];
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push(paint('bold', title), ...entries, '');
  };
  const made = report.changes.filter((change) => !change.held);
  section(
    'Can not be undone',
    made.filter(isRisky).flatMap((change) => changeLines(change, paint)),
  );
  section(
    'Changes',
    made.filter((change) => !isRisky(change)).flatMap((change) => changeLines(change, paint)),
  );
  section(
    'Held back',
    report.changes.filter((change) => change.held).flatMap((change) => changeLines(change, paint)),
  );
  section(
    'Problems',
    report.problems.map(
      ({ resource, field, message, reason }) =>
        `  ${paint('red', '!')} ${resource}${field === undefined ? '' : ` ${field}`}: ${message} (${reason})`,
    ),
  );
  section(
    'Faults in the files (what stands there is not planned)',
    report.faults.map((fault) => `  ${paint('red', '!')} ${faultText(fault)}`),
  );
  section(
    'Not known',
    report.unknown.map(({ resource, why }) => `  ? ${resource}: ${why}`),
  );
  section(
    'No longer managed (the account keeps the value)',
    report.released.map(({ resource, fields }) => `  · ${resource}: ${fields.join(', ')}`),
  );
  section(
    'To be edited in the YAML (the account has it already)',
    report.edits.map(
      ({ field, from, resource, to, why }) => `  · ${resource} ${field}: ${from} → ${to}  (${why})`,
    ),
  );
  section(
    'No longer in the files (--prune removes them)',
    report.undeclared.map((resource) => `  · ${resource}`),
  );
  lines.push(summaryLine(report));
  return `${lines.join('\n')}\n`;
}

function isRisky({ risk }: PlannedChange): boolean {
  return risk === 'losesData';
}

function changeLines(change: PlannedChange, paint: Paint): string[] {
  const color =
    change.action === 'Delete' || isRisky(change) ? 'red' : change.action === 'Create' ? 'green' : 'yellow';
  const risk = change.risk === 'interruptsService' ? '  (interrupts service)' : '';
  const head = `  ${paint(color, signs[change.action])} ${change.action.toLowerCase()} ${change.object}${risk}`;
  const rows = fieldRows(change);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [
    head,
    ...rows.map(([name, text]) => `      ${name.padEnd(width)}  ${text}`),
    ...(change.waitsFor === undefined ? [] : [`      ${paint('dim', change.waitsFor)}`]),
    ...(change.held ? [`      held: ${change.held.why}`, `      ${change.held.remedy}`] : []),
  ];
}

/** Name and values of each field; one that the wire has in two places is shown once. */
export function fieldRows(change: PlannedChange): (readonly [string, string])[] {
  const rows = new Map<string, string>();
  for (const field of change.fields) {
    const name = fieldName(field, change);
    if (!rows.has(name)) rows.set(name, fieldText(field, change));
  }
  return [...rows];
}

/** As in the YAML; with the resource, where that is not the one that the change is about. */
function fieldName(
  { field, resource }: PlannedField,
  { resources }: Pick<PlannedChange, 'resources'>,
): string {
  return resource === resources[0] ? field : `${resource} ${field}`;
}

/** What the account has, and what it will have. */
function fieldText(field: PlannedField, { action }: Pick<PlannedChange, 'action'>): string {
  if (field.secret) return '(a secret, written again)';
  const to = field.removed ? '(removed)' : field.later ? '(registered first)' : named(field.to, field.toName);
  if (action === 'Create') return to;
  const from = field.hidden
    ? '(not shown)'
    : field.from === undefined
      ? '(nothing)'
      : named(field.from, field.fromName);
  const why = field.cause === 'drift' || field.cause === 'conflict' ? `  (${causes[field.cause]})` : '';
  const then = field.afterwards === undefined ? '' : `, then ${field.afterwards}`;
  return `${from} → ${to}${then}${why}`;
}

/** A name says more than the id that goes over the wire. */
function named(value: Json | undefined, name: string | undefined): string {
  return valueText(name ?? value ?? null);
}

const causes = { drift: 'changed in the account', conflict: 'changed in the YAML and in the account' };

export function valueText(value: Json): string {
  if (value === null) return '(empty)';
  return lineForTerminal(typeof value === 'string' ? value : JSON.stringify(value));
}

/** `people.yaml:7:3 spec.email: is required` */
export function faultText({ column, field, file, line, message }: PlanFault): string {
  return `${file}:${line}:${column}${field === undefined ? '' : ` ${field}`}: ${message}`;
}

export function summaryLine({ summary, changes, faults, problems, unknown }: PlanReport): string {
  if (changes.length + problems.length + faults.length + unknown.length === 0) {
    if (summary.resources === 0) return 'Nothing to do: the files declare no resource.';
    return 'Nothing to do: the account is as declared.';
  }
  const { create, update, delete: deleted, act, held, emails, requests, minutes } = summary;
  const counts = [
    [create, 'to create'],
    [update, 'to change'],
    [deleted, 'to remove'],
    [act, act === 1 ? 'port to submit or cancel' : 'ports to submit or cancel'],
    [held, 'held back'],
    [problems.length, problems.length === 1 ? 'problem' : 'problems'],
    [unknown.length, 'not known'],
    [faults.length, faults.length === 1 ? 'fault in the files' : 'faults in the files'],
  ] as const;
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const cost = requests > 0 ? ` About ${requests} requests, ${minutes} min at least.` : '';
  const mail = emails > 0 ? ` ${emails} ${emails === 1 ? 'invitation' : 'invitations'} by email.` : '';
  return `${said.join(', ')}.${cost}${mail}`;
}
