import { describe, expect, it } from 'vitest';
import type { JsonPath } from '../json-path.ts';
import { jsonOf, parseYaml } from './yaml-document.ts';

const text = `# People.
kind: UserProfile
metadata: {name: jane, labels: {"a.b/c": x}}
spec:
  firstName:   Jane # padded
  devices:
    - macAddress: F0:1A:2B:00:00:01
      model: X
    -
      macAddress: F0:1A:2B:00:00:02
  base: &base
    timezone: UTC
  copy: *base
  empty:
`;

function placeOf(path: JsonPath, at?: 'key' | 'value'): string {
  const [document] = parseYaml(text);
  const { line, column } = document?.positionOf(path, at) ?? { line: 0, column: 0 };
  return `${line}:${column}`;
}

describe('the place', () => {
  it.each([
    ['a value', ['spec', 'firstName'], 'value', '5:16'],
    ['a name', ['spec', 'firstName'], 'key', '5:3'],
    ['a value in a flow map', ['metadata', 'labels', 'a.b/c'], 'value', '3:42'],
    ['an item', ['spec', 'devices', 1], 'value', '10:7'],
    ['a member of an item', ['spec', 'devices', 0, 'model'], 'value', '8:14'],
    ['what an alias stands for', ['spec', 'copy', 'timezone'], 'value', '12:15'],
    ['a missing member, at the name above it', ['spec', 'site', 'name'], 'value', '4:1'],
    ['a missing member of the document', ['status'], 'key', '2:1'],
    ['a missing item, at the name of the list', ['spec', 'devices', 7], 'value', '6:3'],
    ['nothing, at its name', ['spec', 'empty'], 'key', '14:3'],
    ['the document', [], 'value', '2:1'],
  ] as const)('of %s', (_what, path, at, expected) => {
    expect(placeOf(path, at)).toBe(expected);
  });

  it('is counted in the whole text, in each of its documents', () => {
    const [, second] = parseYaml('a: 1\n---\nb:\n  c: 2\n');
    expect(second?.positionOf(['b', 'c'])).toEqual({ line: 4, column: 6 });
  });
});

describe('a faulty text', () => {
  it.each([
    ['a: [\n', 2],
    ['a: 1\na: 2\n', 2],
    ['a: b: c\n', 1],
    ['a:\n\tb: 1\n', 2],
    [`a:\n  ${'['.repeat(20_000)}`, 2],
  ])('%.40j says where', (given, line) => {
    const [fault] = parseYaml(given).flatMap(({ faults }) => faults);
    expect(fault?.line).toBe(line);
    expect(fault?.message).not.toContain('\n');
  });

  it('is one with an alias of nothing', () => {
    const [document] = parseYaml('a: *nothing\n');
    expect(() => document && jsonOf(document.document)).toThrow(/Unresolved alias/);
  });

  it('does not grow without bound: an alias of aliases is refused', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [...pair] as const))
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
    const [document] = parseYaml(bomb.join('\n'));
    expect(() => document && jsonOf(document.document)).toThrow(/alias/i);
  });
});
