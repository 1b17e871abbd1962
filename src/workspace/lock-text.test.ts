import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseLockText, printLock } from './lock-text.ts';

const resource = (name: string, spec: object = { jobTitle: 'Engineer' }) => ({
  kind: 'UserProfile',
  metadata: { name },
  spec,
});
const texts = resource('texts', {
  lines: 'first\n\n  - second\nresources:\n  - third\n',
  empty: '',
  mode: 'OFF',
  list: [['- a', 'b: c'], []],
  colon: 'a: b # c',
});
const rest = {
  version: 1,
  customerId: '0012J00000ACME0001',
  removals: [{ time: '2026-01-05T12:30:00Z', count: 2 }],
};

describe('the text of a lock', () => {
  it.each([0, 1, 3])('with %i resources is the YAML that a library makes of the whole', (count) => {
    const resources = [texts, resource('jane'), resource('joan')].slice(0, count);
    const text = printLock(rest, resources);
    const whole = stringify({ ...rest, resources }, { lineWidth: 0, aliasDuplicateObjects: false });
    expect(text.replace(/^#.*\n/gm, '')).toBe(whole);
    expect(parseLockText(text)).toEqual({ ...rest, resources });
  });

  it.each([
    ['formatted otherwise', (text: string) => text.replace(/^ {2}/gm, '')],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with a comment between entries', (text: string) => text.replaceAll('  - kind', '  # mine\n  - kind')],
    ['with the version behind the list', (text: string) => `${text.replace('version: 1\n', '')}version: 1\n`],
    [
      'with one anchor in another entry',
      (text: string) => text.replace('spec:', 'spec: &a').replace(/spec:\n.*$/, 'spec: *a\n'),
    ],
  ])('%s is read as YAML is', (_name, edit) => {
    const text = edit(printLock(rest, [resource('jane'), resource('joan')]));
    expect(parseLockText(text)).toEqual(parse(text));
  });

  it('is no lock where it is no YAML', () => {
    expect(() => parseLockText(`${printLock(rest, [resource('jane')])}  - }\n`)).toThrow(/flow/i);
  });

  it('is not read by halves where the list is there twice', () => {
    const text = printLock(rest, [resource('jane')]);
    expect(() => parseLockText(`${text}resources:\n  - kind: Other\n`)).toThrow(/unique/);
  });
});
