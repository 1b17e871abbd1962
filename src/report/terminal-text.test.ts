import { expect, it } from 'vitest';
import { findingsGithub } from './findings/findings-github.ts';
import { findingsText } from './findings/findings-text.ts';
import type { Validation } from './findings/validation.ts';
import { code, escaped } from './markdown-text.ts';
import { jsonForTerminal, lineForTerminal, linesForTerminal, reportForTerminal } from './terminal-text.ts';

const hostile = 'x\u001b[2K\u001b]0;owned\u0007\r\u202egnp';
const shown = 'x\\u{1b}[2K\\u{1b}]0;owned\\u{7}\\u{d}\\u{202e}gnp';

it('shows what would move the cursor or turn the line, and keeps all else', () => {
  expect(lineForTerminal(hostile)).toBe(shown);
  expect(lineForTerminal('Zoë → 東京 \u{1f4de}')).toBe('Zoë → 東京 \u{1f4de}');
  expect(lineForTerminal('a\nb')).toBe('a\\u{a}b');
  expect(linesForTerminal(`a\n\tb${hostile}`)).toBe(`a\n\tb${shown}`);
});

it.each([
  ['::error::forged', '\\u{3a}:error::forged'],
  [' \t::set-output name=a::b', ' \\u{9}::set-output name=a::b'],
  ['see ##[error]forged', 'see #\\u{23}[error]forged'],
  ['##vso[task.setvariable]x', '#\\u{23}vso[task.setvariable]x'],
  ['##teamcity[buildStop] ##VSO[x]', '#\\u{23}teamcity[buildStop] #\\u{23}VSO[x]'],
  ['## [a heading] and 12::34', '## [a heading] and 12::34'],
])('lets no text give orders to whatever runs a job: %j', (text, expected) => {
  expect(lineForTerminal(text)).toBe(expected);
});

it('does so at the beginning of each of several lines', () => {
  expect(linesForTerminal('a\n\t::error::b\n::c')).toBe('a\n\t\\u{3a}:error::b\n\\u{3a}:c');
});

it('escapes in JSON what a log or a terminal would obey, and loses nothing', () => {
  const value = { name: `${hostile}\u009b31m`, list: ['##[error]forged', 'a\nb'] };
  const json = jsonForTerminal(value);
  expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]|##\[/u);
  expect(JSON.parse(json)).toEqual(value);
});

it('shows in Markdown what a reader would not see', () => {
  for (const text of [escaped(hostile), code(hostile)]) {
    expect(text).toContain('owned');
    expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  }
});

it('reaches every text of a report, and leaves the rest as it is', () => {
  const report = { name: hostile, parts: [{ count: 1, diff: `+a\n${hostile}`, gone: null }] };
  expect(reportForTerminal(report, ['diff'])).toEqual({
    name: shown,
    parts: [{ count: 1, diff: `+a\n${shown}`, gone: null }],
  });
});

it('lets no file or name of a finding speak to the terminal or the log of a job', () => {
  const validation: Validation = {
    findings: [
      {
        rule: 'invalid-value',
        severity: 'error',
        place: { file: `${hostile}.yaml`, line: 1, column: 1 },
        resource: { kind: 'UserProfile', namespace: 'acme', name: hostile },
        field: hostile,
        message: hostile,
        remedy: hostile,
      },
    ],
    resources: 1,
    files: 1,
    complete: true,
    passedOver: new Map(),
  };
  const plain = (_style: string, text: string) => text;
  for (const output of [findingsText(validation, plain), findingsGithub(validation)]) {
    expect(output).toContain('owned');
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  }
});
