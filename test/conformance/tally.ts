import { Coverage } from './coverage.ts';
import { type CountedUse, type Deviation, DeviationList } from './deviations.ts';
import type { ApiOperation } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { ExchangeValidator } from './validator.ts';
import type { Violation } from './violation.ts';

/** Violations that no deviation exempts, each once, with how often it came up. */
export interface RepeatedViolation {
  readonly violation: Violation;
  readonly times: number;
}

/** What was heard, as plain data: one process may hear a part of it, and another add the parts up. */
export interface Tally {
  readonly exchanges: number;
  /** Requests without an answer that could be judged. */
  readonly unanswered: number;
  readonly coverage: Coverage['counts'];
  readonly violations: readonly RepeatedViolation[];
  readonly deviations: readonly CountedUse[];
}

/** Validates exchanges as they are heard, and keeps counts instead of exchanges. */
export class Tallying {
  readonly validator: ExchangeValidator;
  readonly deviations: DeviationList;
  readonly coverage = new Coverage();
  readonly #violations = new Map<string, RepeatedViolation>();
  #exchanges = 0;
  #unanswered = 0;

  constructor(baseUrl: string, operations: readonly ApiOperation[], deviations: readonly Deviation[]) {
    this.validator = new ExchangeValidator(baseUrl, operations);
    this.deviations = new DeviationList(deviations);
  }

  hear(exchange: Exchange): void {
    this.#exchanges += 1;
    if (!exchange.response) this.#unanswered += 1;
    const { operation, violations } = this.validator.validate(exchange);
    if (operation && exchange.response)
      this.coverage.add(operation, exchange.response.status, exchange.injected);
    for (const violation of this.deviations.unexempted(violations, { count: true })) {
      this.#note({ violation, times: 1 });
    }
  }

  /** Adds what another process heard. */
  add(tally: Tally): void {
    this.#exchanges += tally.exchanges;
    this.#unanswered += tally.unanswered;
    for (const [operation, status, count] of tally.coverage) this.coverage.addCount(operation, status, count);
    for (const repeated of tally.violations) this.#note(repeated);
    this.deviations.add(tally.deviations);
  }

  get tally(): Tally {
    return {
      exchanges: this.#exchanges,
      unanswered: this.#unanswered,
      coverage: this.coverage.counts,
      violations: [...this.#violations.values()],
      deviations: this.deviations.counted,
    };
  }

  #note({ times, violation }: RepeatedViolation): void {
    const { operation, status, side, part, pointer, rule } = violation;
    const key = [operation, status, side, part, pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*'), rule].join(' ');
    const known = this.#violations.get(key);
    this.#violations.set(key, {
      violation: known?.violation ?? violation,
      times: (known?.times ?? 0) + times,
    });
  }
}
