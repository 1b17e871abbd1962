import { describe, expect, it } from 'vitest';
import { allRuns, parseDriftRun } from './drift-history.ts';
import { driftJunit } from './drift-junit.ts';
import { driftMarkdown } from './drift-markdown.ts';
import { type DriftReport, driftReportFormat, typeName } from './drift-report.ts';
import { driftSarif } from './drift-sarif.ts';
import { driftText } from './drift-text.ts';

const hostile = '<script>alert(1)</script>\u202e\u0007 | `x` @everyone ]]>';
const report: DriftReport = {
  format: driftReportFormat,
  phoneSystem: 'default',
  time: '2026-01-05T09:00:00.000Z',
  summary: { managed: 3, drifted: 1, missing: 1, unmanaged: 0, unknown: 1, notApplied: 0 },
  resources: [
    {
      resource: 'UserProfile jane',
      namespace: 'acme',
      state: 'Drifted',
      place: { file: 'people/jane doe.yaml', line: 1, column: 1 },
      fields: [
        {
          field: 'spec.jobTitle',
          path: 'directoryInfo.jobTitle',
          declared: 'Engineer',
          account: hostile,
          place: { file: 'people/jane doe.yaml', line: 9, column: 3 },
        },
        { field: 'spec.department', path: 'directoryInfo.department', declared: 'Sales', hidden: true },
      ],
      author: { state: 'Known', actor: hostile, at: '2026-01-05T08:00:00Z' },
    },
    {
      resource: 'Extension lobby',
      namespace: 'acme',
      state: 'Missing',
      fields: [],
      author: { state: 'NoAudit' },
    },
  ],
  notApplied: [],
  unmanaged: [],
  unknown: [{ what: 'administrators', why: 'no right & no key' }],
  patches: [],
  notAcceptable: [],
};
const none: DriftReport = {
  ...report,
  summary: { managed: 3, drifted: 0, missing: 0, unmanaged: 0, unknown: 0, notApplied: 0 },
  resources: [],
  unknown: [],
};

describe('drift as JUnit', () => {
  it('fails for what drifted, skips what is not known, and is well formed whatever the account holds', () => {
    const xml = driftJunit(report);
    expect(xml).toContain('<testsuites name="dialops" tests="3" failures="2" errors="0" skipped="1">');
    expect(xml).toContain('<failure type="Missing" message="It was deleted in the account">');
    expect(xml).toContain('<skipped message="no right &amp; no key"/>');
    expect(xml).not.toMatch(/<script|\]\]>|(?!\n)[\p{Cc}\u202e]/u);
    expect(xml).toContain('\\u{202e}');
  });

  it('has one case that passes where nothing drifted', () => {
    expect(driftJunit(none)).toContain('tests="1" failures="0"');
  });
});

describe('drift as SARIF', () => {
  it('has a result for each field, at its line, with the same fingerprint tomorrow', () => {
    const log = JSON.parse(JSON.stringify(driftSarif(report, '0.1.0')));
    const { results, tool } = log.runs[0];
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'drift-changed',
      'drift-changed',
      'drift-deleted',
      'drift-unknown',
    ]);
    expect(tool.driver.rules).toHaveLength(3);
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'people/jane%20doe.yaml' },
      region: { startLine: 9, startColumn: 3 },
    });
    expect(results[1].message.text).toContain('Sales → (not shown)');
    const later = JSON.parse(
      JSON.stringify(driftSarif({ ...report, time: '2026-01-06T09:00:00.000Z' }, '0.1.0')),
    );
    expect(later.runs[0].results[0].partialFingerprints).toEqual(results[0].partialFingerprints);
  });
});

it('offers --accept for what was changed, and not for what was deleted', () => {
  const { runs } = driftSarif(report, '0.0.0');
  const said = JSON.stringify(runs);
  expect(said).toMatch(/UserProfile jane spec\.jobTitle[^"]*--accept/);
  expect(said).not.toMatch(/Extension lobby: It was deleted[^"]*--accept/);
});

it('has a plural for what could not be read', () => {
  expect(['user', 'address', 'extensionSettings', 'license'].map(typeName)).toEqual([
    'users',
    'addresses',
    'extension settings',
    'licenses',
  ]);
});

describe('a hostile value of the account', () => {
  it('moves no cursor in a terminal, and makes no markup in a comment', () => {
    expect(driftText(report, { color: false })).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    const comment = driftMarkdown(report);
    expect(comment).not.toMatch(/(?<!\\)<script|(?<!\\)`x`|@everyone/);
    expect(comment.split('\n').filter((line) => line.startsWith('| `UserProfile jane`'))).toHaveLength(1);
  });

  it('gives no orders from inside a patch, and leaves no fence open that it would be too long for', () => {
    const diff = `--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n   ::error::forged\n-a: b\n+a: "${hostile} ##[error]"\n\`\`\`\n`;
    const patched = driftMarkdown({ ...report, patches: [{ file: 'x.yaml', diff }] });
    expect(patched).toContain('forged');
    expect(patched).not.toMatch(/(?!\n)[\p{Cc}\u202e]|^\s*::|##\[/mu);
    expect(patched).toMatch(/^````diff$/m);
    const long = driftMarkdown({ ...report, patches: [{ file: 'x.yaml', diff: diff.repeat(1_000) }] });
    expect(long).not.toMatch(/<details>|```/);
    expect(long).toContain('… and more');
  });
});

describe('earlier runs', () => {
  it('are taken from JSON of the same phone system alone, each once, oldest first', () => {
    const run = parseDriftRun(JSON.parse(JSON.stringify(report)), 'default');
    expect(run).toEqual({ time: report.time, summary: { drifted: 1, missing: 1, unmanaged: 0, unknown: 1 } });
    expect(parseDriftRun(JSON.parse(JSON.stringify(report)), 'london')).toBeUndefined();
    expect(parseDriftRun({ format: 'dialops.dev/plan/v1' }, 'default')).toBeUndefined();
    const older = { ...none, time: '2026-01-04T09:00:00.000Z' };
    expect(allRuns([report, older], report).map(({ time }) => time)).toEqual([older.time, report.time]);
  });
});
