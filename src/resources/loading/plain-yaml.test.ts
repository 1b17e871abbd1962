import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './plain-yaml.ts';
import { jsonOf, parseYaml } from './yaml-document.ts';

const root = join(import.meta.dirname, '../../..');

/** What the full reader makes of a text; undefined when it finds a fault. */
function full(text: string): unknown {
  const documents = parseYaml(text);
  if (documents.some(({ faults }) => faults.length > 0)) return undefined;
  return documents.map(({ document }) => jsonOf(document));
}

/** Whatever the plain reader takes, the full one takes too, for the same. */
function agree(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  expect(plain, text).toEqual(full(text));
  return true;
}

/** As many maps, each the only value of the one before it. */
function staircase(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
}

const scalar = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      'a',
      'Jane Example',
      '"1001"',
      "'x'",
      '"a: b"',
      '"a" # c',
      'no',
      '0123',
      '1e3',
      '-1',
      '- x',
      '~',
      '[]',
    ],
    ...[
      '{}',
      '{a: 1}',
      '[a, b]',
      '|',
      '>-',
      '&a x',
      '*a',
      '!!str 1',
      'a # c',
      'a#c',
      'a: b',
      'a:',
      'http://x/y',
      '@x',
    ],
    ...[
      '"a\\n"',
      "'it''s'",
      '"a',
      '%x',
      '? a',
      ': a',
      '-',
      '--',
      '---',
      '+14085550123',
      '(951) 555-0181',
      '<<',
      'null',
    ],
    ...[
      '"a": b',
      "'a' b",
      ' padded ',
      '# c',
      '"" ',
      "''",
      '2030-01-31',
      'x\\y',
      'a ,b',
      'é 𝕏',
      '#',
      'a #',
      '"#"',
      '"a"#c',
    ],
  ),
  fc.string({ maxLength: 6 }),
);
const key = fc.constantFrom(
  'a',
  'b',
  'name',
  'a-b',
  'a.b/c',
  'yes',
  'y',
  '1',
  '"q"',
  "'q'",
  '<<',
  '__proto__',
  'x y',
  '-a',
  '?',
  '',
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(key, scalar).map(([name, value]) => `${name}: ${value}`) },
  { weight: 3, arbitrary: key.map((name) => `${name}:`) },
  { weight: 2, arbitrary: scalar.map((value) => `- ${value}`) },
  { weight: 2, arbitrary: fc.tuple(key, scalar).map(([name, value]) => `- ${name}: ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '-',
      '---',
      '--- a',
      '...',
      '',
      '# c',
      '   # c',
      '- - a',
      '%YAML 1.2',
      '-  a: 1',
      'a:  b',
    ),
  },
  { weight: 1, arbitrary: scalar },
);
const indented = fc.tuple(fc.nat({ max: 4 }), line).map(([depth, text]) => `${' '.repeat(depth)}${text}`);
const text = fc.array(indented, { maxLength: 7 }).map((lines) => lines.join('\n'));

/** Texts that are more often right than random lines are. */
const { value } = fc.letrec<{ value: string; members: string; items: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, tie('members'), tie('items')),
  members: fc
    .uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'name', 'a.b/c', 'spec'), fc.oneof(scalar, tie('value'))),
      {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((entries) => entries.map(([name, inner]) => `${name}:${nested(inner, '  ')}`).join('\n')),
  items: fc
    .array(fc.oneof(scalar, tie('value')), { minLength: 1, maxLength: 3 })
    .map((items) =>
      items
        .map((inner) => (isBlock(inner) ? `- ${inner.replaceAll('\n', '\n  ')}` : `- ${inner}`))
        .join('\n'),
    ),
}));

const isBlock = (inner: string) => /^(?:[a-z./]+:|-( |$))/.test(inner);

function nested(inner: string, by: string): string {
  return isBlock(inner) ? `\n${by}${inner.replaceAll('\n', `\n${by}`)}` : ` ${inner}`;
}

const seen = { numRuns: 6_000 };

describe('the reader of plain YAML', () => {
  it('takes nothing for anything else than the full reader does, given lines in any order', () => {
    let taken = 0;
    fc.assert(
      fc.property(text, (each) => {
        if (agree(each)) taken++;
      }),
      seen,
    );
    expect(taken).toBeGreaterThan(seen.numRuns / 20);
  });

  it('takes nothing for anything else than the full reader does, given nested values', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (documents) => {
        if (agree(documents.join('\n---\n'))) taken++;
      }),
      seen,
    );
    expect(taken).toBeGreaterThan(seen.numRuns / 20);
  });

  it('reads the examples and the definitions as the full reader does', () => {
    const folders = ['examples/acme/people', 'examples/acme/extensions', 'crds'];
    for (const folder of folders)
      for (const file of readdirSync(join(root, folder)))
        agree(readFileSync(join(root, folder, file), 'utf8'));
  });

  it('takes what people write without help', () => {
    const people = readFileSync(join(root, 'examples/acme/people/riverside.yaml'), 'utf8');
    expect(readPlainYaml(people)?.length).toBeGreaterThan(3);
  });

  it.each([
    ['', []],
    ['# nothing\n', []],
    ['---\n', [null]],
    ['# c\n---\na: 1\n', [{ a: 1 }]],
    ['a: 1\n---\n', [{ a: 1 }, null]],
    [
      'a:\n- b\n-\n- c: 1\n  d:\n    e\n'.replace('    e\n', '    e: x\n'),
      [{ a: ['b', null, { c: 1, d: { e: 'x' } }] }],
    ],
    ['a: no\nb: "no" # not false\n', [{ a: false, b: 'no' }]],
  ])('reads %j', (given, expected) => {
    expect(readPlainYaml(given)).toEqual(expected);
    expect(full(given)).toEqual(expected);
  });

  it.each([
    ['a name twice', 'a: 1\na: 2\n'],
    ['a tab', 'a:\tb\n'],
    ['carriage returns', 'a: b\r\n'],
    ['a text over two lines', 'a: b\n  c\n'],
    ['a block scalar', 'a: |\n  b\n'],
    ['an alias', 'a: &x b\nc: *x\n'],
    ['a name that is no text', 'yes: 1\n'],
    ['names below names without end', staircase(3_000)],
  ])('leaves %s to the full reader', (_what, given) => {
    expect(readPlainYaml(given)).toBeUndefined();
  });
});
