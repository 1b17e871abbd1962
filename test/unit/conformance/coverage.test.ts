import { describe, expect, test } from 'vitest';
import { Coverage } from '../../conformance/coverage.ts';
import { tinyOperations } from './tiny-document.ts';

const create = tinyOperations.filter(({ id }) => id === 'createThing');
const because = 'cannot be brought about';

function coverageOf(...seen: readonly { status: number; injected: boolean }[]): Coverage {
  const coverage = new Coverage();
  for (const { status, injected } of seen) {
    for (const operation of create) coverage.add(operation, status, injected);
  }
  return coverage;
}

describe('coverage', () => {
  test('is complete when every declared status came up, an error status by an injected fault if need be', () => {
    const coverage = coverageOf({ status: 202, injected: false }, { status: 400, injected: true });
    expect(coverage.problems(create, [])).toEqual([]);
  });

  test('names a declared status that never came up, unless the committed list has it', () => {
    const coverage = coverageOf({ status: 202, injected: false });
    const problem = { operation: 'createThing', status: 400, problem: 'declared, but never provoked' };
    expect(coverage.problems(create, [])).toEqual([problem]);
    expect(coverage.problems(create, [{ operation: 'createThing', status: 400, because }])).toEqual([]);
  });

  test('does not take an injected success for one', () => {
    const coverage = coverageOf({ status: 202, injected: true }, { status: 400, injected: false });
    expect(coverage.problems(create, []).map(({ status }) => status)).toEqual([202]);
  });

  test('finds entries of the committed list stale when the status came up or is not declared', () => {
    const coverage = coverageOf({ status: 202, injected: false }, { status: 400, injected: false });
    const stale = [400, 418].map((status) => ({ operation: 'createThing', status, because }));
    expect(coverage.problems(create, stale).map(({ status }) => status)).toEqual([400, 418]);
  });
});
