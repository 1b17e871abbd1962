import { deepStrictEqual } from 'node:assert/strict';
import { compile } from '../../../src/account/compile/compile.ts';
import { diff } from '../../../src/account/diff.ts';
import { type Round, type RoundInput, Rounds } from '../../../src/account/rounds/rounds.ts';

/** Holds each round against what compiling and comparing everything gives: nothing that matters was passed over. */
export class CheckedRounds {
  readonly #rounds = new Rounds();

  make(input: RoundInput): Round {
    const round = this.#rounds.make(input);
    const desired = compile(input);
    const whole = { desired, plan: diff({ ...input, desired }) };
    deepStrictEqual(inOrder(round), inOrder(whole));
    return round;
  }
}

/** What has no order of its own is put in one. */
function inOrder({ desired, plan }: Round) {
  const byText = (items: Iterable<unknown>) => [...items].map((item) => JSON.stringify(item)).sort();
  return {
    changes: plan.changes,
    outcomes: [...plan.outcomes],
    reads: byText(plan.reads),
    objects: byText(desired.objects),
    problems: desired.problems,
    needs: desired.needs,
    declarations: byText(desired.declarations),
    leftAlone: byText(desired.leftAlone),
    granted: byText(desired.granted),
    invitations: byText(desired.invitations),
    dueEdits: byText(desired.dueEdits),
  };
}
