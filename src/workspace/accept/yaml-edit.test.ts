import { describe, expect, it } from 'vitest';
import type { Json } from '../../foundation/json.ts';
import type { JsonPath } from '../../resources/json-path.ts';
import { jsonOf, parseYaml } from '../../resources/loading/yaml-document.ts';
import { NotEditable, spliceValue } from './yaml-edit.ts';

const text = `# People of the office.
kind: UserProfile
spec:
    jobTitle:   Engineer # since spring
    department: "Sales"
    status: 'Active'
    callWaiting: yes   # as it was
    site:
        name: Riverside   # the old one
    license: {name: Standard}
    note: |
        two
        lines

    # The desk.
    devices:
      - macAddress: F0:1A:2B:00:00:01 # desk
        model: X
      # The kitchen.
      - model: Y
        macAddress: F0:1A:2B:00:00:02
    tags: [a, b]
    numbers:
    - number: "+14085550123"
    copy: &name
        timezone: UTC
    other: *name
    emergencyAddress:
        civic:
            street: 1 Example Way   # front door
            city: Springfield
    last: end
`;

function edited(path: JsonPath, value: Json, given = text): string {
  const [document] = parseYaml(given);
  if (!document) throw new Error('no document');
  const splices = spliceValue(document.document, given, path, value).toSorted((a, b) => b.start - a.start);
  const after = splices.reduce(
    (rest, { end, start, text: replacement }) => rest.slice(0, start) + replacement + rest.slice(end),
    given,
  );
  expect(parseYaml(after).flatMap(({ faults }) => faults)).toEqual([]);
  return after;
}

/** The lines that are gone, and those that came. */
function changed(after: string): { readonly gone: string[]; readonly came: string[] } {
  const [old, now] = [text.split('\n'), after.split('\n')];
  return {
    gone: old.filter((line) => !now.includes(line)).map((line) => line.trim()),
    came: now.filter((line) => !old.includes(line)).map((line) => line.trim()),
  };
}

function valueAt(after: string, name: string): Json | undefined {
  const [document] = parseYaml(after);
  const value: Json = document ? jsonOf(document.document) : null;
  return JSON.parse(JSON.stringify(value)).spec[name];
}

describe('a value in YAML', () => {
  it.each([
    ['a plain text', ['spec', 'jobTitle'], 'Pirate', 'jobTitle:   Pirate # since spring'],
    [
      'a text that YAML would take for something else',
      ['spec', 'jobTitle'],
      'no',
      'jobTitle:   "no" # since spring',
    ],
    ['a text with a colon', ['spec', 'jobTitle'], 'a: b # c', 'jobTitle:   "a: b # c" # since spring'],
    ['an empty text', ['spec', 'jobTitle'], '', 'jobTitle:   "" # since spring'],
    ['a text in quotes', ['spec', 'department'], 'R & D', 'department: "R & D"'],
    ['a text in single quotes', ['spec', 'status'], "O'Neil", "status: 'O''Neil'"],
    ['a flag', ['spec', 'callWaiting'], false, 'callWaiting: false   # as it was'],
    ['a member of a map', ['spec', 'site'], { name: 'Harbour' }, 'name: Harbour   # the old one'],
    ['a flow map', ['spec', 'license'], { name: 'Large' }, 'license: {name: Large}'],
    ['a flow list', ['spec', 'tags'], ['a', 'c d'], 'tags: [a, c d]'],
  ] as const)('is replaced where it stands: %s', (_what, path, value, line) => {
    const after = edited(path, value);
    expect(changed(after).came).toEqual([line]);
    expect(changed(after).gone).toHaveLength(1);
  });

  it('takes the place of another way to say it: an id for a name', () => {
    const after = edited(['spec', 'site'], { id: '42' });
    expect(changed(after)).toEqual({
      gone: ['name: Riverside   # the old one'],
      came: [expect.stringMatching(/^id: "42"/)],
    });
    expect(valueAt(after, 'site')).toEqual({ id: '42' });
  });

  it('replaces a map by a flatter one', () => {
    const after = edited(['spec', 'emergencyAddress'], { addressId: 'a1' });
    expect(valueAt(after, 'emergencyAddress')).toEqual({ addressId: 'a1' });
    expect(valueAt(after, 'last')).toBe('end');
  });

  it('that spans lines becomes one on a line', () => {
    const after = edited(['spec', 'note'], 'short');
    expect(valueAt(after, 'note')).toBe('short');
    expect(after).toContain('    # The desk.\n    devices:');
  });

  it('is left alone where it is equal', () => {
    expect(edited(['spec', 'callWaiting'], true)).toBe(text);
    expect(edited(['spec', 'devices'], valueAt(text, 'devices') ?? null)).toBe(text);
  });

  it.each([
    ['behind an alias', ['spec', 'other', 'timezone']],
    ['that is not there', ['spec', 'nowhere']],
  ] as const)('%s is refused', (_what, path) => {
    expect(() => edited(path, 'x')).toThrow(NotEditable);
  });
});

describe('a list in YAML', () => {
  it('keeps the entries that stay, with their comments, and drops those that go', () => {
    const after = edited(['spec', 'devices'], [{ macAddress: 'f01a2b000001', model: 'X' }]);
    expect(after).toContain('- macAddress: F0:1A:2B:00:00:01 # desk\n        model: X\n');
    expect(valueAt(after, 'devices')).toEqual([{ macAddress: 'F0:1A:2B:00:00:01', model: 'X' }]);
    expect(changed(after).came).toEqual([]);
  });

  it('gets new entries behind the others', () => {
    const after = edited(['spec', 'numbers'], [{ number: '+14085550123' }, { number: '+14085550124' }]);
    expect(changed(after)).toEqual({ gone: [], came: ['- number: "+14085550124"'] });
    expect(after).toContain('    - number: "+14085550123"\n    - number: "+14085550124"\n    copy:');
  });

  it('swaps an entry in its place', () => {
    const after = edited(['spec', 'numbers'], [{ number: '+14085550124' }]);
    expect(changed(after)).toEqual({
      gone: ['- number: "+14085550123"'],
      came: ['- number: "+14085550124"'],
    });
  });

  it('changes a member of an entry', () => {
    const after = edited(['spec', 'devices', 1], { macAddress: 'F0:1A:2B:00:00:02', model: 'Z' });
    expect(changed(after)).toEqual({ gone: ['- model: Y'], came: ['- model: Z'] });
  });

  it('becomes an empty one on the line of its name, and entries again', () => {
    const after = edited(['spec', 'numbers'], []);
    expect(valueAt(after, 'numbers')).toEqual([]);
    expect(valueAt(edited(['spec', 'numbers'], [{ number: '+14085550125' }], after), 'numbers')).toEqual([
      { number: '+14085550125' },
    ]);
  });
});
