import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { PrivilegeGrant } from '../../resources/generated/privilege-grant.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { bound, compiled, declared, memories, messageOf, now, problemsOf } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { grant, profile } from '../testing/resources.ts';

const people = ['jane', 'joan', 'omar'];
const profiles = people.map((name) => profile(name));

function of(person: string, name: string, spec: Partial<PrivilegeGrant['spec']>): PrivilegeGrant {
  return { ...grant(person, spec), metadata: { name, namespace: 'acme' } };
}

const copying = (person: string, from: string, more: Partial<PrivilegeGrant['spec']> = {}) =>
  of(person, `${person}-of-${from}`, {
    copyFrom: { administrator: { userName: `${from}@example.com` } },
    ...more,
  });

/** Everybody may see users already. */
function desiredOf(grants: readonly AccountResource[]) {
  const administrator = (name: string): JsonObject => ({
    userId: `id-${name}`,
    primary: false,
    scopes: [{ pbxName: '*', sections: [{ name: 'Users', privileges: ['View'] }] }],
  });
  const observed = observedAccount({
    user: people.map((name) => userBody(name)),
    administrator: people.map(administrator),
  });
  const memory = memories(...profiles.map((each) => bound(each, `id-${each.metadata.name}`)));
  return compiled([...profiles, ...grants], { observed, memory });
}

const given = (grants: readonly AccountResource[], person: string) =>
  declared(desiredOf(grants), `administrator/UserProfile/acme/${person}`);

describe('people who copy each other', () => {
  const circle = [copying('jane', 'joan'), copying('joan', 'jane')];

  it('get nothing from it: what one lost would come back from the other for ever', () => {
    for (const each of circle)
      expect(problemsOf(desiredOf(circle), each)).toEqual(['ReferenceCycle copyFrom.administrator']);
    expect(given(circle, 'jane')).toEqual({});
  });

  it('are named with the way round', () => {
    const [first] = circle;
    if (!first) throw new Error('no grant');
    expect(messageOf(desiredOf(circle), first)).toContain('jane@example.com → joan@example.com → jane');
  });

  it('are found over several people, and who only copies from one of them is not among them', () => {
    const round = [copying('jane', 'joan'), copying('joan', 'omar'), copying('omar', 'jane')];
    for (const each of round) expect(problemsOf(desiredOf(round), each)[0]).toMatch(/^ReferenceCycle/);
    const aside = copying('omar', 'jane');
    expect(problemsOf(desiredOf([...circle, aside]), aside)).toEqual([]);
  });

  it('are found where one of them copies a grant that copies a person', () => {
    const step = of('omar', 'step', { copyFrom: { administrator: { userName: 'joan@example.com' } } });
    const through = of('jane', 'through', { copyFrom: { privilegeGrantRef: { name: 'step' } } });
    const back = copying('joan', 'jane');
    const desired = desiredOf([step, through, back]);
    expect(problemsOf(desired, through)).toEqual(['ReferenceCycle copyFrom.privilegeGrantRef']);
    expect(problemsOf(desired, back)).toEqual(['ReferenceCycle copyFrom.administrator']);
    expect(problemsOf(desired, step)).toEqual([]);
  });

  it('are not those whose grant has ended', () => {
    const ended = copying('joan', 'jane', { expiresAt: new Date(now - 1).toISOString() });
    const left = copying('jane', 'joan');
    expect(problemsOf(desiredOf([left, ended]), left)).toEqual([]);
  });

  it('are not those who have grants of the same sections', () => {
    const sections = { pbxes: ['*'], sections: [{ name: 'Users', privileges: ['View'] }] };
    const grants = [
      of('jane', 'a1', sections),
      of('joan', 'b1', sections),
      of('jane', 'a2', { copyFrom: { privilegeGrantRef: { name: 'b1' } } }),
      of('joan', 'b2', { copyFrom: { privilegeGrantRef: { name: 'a1' } } }),
    ];
    for (const each of grants) expect(problemsOf(desiredOf(grants), each)).toEqual([]);
  });

  it('are found among as many as an account has, without getting lost', () => {
    const crowd = Array.from({ length: 3_000 }, (_, index) => profile(`p${index}`));
    const grants = crowd.map((_, index) => copying(`p${index}`, `p${(index + 1) % crowd.length}`));
    const observed = observedAccount({
      user: crowd.map(({ metadata }) => userBody(metadata.name)),
      administrator: [],
    });
    const memory = memories(...crowd.map((each) => bound(each, `id-${each.metadata.name}`)));
    const desired = compiled([...crowd, ...grants], { observed, memory });
    const reasons = desired.problems.map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['ReferenceCycle']));
    expect(reasons).toHaveLength(crowd.length);
    expect(desired.problems[0]?.message.length).toBeLessThan(1_000);
  });
});
