import { authorshipText } from '../../account/drift/drift-wording.ts';
import type { DriftReport, ReportedResource } from './drift-report.ts';
import { fieldText, stateText, summaryText } from './drift-words.ts';
import { escapeMarkup } from './markup.ts';

/** Drift as JUnit XML: a failure for each drifted or missing resource, skipped what could not be read. */
export function driftJunit(report: DriftReport): string {
  const name = `drift of phone system ${report.phoneSystem}`;
  const cases = [
    ...report.resources.map((resource) =>
      testcase(resource.resource, failure(resource), resource.place?.file),
    ),
    ...report.unknown.map(({ what, why }) => testcase(what, `<skipped message="${escapeMarkup(why)}"/>`)),
  ];
  // Viewers take a suite without a case for one that did not run.
  if (cases.length === 0) cases.push(testcase(summaryText(report), ''));
  const counts = `tests="${cases.length}" failures="${report.resources.length}" errors="0" skipped="${report.unknown.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dialops" ${counts}>
  <testsuite name="${escapeMarkup(name)}" ${counts} timestamp="${escapeMarkup(report.time)}">
${cases.join('\n')}
  </testsuite>
</testsuites>
`;
}

function testcase(name: string, content: string, file?: string): string {
  const at = file === undefined ? '' : ` file="${escapeMarkup(file)}"`;
  const open = `    <testcase classname="drift" name="${escapeMarkup(name)}"${at}`;
  return content === '' ? `${open}/>` : `${open}>${content}</testcase>`;
}

function failure(resource: ReportedResource): string {
  const lines = [
    ...resource.fields.map((field) => `${field.field}: ${fieldText(field)}`),
    authorshipText(resource.author),
  ];
  return `<failure type="${resource.state}" message="${escapeMarkup(stateText(resource))}">${lines.map(escapeMarkup).join('\n')}</failure>`;
}
