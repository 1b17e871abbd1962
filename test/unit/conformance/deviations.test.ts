import { describe, expect, test } from 'vitest';
import { checkCitations, DeviationList, parseDeviations } from '../../conformance/deviations.ts';
import type { Violation } from '../../conformance/violation.ts';

const violation: Violation = {
  operation: 'getThing',
  status: 200,
  side: 'response',
  part: 'body',
  pointer: '/data/3/kind',
  rule: 'enum',
  found: 'NEW',
  message: 'must be one of the allowed values',
};

const entry = (what: string, operations = '[getThing]') =>
  `- { id: one, operations: ${operations}, what: ${what}, because: the documents disagree, cites: C4 }`;

describe('a deviation', () => {
  test.each([
    ['{ side: response, part: body }', true],
    ['{ side: response, part: body, pointer: /data/*/kind, rule: enum, found: NEW, status: [200] }', true],
    ['{ side: response, part: body, pointer: /data/kind }', false],
    ['{ side: response, part: body, found: OTHER }', false],
    ['{ side: response, part: body, status: [202] }', false],
    ['{ side: request, part: body }', false],
  ])('that says %s exempts the violation: %s', (what, exempts) => {
    const list = new DeviationList(parseDeviations(entry(what)));
    expect(list.unexempted([violation], { count: true })).toEqual(exempts ? [] : [violation]);
    expect(list.usage().map(({ used }) => used)).toEqual([exempts ? 1 : 0]);
  });

  test('for all operations exempts in any, and one for another operation does not', () => {
    const any = new DeviationList(parseDeviations(entry('{ side: response, part: body }', '["*"]')));
    const other = new DeviationList(parseDeviations(entry('{ side: response, part: body }', '[listThings]')));
    expect(any.unexempted([violation], { count: true })).toEqual([]);
    expect(other.unexempted([violation], { count: true })).toEqual([violation]);
  });

  test('is not counted as used by planted violations', () => {
    const list = new DeviationList(parseDeviations(entry('{ side: response, part: body }')));
    list.unexempted([violation], { count: false });
    expect(list.usage().map(({ used }) => used)).toEqual([0]);
  });

  test('needs a citation, known members, and an id of its own', () => {
    const good = entry('{ side: response, part: body }');
    expect(() => parseDeviations(good.replace('C4', 'C34'))).toThrow(/cites/);
    expect(() => parseDeviations(good.replace('rule', 'rules').replace('part: body', 'parts: body'))).toThrow(
      /what/,
    );
    expect(() => parseDeviations(`${good}\n${good}`)).toThrow(/the id one stands twice/);
  });
});

test('a citation leads to a section or a contradiction of RULES.md, or the run is refused', () => {
  const rules =
    '# Digest\n\n## 9 Rate limits\n- text\n\n## Contradictions\n- C4 UPDATE_MEMBERS is not in the enums.\n';
  const cites = (what: string) =>
    parseDeviations(entry('{ side: response, part: body }').replace('C4', what));
  expect(() => checkCitations(cites('"C4, §9"'), rules)).not.toThrow();
  expect(() => checkCitations(cites('C5'), rules)).toThrow('one cites C5, which RULES.md does not have');
  expect(() => checkCitations(cites('"C4, §8"'), rules)).toThrow('one cites §8');
});
