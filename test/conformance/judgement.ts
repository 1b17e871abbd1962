import { Coverage, type CoverageProblem, type Unprovoked } from './coverage.ts';
import { type Deviation, DeviationList } from './deviations.ts';
import type { ApiOperation } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { type PlantOutcome, plantAll } from './planted.ts';
import { publishedPlants } from './published-plants.ts';
import { ExchangeValidator } from './validator.ts';
import type { Violation } from './violation.ts';

export interface Judgement {
  readonly exchanges: number;
  /** Requests that got no answer: the sandbox was told to drop the connection. */
  readonly unanswered: number;
  readonly coverage: Coverage;
  /** Violations that no deviation exempts, each once, with how often it came up. */
  readonly violations: readonly { readonly violation: Violation; readonly times: number }[];
  readonly deviations: readonly { readonly deviation: Deviation; readonly used: number }[];
  readonly planted: readonly PlantOutcome[];
  readonly coverageProblems: readonly CoverageProblem[];
}

export interface JudgementInput {
  readonly baseUrl: string;
  readonly operations: readonly ApiOperation[];
  readonly exchanges: readonly Exchange[];
  readonly deviations: readonly Deviation[];
  readonly unprovoked: readonly Unprovoked[];
}

/** Validates a run's exchanges, plants violations into them, and looks for what the run left out. */
export function judge({ baseUrl, operations, exchanges, deviations, unprovoked }: JudgementInput): Judgement {
  const validator = new ExchangeValidator(baseUrl, operations);
  const list = new DeviationList(deviations);
  const coverage = new Coverage();
  const found = new Map<string, { violation: Violation; times: number }>();
  for (const exchange of exchanges) {
    const { operation, violations } = validator.validate(exchange);
    if (operation && exchange.response) coverage.add(operation, exchange.response.status, exchange.injected);
    for (const violation of list.unexempted(violations, { count: true })) {
      const { operation: id, status, side, part, pointer, rule } = violation;
      const key = [id, status, side, part, pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*'), rule].join(' ');
      const known = found.get(key) ?? { violation, times: 0 };
      found.set(key, { ...known, times: known.times + 1 });
    }
  }
  return {
    exchanges: exchanges.length,
    unanswered: exchanges.filter(({ response }) => !response).length,
    coverage,
    violations: [...found.values()],
    deviations: list.usage(),
    planted: plantAll(exchanges, validator, list, publishedPlants),
    coverageProblems: coverage.problems(
      operations.filter(({ published }) => published),
      unprovoked,
    ),
  };
}

/** Whether the run proves conformance. */
export function passes(judgement: Judgement): boolean {
  return (
    judgement.violations.length === 0 &&
    judgement.coverageProblems.length === 0 &&
    judgement.deviations.every(({ used }) => used > 0) &&
    judgement.planted.length >= 20 &&
    judgement.planted.every(({ outcome }) => outcome === 'caught')
  );
}
