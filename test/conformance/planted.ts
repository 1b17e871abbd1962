import type { DeviationList } from './deviations.ts';
import type { Exchange } from './exchange.ts';
import type { Mutation } from './mutation.ts';
import type { ExchangeValidator } from './validator.ts';
import type { Violation, ViolationPart, ViolationSide } from './violation.ts';

/** One violation to plant into a good exchange. */
export interface Plant {
  readonly name: string;
  readonly side: ViolationSide;
  readonly part: ViolationPart;
  /** Where it can go. */
  readonly operation: string;
  readonly status: number;
  readonly mutate: Mutation;
}

export interface PlantOutcome {
  readonly name: string;
  readonly side: ViolationSide;
  readonly operation: string;
  readonly outcome: 'caught' | 'missed' | 'no exchange to plant it in';
  /** How the validator described it. */
  readonly message?: string;
}

/** Plants each violation into a recorded good exchange and asks the validator, deviations applied, for it. */
export function plantAll(
  exchanges: readonly Exchange[],
  validator: ExchangeValidator,
  deviations: DeviationList,
  plants: readonly Plant[],
): PlantOutcome[] {
  const judge = (exchange: Exchange) =>
    deviations.unexempted(validator.validate(exchange).violations, { count: false });
  return plants.map((plant) => {
    const { name, side, operation } = plant;
    for (const exchange of exchanges) {
      if (exchange.response?.status !== plant.status) continue;
      if (validator.validate(exchange).operation?.id !== operation || judge(exchange).length > 0) continue;
      const mutated = plant.mutate(exchange);
      if (!mutated) continue;
      const found = judge(mutated).find((violation) => isPlanted(violation, plant));
      return found
        ? { name, side, operation, outcome: 'caught', message: `${found.pointer} ${found.message}`.trim() }
        : { name, side, operation, outcome: 'missed' };
    }
    return { name, side, operation, outcome: 'no exchange to plant it in' };
  });
}

function isPlanted(violation: Violation, plant: Plant): boolean {
  return violation.side === plant.side && violation.part === plant.part;
}
