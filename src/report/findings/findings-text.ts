import type { Finding } from '../../resources/finding.ts';
import { formatReference } from '../../resources/reference.ts';
import { reportForTerminal } from '../terminal-text.ts';
import type { Validation } from './validation.ts';

/** Colours a word, or gives it back as it is. */
export type Paint = (style: 'red' | 'yellow' | 'bold' | 'dim', text: string) => string;

/** One paragraph a finding: place, severity and rule first, as editors and terminals make links of. */
export function findingsText({ findings }: Validation, paint: Paint): string {
  return reportForTerminal(findings)
    .map((finding) => `${paragraph(finding, paint)}\n`)
    .join('');
}

function paragraph(
  { field, message, place, remedy, resource, rule, severity }: Finding,
  paint: Paint,
): string {
  const where = `${place.file}:${place.line}:${place.column}`;
  const word = severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning');
  const what = [resource?.name ? formatReference(resource) : undefined, field].filter(Boolean).join(' ');
  return [
    `${paint('bold', where)}: ${word} [${rule}]${what === '' ? '' : ` ${what}:`} ${message}`,
    `  ${paint('dim', remedy)}`,
  ].join('\n');
}
