import { expect, it } from 'vitest';
import { findingsGithub } from './findings/findings-github.ts';
import { findingsText } from './findings/findings-text.ts';
import type { Validation } from './findings/validation.ts';
import { lineForTerminal, linesForTerminal, reportForTerminal } from './terminal-text.ts';

const hostile = 'x\u001b[2K\u001b]0;owned\u0007\r\u202egnp';
const shown = 'x\\u{1b}[2K\\u{1b}]0;owned\\u{7}\\u{d}\\u{202e}gnp';

it('shows what would move the cursor or turn the line, and keeps all else', () => {
  expect(lineForTerminal(hostile)).toBe(shown);
  expect(lineForTerminal('Zoë → 東京 \u{1f4de}')).toBe('Zoë → 東京 \u{1f4de}');
  expect(lineForTerminal('a\nb')).toBe('a\\u{a}b');
  expect(linesForTerminal(`a\n\tb${hostile}`)).toBe(`a\n\tb${shown}`);
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
