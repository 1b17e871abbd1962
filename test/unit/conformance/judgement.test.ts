import { describe, expect, test } from 'vitest';
import { parseDeviations } from '../../conformance/deviations.ts';
import { type Judgement, judge, passes } from '../../conformance/judgement.ts';
import { report } from '../../conformance/report.ts';
import { baseUrl, exchangeOf, tinyOperations } from './tiny-document.ts';

const operations = tinyOperations.filter(({ id }) => id === 'listThings');
const good = exchangeOf({});
const bad = exchangeOf({ responseBody: { name: 'a thing', spare: 1 } });
const spare =
  '- { id: spare, operations: ["*"], what: { side: response, part: body }, because: it is known, cites: C4 }';

function judged(exchanges: readonly (typeof good)[], deviations = ''): Judgement {
  const input = { baseUrl, operations, exchanges, unprovoked: [], deviations: parseDeviations(deviations) };
  return judge(input);
}

/** As it would be had the planted violations been caught: the tiny document has no place for them. */
function allCaught(judgement: Judgement): Judgement {
  const planted = judgement.planted.map((plant) => ({ ...plant, outcome: 'caught' as const }));
  return { ...judgement, planted };
}

describe('the judgement of a run', () => {
  test('passes good exchanges that cover everything', () => {
    expect(passes(allCaught(judged([good])))).toBe(true);
  });

  test('fails for a violation, for a status not covered, and for a planted violation not caught', () => {
    expect(passes(allCaught(judged([good, bad])))).toBe(false);
    expect(passes(allCaught(judged([])))).toBe(false);
    expect(passes(judged([good]))).toBe(false);
  });

  test('passes a violation that a deviation exempts, and fails for a deviation that nothing needs', () => {
    expect(passes(allCaught(judged([good, bad], spare)))).toBe(true);
    expect(passes(allCaught(judged([good], spare)))).toBe(false);
  });

  test('names each kind of violation once, with how often it came up', () => {
    expect(judged([bad, bad]).violations).toMatchObject([{ times: 2, violation: { pointer: '/spare' } }]);
  });

  test('is reported with the table, the problems and the totals', () => {
    const text = report(judged([good, bad]), operations, []);
    expect(text).toContain('listThings  2');
    expect(text).toMatch(/listThings 200: response body \/spare: .*additional properties/);
    expect(text).toContain('2 exchanges (0 unanswered), 1 operations, 1 of 1 declared statuses');
  });
});
