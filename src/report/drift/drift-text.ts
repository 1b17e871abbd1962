import { styleText } from 'node:util';
import { authorshipText } from '../../account/drift/drift-wording.ts';
import { valueText } from '../plan/plan-text.ts';
import { reportForTerminal } from '../terminal-text.ts';
import { counted, type DriftReport, type ReportedResource } from './drift-report.ts';
import { fieldText, remedies, stateText, summaryText } from './drift-words.ts';

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** So many unmanaged objects of a type are named one by one. */
const mostNamed = 20;

/** Drift as a person reads it in a terminal. Ends with a line break. */
export function driftText(whole: DriftReport, { color }: { readonly color: boolean }): string {
  const report = reportForTerminal(whole, ['diff']);
  const paint: Paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  const lines: string[] = [];
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push(paint('bold', title), ...entries, '');
  };
  const inState = (state: ReportedResource['state']) =>
    report.resources.filter((each) => each.state === state).flatMap((each) => resourceLines(each, paint));
  section('Changed in the account', inState('Drifted'));
  section('Deleted in the account', inState('Missing'));
  section(
    'To accept the account’s values',
    report.patches.flatMap(({ diff }) =>
      diff
        .trimEnd()
        .split('\n')
        .map((line) => painted(line, paint)),
    ),
  );
  section(
    'Can not be accepted by --accept',
    report.notAcceptable.map(
      ({ field, resource, why }) => `  · ${resource}${field === undefined ? '' : ` ${field}`}: ${why}`,
    ),
  );
  section(
    'Not known',
    report.unknown.map(({ what, why }) => `  ? ${what}: ${why}`),
  );
  section(
    'In the account, and in no YAML',
    [...Map.groupBy(report.unmanaged, ({ type }) => type)].flatMap(([type, objects]) => [
      `  ${counted(objects.length, type)}: ${objects
        .slice(0, mostNamed)
        .map(({ id, name }) => valueText(name ?? id))
        .join(', ')}${objects.length > mostNamed ? `, and ${objects.length - mostNamed} more` : ''}`,
    ]),
  );
  section(
    'Not applied yet (no drift; dialops plan shows it)',
    report.notApplied.map(
      ({ action, fields, resource }) =>
        `  · ${action.toLowerCase()} ${resource}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`,
    ),
  );
  const ways = remedies(report);
  if (ways.length > 0) lines.push(...ways, '');
  lines.push(summaryText(report));
  return `${lines.join('\n')}\n`;
}

function resourceLines(resource: ReportedResource, paint: Paint): string[] {
  const { author, fields, place, state } = resource;
  const sign = state === 'Missing' ? paint('red', '-') : paint('yellow', '~');
  const at = place ? paint('dim', `  ${place.file}:${place.line}`) : '';
  const width = Math.max(0, ...fields.map(({ field }) => field.length));
  return [
    `  ${sign} ${resource.resource}${at}`,
    ...(state === 'Missing' ? [`      ${stateText(resource)}`] : []),
    ...fields.map((field) => `      ${field.field.padEnd(width)}  ${fieldText(field)}`),
    `      ${paint('dim', valueText(authorshipText(author)))}`,
  ];
}

function painted(line: string, paint: Paint): string {
  const text = valueText(line);
  if (/^(---|\+\+\+|@@)/.test(line)) return paint('bold', text);
  if (line.startsWith('+')) return paint('green', text);
  return line.startsWith('-') ? paint('red', text) : text;
}
