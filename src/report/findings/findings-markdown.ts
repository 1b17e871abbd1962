import type { Finding } from '../../resources/finding.ts';
import { code, cutToComment, escaped } from '../markdown-text.ts';
import { countOf, plural, type Validation } from './validation.ts';

/** Findings as a comment on a pull request. Ends with a line break. */
export function findingsMarkdown(validation: Validation): string {
  const { files, findings, resources } = validation;
  const counts = [
    plural(countOf(validation, 'error'), 'error'),
    plural(countOf(validation, 'warning'), 'warning'),
  ];
  const checked = `${plural(resources, 'resource')} in ${plural(files, 'file')} checked: ${counts.join(', ')}.`;
  const lines = [
    '### dialops validate',
    '',
    checked,
    ...(findings.length === 0 ? [] : ['', '| where | what | remedy |', '| --- | --- | --- |']),
    ...findings.map(row),
  ];
  return `${cutToComment(lines, '… and more: `dialops validate` shows all of it.').join('\n')}\n`;
}

function row({ field, message, place, remedy, severity }: Finding): string {
  const where = code(`${place.file}:${place.line}`);
  const what = `${severity === 'error' ? '**error**' : 'warning'}${field === undefined ? '' : ` ${code(field)}`}`;
  return `| ${where} | ${what}: ${escaped(message)} | ${escaped(remedy)} |`;
}
