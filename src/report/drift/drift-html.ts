import { createHash } from 'node:crypto';
import { authorshipText } from '../../account/drift/drift-wording.ts';
import type { Json } from '../../foundation/json.ts';
import { driftChart, shortTime } from './drift-chart.ts';
import { allRuns, type DriftRun } from './drift-history.ts';
import { pageScript, pageStyle } from './drift-page.ts';
import { type DriftReport, type ReportedField, type ReportedResource, typeName } from './drift-report.ts';
import { remedies, stateText, summaryText } from './drift-words.ts';
import { escapeMarkup } from './markup.ts';

/**
 * Drift as one file that needs no other, and asks nobody for anything: the policy in it lets no request out and no
 * script in but its own.
 *
 * @param earlier runs for the chart, in any order
 */
export function driftHtml(report: DriftReport, earlier: readonly DriftRun[]): string {
  const title = `Drift of phone system ${report.phoneSystem}`;
  const policy = [
    "default-src 'none'",
    `style-src ${digestOf(pageStyle)}`,
    `script-src ${digestOf(pageScript)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const inState = (state: ReportedResource['state']) =>
    report.resources.filter((each) => each.state === state);
  const body = [
    `<header><h1>${escapeMarkup(title)}</h1><p>${escapeMarkup(summaryText(report))} <span class="muted">Read ${escapeMarkup(shortTime(report.time))}</span></p></header>`,
    tiles(report),
    driftChart(allRuns(earlier, report)),
    filter(),
    '<main>',
    items('Changed in the account', inState('Drifted').map(resourceItem)),
    items('Deleted in the account', inState('Missing').map(resourceItem)),
    items(
      'Not known',
      report.unknown.map(({ what, why }) => item('Unknown', what, paragraph(why))),
    ),
    items(
      'In the account, and in no YAML',
      report.unmanaged.map(({ id, name, type }) =>
        item(
          'Unmanaged',
          name ?? id,
          paragraph(`one of the ${typeName(type)}${name === undefined ? '' : `, ${id}`}`),
        ),
      ),
    ),
    items(
      'Not applied yet (no drift)',
      report.notApplied.map(({ action, fields, resource }) =>
        item(
          'NotApplied',
          resource,
          paragraph(`${action.toLowerCase()}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`),
        ),
      ),
    ),
    acceptance(report),
    '</main>',
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
${body.filter((part) => part !== '').join('\n')}
<script>${pageScript}</script>
</body>
</html>
`;
}

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function tiles({ summary }: DriftReport): string {
  const { drifted, managed, missing, notApplied, unknown, unmanaged } = summary;
  const entries = [
    [drifted, 'drifted'],
    [missing, 'missing'],
    [unmanaged, 'unmanaged'],
    [unknown, 'not known'],
    [notApplied, 'not applied yet'],
    [managed, 'managed'],
  ] as const;
  return `<ul class="tiles">${entries.map(([count, what]) => `<li><b>${count}</b>${what}</li>`).join('')}</ul>`;
}

function filter(): string {
  const states = [
    ['', 'all'],
    ['Drifted', 'drifted'],
    ['Missing', 'missing'],
    ['Unknown', 'not known'],
    ['Unmanaged', 'unmanaged'],
    ['NotApplied', 'not applied yet'],
  ] as const;
  const options = states.map(([value, label]) => `<option value="${value}">${label}</option>`).join('');
  return (
    '<div id="controls" class="filter" hidden><input id="filter" type="search" placeholder="Filter" aria-label="Filter by any word">' +
    `<select id="state" aria-label="State">${options}</select><output id="count" class="muted"></output></div>`
  );
}

function items(title: string, all: readonly string[]): string {
  return all.length === 0 ? '' : `<section class="items"><h2>${title}</h2>${all.join('\n')}</section>`;
}

function item(state: string, title: string, content: string): string {
  return `<article class="item" data-state="${state}"><h3>${escapeMarkup(title)}</h3>${content}</article>`;
}

function paragraph(text: string): string {
  return `<p class="muted">${escapeMarkup(text)}</p>`;
}

function resourceItem(resource: ReportedResource): string {
  const { author, fields, place, state } = resource;
  const changes = fields.map(
    (field) => `<dt><code>${escapeMarkup(field.field)}</code></dt><dd class="value">${change(field)}</dd>`,
  );
  const at = place ? ` <span class="muted">${escapeMarkup(`${place.file}:${place.line}`)}</span>` : '';
  return item(
    state,
    resource.resource,
    `<p>${escapeMarkup(stateText(resource))}${at}</p>${changes.length > 0 ? `<dl>${changes.join('')}</dl>` : ''}${paragraph(authorshipText(author))}`,
  );
}

function change({ account, conflict, declared, hidden }: ReportedField): string {
  const to = hidden ? '(not shown)' : account === undefined ? '(nothing)' : spoken(account);
  const why = conflict ? ' <span class="muted">(changed in the YAML, too)</span>' : '';
  return `<span class="from">${escapeMarkup(spoken(declared))}</span> → ${escapeMarkup(to)}${why}`;
}

function spoken(value: Json): string {
  if (value === null) return '(empty)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function acceptance(report: DriftReport): string {
  const ways = remedies(report).map((line) => `<li>${escapeMarkup(line)}</li>`);
  const refused = report.notAcceptable.map(
    ({ field, resource, why }) =>
      `<li>${escapeMarkup(`${resource}${field === undefined ? '' : ` ${field}`}: ${why}`)}</li>`,
  );
  // Line breaks are part of a patch.
  const diff = report.patches
    .flatMap((patch) => patch.diff.trimEnd().split('\n'))
    .map(escapeMarkup)
    .join('\n');
  return [
    ways.length > 0 ? `<h2>What to do</h2><ul>${ways.join('')}</ul>` : '',
    refused.length > 0 ? `<h2>Can not be accepted by --accept</h2><ul>${refused.join('')}</ul>` : '',
    diff === '' ? '' : `<h2>The patch that accepts the account’s values</h2><pre>${diff}</pre>`,
  ].join('');
}
