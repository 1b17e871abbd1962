import { describe, expect, it } from 'vitest';
import type { Plan } from './plan.ts';
import { bound, memories, planned, type World } from './testing/engine.ts';
import { observedAccount, userBody } from './testing/observed.ts';
import { deleting, profile } from './testing/resources.ts';

const names = ['amy', 'ben', 'cleo', 'dan', 'eva', 'finn'];
const leaving = names.map((name) => deleting(profile(name, { deletionPolicy: 'Delete' })));

/** A plan in which the first `count` people leave an account that holds them all. */
function planOf(count: number, removals: World['removals'] = {}): Plan {
  const observed = observedAccount({ user: names.map((name) => userBody(name)) });
  const memory = memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`)));
  return planned(leaving.slice(0, count), { observed, memory, removals });
}

const gates = (plan: Plan) => [...new Set(plan.changes.map(({ gate }) => gate?.kind))];

function digestOf(plan: Plan): string {
  const [gate] = plan.changes.flatMap((change) => change.gate ?? []);
  return gate?.kind === 'removalGuard' ? gate.digest : 'no removal guard';
}

describe('the removal guard', () => {
  it('lets as many removals pass as the account allows', () => {
    const plan = planOf(5);
    expect(plan.changes).toHaveLength(5);
    expect(gates(plan)).toEqual([undefined]);
  });

  it('holds all of them back when there is one more, not only the one too many', () => {
    const plan = planOf(6);
    expect(plan.changes).toHaveLength(6);
    expect(gates(plan)).toEqual(['removalGuard']);
  });

  it('counts what was removed within the hour', () => {
    expect(gates(planOf(3, { recent: 2 }))).toEqual([undefined]);
    expect(gates(planOf(3, { recent: 3 }))).toEqual(['removalGuard']);
  });

  it('allows a share of what is managed where that is more than the count', () => {
    expect(gates(planOf(6, { maxCount: 1, maxPercent: 100 }))).toEqual([undefined]);
    expect(gates(planOf(6, { maxCount: 1, maxPercent: 80 }))).toEqual(['removalGuard']);
  });

  it('lets exactly the approved set pass', () => {
    const approved = digestOf(planOf(6));
    expect(gates(planOf(6, { approved }))).toEqual([undefined]);
    expect(gates(planOf(5, { approved, maxCount: 1 }))).toEqual(['removalGuard']);
  });

  it('asks no second approval for the rest of an approved set', () => {
    const approvedIds = new Set(planOf(6).changes.map(({ id }) => id));
    expect(gates(planOf(4, { maxCount: 0, maxPercent: 0, approvedIds }))).toEqual([undefined]);
  });

  it('says in the outcome of each resource how the removals are approved', () => {
    const plan = planOf(6);
    const said = [...plan.outcomes.values()];
    expect(said.map(({ reason }) => reason)).toEqual(names.map(() => 'RemovalGuard'));
    expect(said[0]?.message).toContain(`dialops.dev/approve-removals: ${digestOf(plan)}`);
  });

  it('takes the deactivation of somebody whose YAML is gone for a removal', () => {
    const person = deleting(profile('amy', { deletionPolicy: 'Deactivate' }));
    const plan = planned([person], {
      observed: observedAccount({ user: [userBody('amy', { basicInfo: { status: 'ACTIVE' } })] }),
      memory: bound(person, 'id-amy'),
      removals: { maxCount: 0, maxPercent: 0 },
    });
    expect(plan.changes.map(({ action, gate }) => [action, gate?.kind])).toEqual([
      ['Update', 'removalGuard'],
    ]);
  });

  it('holds back neither creates nor ordinary updates', () => {
    const [amy, ben] = [profile('amy', { jobTitle: 'Clerk' }), profile('ben')];
    const plan = planned([amy, ben], {
      observed: observedAccount({ user: [userBody('amy', { directoryInfo: { jobTitle: 'Manager' } })] }),
      memory: bound(amy, 'id-amy'),
      removals: { maxCount: 0, maxPercent: 0 },
    });
    expect(plan.changes.map(({ action }) => action)).toEqual(['Update', 'Create']);
    expect(gates(plan)).toEqual([undefined]);
  });

  it('counts no removal that a pause holds back anyhow', () => {
    const observed = observedAccount({ user: names.map((name) => userBody(name)) });
    const memory = memories(...leaving.map((person) => bound(person, `id-${person.metadata.name}`)));
    const plan = planned(leaving, { observed, memory, policy: { paused: true } });
    expect(gates(plan)).toEqual(['paused']);
  });
});
