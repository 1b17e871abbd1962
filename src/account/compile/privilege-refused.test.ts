import { describe, expect, it } from 'vitest';
import type { PrivilegeSection } from '../objects.ts';
import { compiled, outcomeOf, planned, problemsOf, type World } from '../testing/engine.ts';
import { having, holdAll, inEffect, jane, named, written } from '../testing/privileges.ts';

const tree: readonly PrivilegeSection[] = ['Users', 'Audit', 'Billing'].map((name) => ({
  name,
  title: name,
  privileges: [
    { name: 'View', title: 'View', access: 'VIEW' },
    { name: 'Manage', title: 'Manage', access: 'CHANGE' },
  ],
}));
const account = (scopes: Parameters<typeof having>[0]) => ({ ...having(scopes), privilegeTree: tree });

describe('a grant with a section that the account manager does not have', () => {
  const typo = named('a', { Usres: ['View'], Audit: ['View'] });

  it('gives the others, says what is wrong, and leaves alone what the wrong name most likely means', () => {
    const world: World = {
      observed: account({ '*': { Users: ['View', 'Manage'] } }),
      memory: inEffect([typo, { 'Users@*': ['Manage', 'View'] }]),
    };
    const plan = planned([jane, typo], world);
    expect(written(plan)).toEqual([['Audit@*', ['View']]]);
    expect(problemsOf(compiled([jane, typo], world), typo)).toEqual(['InvalidField sections']);
    expect(outcomeOf(plan, typo)?.message).toContain('did you mean "Users"?');
  });

  it('revokes all the same what its YAML names no more, under the removal guard', () => {
    const world: World = {
      observed: account({ '*': { Users: ['View'], Audit: ['View'], Billing: ['View'] } }),
      memory: inEffect([typo, { 'Users@*': ['View'], 'Audit@*': ['View'], 'Billing@*': ['View'] }]),
    };
    expect(written(planned([jane, typo], world))).toEqual([['Billing@*', []]]);
    expect(written(planned([jane, typo], { ...world, removals: holdAll }))).toEqual([
      ['Billing@*', [], 'removalGuard'],
    ]);
  });

  it('leaves a section as it is in which a privilege is misspelled', () => {
    const misspelled = named('a', { Users: ['View', 'Mange'] });
    const plan = planned([jane, misspelled], {
      observed: account({ '*': { Users: ['View', 'Manage'] } }),
      memory: inEffect([misspelled, { 'Users@*': ['Manage', 'View'] }]),
    });
    expect(written(plan)).toEqual([]);
    expect(outcomeOf(plan, misspelled)?.message).toContain('did you mean "Manage"?');
  });
});

describe('a copy whose source can not be made out', () => {
  const copyOf = (from: string, pbxes?: string[]) => {
    const made = named('copy', {}, { copyFrom: { privilegeGrantRef: { name: from } } });
    const { sections: _sections, pbxes: _pbxes, ...spec } = made.spec;
    return { ...made, spec: { ...spec, ...(pbxes ? { pbxes } : {}) } };
  };

  it('keeps what it gave', () => {
    const copy = copyOf('nobody');
    const plan = planned([jane, copy], {
      observed: account({ '*': { Users: ['View'] } }),
      memory: inEffect([copy, { 'Users@*': ['View'] }]),
    });
    expect(written(plan)).toEqual([]);
    expect(outcomeOf(plan, copy)?.reason).toBe('ReferenceNotFound');
    expect(outcomeOf(plan, copy)?.applied).toHaveProperty(['sections[Users@*]']);
  });

  it('keeps it although another grant gives less at the same place', () => {
    const copy = copyOf('nobody');
    const other = named('b', { Users: ['View'] });
    const both = { 'Users@*': ['Manage', 'View'] };
    const world: World = {
      observed: account({ '*': { Users: ['View', 'Manage'] } }),
      memory: inEffect([copy, both], [other, both]),
    };
    expect(written(planned([jane, copy, other], world))).toEqual([]);
    const more = named('b', { Users: ['View'], Audit: ['View'] });
    expect(written(planned([jane, copy, more], world))).toEqual([['Audit@*', ['View']]]);
  });

  it('loses it on a PBX that its YAML no longer names, and remembers that', () => {
    const copy = copyOf('nobody', ['acme01']);
    const world: World = {
      observed: account({ acme01: { Users: ['View'] }, acme02: { Users: ['View'] } }),
      memory: inEffect([copy, { 'Users@acme01': ['View'], 'Users@acme02': ['View'] }]),
    };
    const plan = planned([jane, copy], world);
    expect(written(plan)).toEqual([['Users@acme02', []]]);
    expect(plan.changes.flatMap(({ resources }) => resources.map(({ name }) => name))).toEqual(['copy']);
    expect(written(planned([jane, copy], { ...world, removals: holdAll }))).toEqual([
      ['Users@acme02', [], 'removalGuard'],
    ]);
  });

  it('loses what a lowered cap no longer allows', () => {
    const copy = copyOf('nobody');
    const plan = planned([jane, copy], {
      observed: account({ '*': { Users: ['View', 'Manage'], Audit: ['View'] } }),
      memory: inEffect([copy, { 'Users@*': ['Manage', 'View'], 'Audit@*': ['View'] }]),
      policy: { privilegeCap: { sections: [{ name: 'Users', privileges: ['View'] }] } },
    });
    expect(written(plan)).toEqual([
      ['Users@*', ['View']],
      ['Audit@*', []],
    ]);
  });

  it('does not keep alive what another grant gave until it expired', () => {
    const copy = copyOf('nobody');
    const ended = named('b', { Users: ['View'] }, { expiresAt: '2020-01-01T00:00:00Z' });
    const both = { 'Users@*': ['View'] };
    const plan = planned([jane, copy, ended], {
      observed: account({ '*': { Users: ['View'] } }),
      memory: inEffect([copy, both], [ended, both]),
    });
    expect(written(plan)).toEqual([['Users@*', []]]);
  });
});

describe('a grant of more sections and PBXes than its status can keep', () => {
  it('is refused whole, with the way out', () => {
    const pbxes = Array.from({ length: 60 }, (_, index) => `pbx${index}`);
    const given = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`Section${index}`, ['View']]));
    const huge = named('a', given, { pbxes });
    const plan = planned([jane, huge], { observed: having({ '*': {} }), memory: inEffect([huge, {}]) });
    expect(written(plan)).toEqual([]);
    expect(outcomeOf(plan, huge)?.message).toMatch(
      /^spec\.pbxes: is 540 sections, .* at most 500 .* split it$/,
    );
  });
});

describe('a grant whose end nobody can tell', () => {
  it('gives nothing new, and loses what its YAML names no more', () => {
    const endless = named('a', { Users: ['View'], Audit: ['View'] }, { expiresAt: 'some day' });
    const plan = planned([jane, endless], {
      observed: account({ '*': { Users: ['View'], Billing: ['View'] } }),
      memory: inEffect([endless, { 'Users@*': ['View'], 'Billing@*': ['View'] }]),
    });
    expect(written(plan)).toEqual([['Billing@*', []]]);
    expect(outcomeOf(plan, endless)?.reason).toBe('InvalidField');
  });
});
