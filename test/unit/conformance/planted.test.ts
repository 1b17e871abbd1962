import { describe, expect, test } from 'vitest';
import { DeviationList, parseDeviations } from '../../conformance/deviations.ts';
import { inRequestBody, inResponseBody, withQuery } from '../../conformance/mutation.ts';
import { type Plant, plantAll } from '../../conformance/planted.ts';
import { ExchangeValidator } from '../../conformance/validator.ts';
import { baseUrl, type ExchangeParts, exchangeOf, tinyOperations } from './tiny-document.ts';

const unknownField: Plant = {
  name: 'unknown field',
  side: 'request',
  part: 'body',
  operation: 'createThing',
  status: 202,
  mutate: inRequestBody(['part', 'weight'], 2),
};
const good: ExchangeParts = { method: 'POST', requestBody: { name: 'desk', part: { number: 1 } } };

function outcomes(parts: ExchangeParts, plant: Plant, deviations = '') {
  const validator = new ExchangeValidator(baseUrl, tinyOperations);
  const list = new DeviationList(parseDeviations(deviations));
  return plantAll([exchangeOf(parts)], validator, list, [plant]).map(({ outcome }) => outcome);
}

describe('a planted violation', () => {
  test('is caught, in a body of either side and in the query', () => {
    expect(outcomes(good, unknownField)).toEqual(['caught']);
    const wrongType = inResponseBody(['name'], 7);
    expect(outcomes(good, { ...unknownField, side: 'response', mutate: wrongType })).toEqual(['caught']);
    const query = { side: 'request', part: 'query', operation: 'listThings', status: 200 } as const;
    expect(outcomes({}, { ...unknownField, ...query, mutate: withQuery('colour', 'RED') })).toEqual([
      'caught',
    ]);
  });

  test('is missed when what was planted is nothing wrong, or when a deviation exempts it', () => {
    const harmless = inRequestBody(['part', 'number'], 2);
    expect(outcomes(good, { ...unknownField, mutate: harmless })).toEqual(['missed']);
    const deviation =
      '- { id: a, operations: ["*"], what: { side: request, part: body }, because: far too wide, cites: C1 }';
    expect(outcomes(good, unknownField, deviation)).toEqual(['missed']);
  });

  test('needs a good exchange that has the place for it', () => {
    const nowhere = ['no exchange to plant it in'];
    expect(outcomes({ ...good, requestBody: { name: 'desk' } }, unknownField)).toEqual(nowhere);
    expect(outcomes({ ...good, requestBody: { part: { number: 1 } } }, unknownField)).toEqual(nowhere);
    expect(outcomes({ path: '/things' }, unknownField)).toEqual(nowhere);
  });
});
