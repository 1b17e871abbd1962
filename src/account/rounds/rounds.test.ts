import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { diff } from '../diff.ts';
import type { Plan } from '../plan.ts';
import { ChangingAccount, happenings, names } from '../testing/changing-account.ts';
import { bound, memories } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { deleting, profile } from '../testing/resources.ts';
import { type RoundInput, Rounds } from './rounds.ts';

const event = fc.record({
  what: fc.constantFrom(...Object.keys(happenings)),
  who: fc.constantFrom(...names),
  which: fc.nat({ max: 3 }),
  flag: fc.boolean(),
});

/** From copies of everything: of nothing in them can anything be kept. */
function afresh({ secretRevision, ...input }: RoundInput) {
  const copied: RoundInput = { ...structuredClone(input), secretRevision };
  const desired = compile(copied);
  return { desired, plan: diff({ ...copied, desired }) };
}

const sortedText = (items: Iterable<unknown>) => [...items].map((item) => JSON.stringify(item)).sort();
const inOrder = (plan: Plan) => ({
  changes: plan.changes,
  outcomes: [...plan.outcomes],
  reads: sortedText(plan.reads),
});

describe('a round', () => {
  it('gives what it would have given without the rounds before it, whatever happened between them', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), fc.boolean(), (events, learns) => {
        const account = new ChangingAccount();
        account.remember();
        account.remember();
        for (const one of events) {
          happenings[one.what]?.({ account, ...one });
          const input = account.input();
          const round = account.rounds.make(input);
          const whole = afresh(input);
          expect(inOrder(round.plan)).toEqual(inOrder(whole.plan));
          const { declarations, dueEdits, granted, invitations, leftAlone, problems } = round.desired;
          expect(problems).toEqual(whole.desired.problems);
          expect(sortedText(dueEdits)).toEqual(sortedText(whole.desired.dueEdits));
          for (const [ours, theirs] of [
            [declarations, whole.desired.declarations],
            [granted, whole.desired.granted],
            [invitations, whole.desired.invitations],
            [leftAlone, whole.desired.leftAlone],
          ] as const) {
            expect(sortedText(ours)).toEqual(sortedText(theirs));
          }
          if (learns) account.remember();
        }
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);

  it('looks at nothing again that has not changed, and that nothing that changed has to do with', () => {
    const account = new ChangingAccount();
    account.remember();
    account.remember();
    const [first, second, third] = [0, 1, 2].map((number) => {
      if (number === 2) account.see('ben', { title: 'Manager' });
      return account.rounds.make(account.input()).plan.outcomes;
    });
    const kept = (a = first, b = second) =>
      [...(b ?? [])].filter(([key, each]) => a?.get(key) === each).length;
    expect(first?.size).toBe(9);
    expect(kept(first, second)).toBe(9);
    expect(kept(second, third)).toBe(7);
  });

  it('counts what it did not look at among what may be removed', () => {
    const people = Array.from({ length: 300 }, (_, index) => `p${index}`);
    const profiles = people.map((who) => profile(who));
    const active = { basicInfo: { status: 'ACTIVE' } };
    const observed = observedAccount({ user: people.map((who) => userBody(who, active)) });
    const memory = memories(...people.map((who) => bound(profile(who), `id-${who}`)));
    const input = { ...new ChangingAccount().input(), observed, memory };
    const rounds = new Rounds();
    expect(rounds.make({ ...input, resources: profiles }).plan.changes).toEqual([]);
    // Two percent.
    const resources = profiles.map((each, index) => (index < 6 ? deleting(each) : each));
    const { changes } = rounds.make({ ...input, resources }).plan;
    expect(changes.map(({ gate }) => gate?.kind)).toEqual(Array.from({ length: 6 }, () => undefined));
  });
});
