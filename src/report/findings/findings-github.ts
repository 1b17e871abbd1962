import type { Finding } from '../../resources/finding.ts';
import { formatReference } from '../../resources/reference.ts';
import { reportForTerminal } from '../terminal-text.ts';
import type { Validation } from './validation.ts';

/** One workflow command a finding, which GitHub shows beside the line in a pull request. */
export function findingsGithub({ findings }: Validation): string {
  return reportForTerminal(findings)
    .map((finding) => `${command(finding)}\n`)
    .join('');
}

function command({ field, message, place, remedy, resource, rule, severity }: Finding): string {
  const properties = [
    ['file', place.file],
    ['line', String(place.line)],
    ['col', String(place.column)],
    ['title', rule],
  ] as const;
  const what = [resource?.name ? formatReference(resource) : undefined, field].filter(Boolean).join(' ');
  const text = `${what === '' ? '' : `${what}: `}${message}\n${remedy}`;
  return `::${severity} ${properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(',')}::${escapeData(text)}`;
}

/** As the runner reads it: a line break would end the command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Inside a property, colons and commas end the value besides. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
