import type { DriftRun } from './drift-history.ts';
import { escapeMarkup } from './markup.ts';

const width = 640;
const height = 180;
const margin = { left: 36, right: 8, top: 8, bottom: 24 };

/** Drift over the runs as an SVG of stacked columns, with the same as a table for those who can't see it. */
export function driftChart(runs: readonly DriftRun[]): string {
  const totals = runs.map(({ summary }) => summary.drifted + summary.missing);
  const top = niceTop(Math.max(1, ...totals));
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const slot = inner.width / Math.max(1, runs.length);
  const bar = Math.max(1, Math.min(40, slot * 0.8));
  const y = (value: number) => round(margin.top + inner.height * (1 - value / top));
  const columns = runs.map(({ summary, time }, index) => {
    const x = round(margin.left + slot * (index + 0.5) - bar / 2);
    const { drifted, missing } = summary;
    const rect = (name: string, from: number, count: number) =>
      count === 0
        ? ''
        : `<rect class="${name}" x="${x}" y="${y(from + count)}" width="${round(bar)}" height="${round(y(from) - y(from + count))}"/>`;
    const label = `${shortTime(time)}: ${drifted} drifted, ${missing} missing`;
    return `<g class="run"><title>${escapeMarkup(label)}</title>${rect('drifted', 0, drifted)}${rect('missing', drifted, missing)}</g>`;
  });
  const [first, last] = [runs[0], runs.at(-1)];
  const axis = [0, top]
    .map(
      (value) =>
        `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(value)}" y2="${y(value)}"/>` +
        `<text x="${margin.left - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    )
    .join('');
  const dates =
    first && last
      ? `<text x="${margin.left}" y="${height - 6}">${escapeMarkup(shortTime(first.time))}</text>` +
        (runs.length > 1
          ? `<text x="${width - margin.right}" y="${height - 6}" text-anchor="end">${escapeMarkup(shortTime(last.time))}</text>`
          : '')
      : '';
  return (
    `<figure id="chart"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Drifted and missing resources over ${runs.length} runs">` +
    `${axis}${columns.join('')}${dates}</svg>` +
    '<figcaption><span class="key drifted"></span> drifted <span class="key missing"></span> missing</figcaption>' +
    `<details><summary>The same as a table</summary>${table(runs)}</details></figure>`
  );
}

function table(runs: readonly DriftRun[]): string {
  const rows = runs.map(({ summary: { drifted, missing, unknown, unmanaged }, time }) =>
    [escapeMarkup(shortTime(time)), drifted, missing, unmanaged, unknown]
      .map((cell) => `<td>${cell}</td>`)
      .join(''),
  );
  const head = ['run', 'drifted', 'missing', 'unmanaged', 'not known']
    .map((name) => `<th>${name}</th>`)
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${row}</tr>`).join('')}</tbody></table>`;
}

/** 1, 2 or 5 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** To the minute, in UTC. */
export function shortTime(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
