import { describe, expect, test } from 'vitest';
import { parseDeviations } from '../../conformance/deviations.ts';
import { type Judgement, type JudgementInput, judge, passes } from '../../conformance/judgement.ts';
import { report } from '../../conformance/report.ts';
import { type Tally, Tallying } from '../../conformance/tally.ts';
import { baseUrl, exchangeOf, tinyOperations } from './tiny-document.ts';

const operations = tinyOperations.filter(({ id }) => id === 'listThings');
const good = exchangeOf({});
const bad = exchangeOf({ responseBody: { name: 'a thing', spare: 1 } });
const spare =
  '- { id: spare, operations: ["*"], what: { side: response, part: body }, because: it is known, cites: C4 }';

function judged(
  exchanges: readonly (typeof good)[],
  deviations = '',
  {
    notByFlows = [],
    said = [good],
  }: Partial<Pick<JudgementInput, 'notByFlows'>> & {
    readonly said?: readonly (typeof good)[];
  } = {},
): Judgement {
  const parsed = parseDeviations(deviations);
  const inFlows = new Tallying(baseUrl, operations, parsed);
  for (const exchange of said) inFlows.hear(exchange);
  const flows: Tally = JSON.parse(JSON.stringify(inFlows.tally));
  return judge({ baseUrl, operations, exchanges, unprovoked: [], deviations: parsed, flows, notByFlows });
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
    expect(passes(allCaught(judged([], '', { said: [] })))).toBe(false);
    expect(passes(judged([good]))).toBe(false);
  });

  test('passes a violation that a deviation exempts, and fails for a deviation that nothing needs', () => {
    expect(passes(allCaught(judged([good, bad], spare)))).toBe(true);
    expect(passes(allCaught(judged([good], spare)))).toBe(false);
  });

  test('names each kind of violation once, with how often it came up, in the flows too', () => {
    expect(judged([bad, bad], '', { said: [bad] }).violations).toMatchObject([
      { times: 3, violation: { pointer: '/spare' } },
    ]);
  });

  test('fails for what the flows do not do, or are said not to do and do', () => {
    const listed = { notByFlows: [{ operation: 'listThings', because: 'nobody asks for it' }] };
    expect(passes(allCaught(judged([good], '', { said: [] })))).toBe(false);
    expect(passes(allCaught(judged([good], '', { said: [], ...listed })))).toBe(true);
    expect(passes(allCaught(judged([good], '', listed)))).toBe(false);
    const other = { notByFlows: [{ operation: 'listThingz', because: 'nobody asks for it' }] };
    expect(passes(allCaught(judged([good], '', other)))).toBe(false);
  });

  test('fails for what only the sandbox offers too, where no flow does it', () => {
    const own = operations.map((operation) => ({ ...operation, published: false }));
    const nothing = new Tallying(baseUrl, own, []).tally;
    const input = { baseUrl, operations: own, exchanges: [], unprovoked: [], deviations: [], flows: nothing };
    expect(judge({ ...input, notByFlows: [] }).coverageProblems).toEqual([
      { operation: 'listThings', status: 200, problem: 'no flow of test/flows has it succeed' },
    ]);
  });

  test('fails for an operation of a deviation that does not need it', () => {
    const spareOf = (operations: string) => spare.replace('["*"]', operations);
    expect(passes(allCaught(judged([good, bad], spareOf('[listThings]'))))).toBe(true);
    const twice = judged([good, bad], spareOf('[listThings, listThingz]'));
    expect(passes(allCaught(twice))).toBe(false);
    expect(report(twice, operations, [])).toContain(
      'deviation spare: not needed for listThingz; take it out',
    );
  });

  test('is reported with the table, the problems and the totals', () => {
    const text = report(judged([good, bad]), operations, []);
    expect(text).toContain('listThings  3');
    expect(text).toMatch(/listThings 200: response body \/spare: .*additional properties/);
    expect(text).toContain(
      '3 exchanges (1 different ones in the flows of test/flows, 0 unanswered), 1 operations, 1 of 1 declared statuses',
    );
  });
});
