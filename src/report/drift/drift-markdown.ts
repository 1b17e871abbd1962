import { authorshipText } from '../../account/drift/drift-wording.ts';
import { code, cutToComment, escaped } from '../markdown-text.ts';
import { linesForTerminal } from '../terminal-text.ts';
import { counted, type DriftReport, type ReportedResource } from './drift-report.ts';
import { fieldText, remedies, stateText, summaryText } from './drift-words.ts';

/** Drift as a comment or an issue. Ends with a line break. */
export function driftMarkdown(report: DriftReport): string {
  const parts = [
    `### dialops drift: phone system ${code(report.phoneSystem)}`,
    '',
    escaped(summaryText(report)),
    '',
  ];
  if (report.resources.length > 0) {
    parts.push('| resource | field | declared → account | who |', '| --- | --- | --- | --- |');
    parts.push(...report.resources.flatMap(rows), '');
  }
  for (const line of remedies(report)) parts.push(`- ${escaped(line)}`);
  if (report.patches.length > 0) {
    const diff = report.patches.map((patch) => patch.diff.trimEnd()).join('\n');
    const summary = '<summary>The patch that accepts the account’s values</summary>';
    // All of it or nothing: where a comment is cut, no fence stays open.
    parts.push(
      '',
      ['<details>', summary, '', ...fenced(linesForTerminal(diff)), '', '</details>'].join('\n'),
    );
  }
  list(
    parts,
    'Can not be accepted by --accept',
    report.notAcceptable.map(
      ({ field, resource, why }) =>
        `${code(resource)}${field === undefined ? '' : ` ${code(field)}`}: ${escaped(why)}`,
    ),
  );
  list(
    parts,
    'Not known',
    report.unknown.map(({ what, why }) => `${escaped(what)}: ${escaped(why)}`),
  );
  list(
    parts,
    'In the account, and in no YAML',
    [...Map.groupBy(report.unmanaged, ({ type }) => type)].map(([type, objects]) =>
      counted(objects.length, type),
    ),
  );
  list(
    parts,
    'Not applied yet (no drift)',
    report.notApplied.map(
      ({ action, fields, resource }) =>
        `${action.toLowerCase()} ${code(resource)}${fields.length > 0 ? `: ${fields.map(code).join(', ')}` : ''}`,
    ),
  );
  const lines = cutToComment(parts, '… and more: `dialops drift` shows all of it.');
  return `${lines.join('\n').trimEnd()}\n`;
}

function rows(resource: ReportedResource): string[] {
  const who = escaped(authorshipText(resource.author));
  const title = code(resource.resource);
  if (resource.fields.length === 0) return [`| ${title} | | ${escaped(stateText(resource))} | ${who} |`];
  return resource.fields.map((field, index) => {
    const first = index === 0;
    return `| ${first ? title : ''} | ${code(field.field)} | ${escaped(fieldText(field))} | ${first ? who : ''} |`;
  });
}

function list(parts: string[], title: string, entries: readonly string[]): void {
  if (entries.length > 0) parts.push('', `#### ${title}`, '', ...entries.map((entry) => `- ${entry}`));
}

/** A fence longer than any run of backticks inside it. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, text, fence];
}
