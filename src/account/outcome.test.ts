import { describe, expect, it } from 'vitest';
import { bound, outcomeOf, planned, remembered } from './testing/engine.ts';
import { observedAccount, userBody } from './testing/observed.ts';
import { profile } from './testing/resources.ts';

const accountWith = (jobTitle: string) =>
  observedAccount({ user: [userBody('jane', { directoryInfo: { jobTitle } })] });
const engineer = profile('jane', { jobTitle: 'Engineer' });
const manager = profile('jane', { jobTitle: 'Manager' });

function settled(resource: typeof engineer, jobTitle: string) {
  const observed = accountWith(jobTitle);
  return remembered(
    planned([resource], { observed, memory: bound(resource, 'id-jane') }),
    resource,
    'id-jane',
  );
}

describe('what is found applied', () => {
  it('is the very record that is remembered while nothing has changed', () => {
    const memory = settled(engineer, 'Engineer');
    const [before] = [...memory.values()];
    for (let round = 0; round < 3; round++) {
      const plan = planned([engineer], { observed: accountWith('Engineer'), memory });
      expect(outcomeOf(plan, engineer)?.applied).toBe(before?.applied);
    }
  });

  it('is told anew when the YAML and the account have changed alike, however often it was as remembered', () => {
    const memory = settled(engineer, 'Engineer');
    for (let round = 0; round < 3; round++)
      planned([engineer], { observed: accountWith('Engineer'), memory });
    const plan = planned([manager], { observed: accountWith('Manager'), memory });
    const [fresh] = [...settled(manager, 'Manager').values()];
    expect(outcomeOf(plan, manager)?.applied).toEqual(fresh?.applied);
  });

  it('lacks a field that was taken out of the YAML, however often it was as remembered', () => {
    const memory = settled(engineer, 'Engineer');
    for (let round = 0; round < 3; round++)
      planned([engineer], { observed: accountWith('Engineer'), memory });
    const plan = planned([profile('jane')], { observed: accountWith('Engineer'), memory });
    expect(outcomeOf(plan, engineer)).toMatchObject({ released: ['jobTitle'] });
    expect(Object.keys(outcomeOf(plan, engineer)?.applied ?? {})).not.toContain('jobTitle');
  });
});
