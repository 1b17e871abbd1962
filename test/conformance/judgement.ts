import type { Coverage, CoverageProblem, Unprovoked } from './coverage.ts';
import type { Deviation, DeviationUse } from './deviations.ts';
import type { ApiOperation } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { type NotByFlows, problemsOfFlows } from './not-by-flows.ts';
import { type PlantOutcome, plantAll } from './planted.ts';
import { publishedPlants } from './published-plants.ts';
import { type RepeatedViolation, type Tally, Tallying } from './tally.ts';

export interface Judgement {
  readonly exchanges: number;
  /** Requests that got no answer: the sandbox was told to drop the connection. */
  readonly unanswered: number;
  /** Of them, in the flows of test/flows. */
  readonly inFlows: number;
  readonly coverage: Coverage;
  /** Violations that no deviation exempts, each once, with how often it came up. */
  readonly violations: readonly RepeatedViolation[];
  readonly deviations: readonly DeviationUse[];
  readonly planted: readonly PlantOutcome[];
  readonly coverageProblems: readonly CoverageProblem[];
}

export interface JudgementInput {
  readonly baseUrl: string;
  readonly operations: readonly ApiOperation[];
  readonly exchanges: readonly Exchange[];
  readonly deviations: readonly Deviation[];
  readonly unprovoked: readonly Unprovoked[];
  /** What was heard of the flows of test/flows. */
  readonly flows: Tally;
  readonly notByFlows: readonly NotByFlows[];
}

/** Validates a run's exchanges, plants violations into them, and looks for what the run and the flows left out. */
export function judge(input: JudgementInput): Judgement {
  const { baseUrl, operations, exchanges, deviations, unprovoked, flows, notByFlows } = input;
  const heard = new Tallying(baseUrl, operations, deviations);
  for (const exchange of exchanges) heard.hear(exchange);
  const planted = plantAll(exchanges, heard.validator, heard.deviations, publishedPlants);
  heard.add(flows);
  const published = operations.filter((operation) => operation.published);
  const { tally } = heard;
  return {
    exchanges: tally.exchanges,
    unanswered: tally.unanswered,
    inFlows: flows.exchanges,
    coverage: heard.coverage,
    violations: tally.violations,
    deviations: heard.deviations.usage(),
    planted,
    coverageProblems: [
      ...heard.coverage.problems(published, unprovoked),
      ...problemsOfFlows(operations, flows, notByFlows),
    ],
  };
}

/** Whether the run proves conformance. */
export function passes(judgement: Judgement): boolean {
  return (
    judgement.violations.length === 0 &&
    judgement.coverageProblems.length === 0 &&
    judgement.deviations.every(({ unusedOperations, used }) => used > 0 && unusedOperations.length === 0) &&
    judgement.planted.length >= 20 &&
    judgement.planted.every(({ outcome }) => outcome === 'caught')
  );
}
