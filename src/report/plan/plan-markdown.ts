import { code, cutToComment, escaped } from '../markdown-text.ts';
import type { PlannedChange, PlanReport } from './plan-report.ts';
import { fieldRows, summaryLine } from './plan-text.ts';

/** A plan as a comment on a pull request. Ends with a line break. */
export function planMarkdown(report: PlanReport): string {
  const parts = [
    `### dialops plan: phone system ${code(report.phoneSystem)}`,
    '',
    escaped(summaryLine(report)),
    '',
  ];
  const made = report.changes.filter(({ held }) => !held);
  const risky = made.filter(({ risk }) => risk === 'losesData');
  if (risky.length > 0) parts.push('> [!CAUTION]', '> These can not be undone.', '', ...table(risky), '');
  const others = made.filter(({ risk }) => risk !== 'losesData');
  if (others.length > 0) parts.push(...folded(`Changes (${others.length})`, table(others)));
  const held = report.changes.filter((change) => change.held);
  if (held.length > 0) {
    parts.push('#### Held back', '');
    for (const change of held) {
      const { why, remedy } = change.held ?? { why: '', remedy: '' };
      const fields = fieldRows(change).map(([name, text]) => ` ${code(name)} ${escaped(text)}`);
      parts.push(`- ${title(change)}${fields.join(',')}: ${escaped(why)}; ${escaped(remedy)}`);
    }
    parts.push('');
  }
  if (report.problems.length > 0) {
    parts.push('#### Problems', '');
    for (const { resource, field, message } of report.problems) {
      parts.push(`- ${code(resource)}${field === undefined ? '' : ` ${code(field)}`}: ${escaped(message)}`);
    }
    parts.push('');
  }
  if (report.faults.length > 0) {
    parts.push('#### Faults in the files', '', 'What stands there is not planned.', '');
    for (const { column, field, file, line, message } of report.faults) {
      const where = field === undefined ? '' : ` ${code(field)}`;
      parts.push(`- ${code(`${file}:${line}:${column}`)}${where}: ${escaped(message)}`);
    }
    parts.push('');
  }
  for (const { resource, why } of report.unknown)
    parts.push(`- not known: ${code(resource)}: ${escaped(why)}`);
  for (const { resource, fields } of report.released) {
    parts.push(`- no longer managed: ${code(resource)} ${fields.map(code).join(', ')}`);
  }
  for (const { field, from, resource, to, why } of report.edits) {
    parts.push(
      `- to be edited in the YAML: ${code(resource)} ${code(field)} ${code(from)} → ${code(to)}; ${escaped(why)}`,
    );
  }
  for (const resource of report.undeclared) parts.push(`- no longer in the files: ${code(resource)}`);
  const lines = cutToComment(parts, '… and more: `dialops plan` shows all of it.');
  return `${lines.join('\n').trimEnd()}\n`;
}

function folded(summary: string, lines: readonly string[]): string[] {
  return ['<details open>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];
}

function table(changes: readonly PlannedChange[]): string[] {
  return [
    '| change | field | from → to |',
    '| --- | --- | --- |',
    ...changes.flatMap((change) =>
      change.fields.length === 0
        ? [`| ${title(change)} | | |`]
        : fieldRows(change).map(
            ([name, text], index) =>
              `| ${index === 0 ? title(change) : ''} | ${code(name)} | ${escaped(text)} |`,
          ),
    ),
  ];
}

function title(change: PlannedChange): string {
  const risk = change.risk === 'interruptsService' ? ' (interrupts service)' : '';
  return `**${change.action.toLowerCase()}** ${code(change.object)}${risk}`;
}
