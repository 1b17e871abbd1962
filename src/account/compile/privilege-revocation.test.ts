import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { digest } from '../digest.ts';
import { bound, memories, now, outcomeOf, planned, remembers, type World } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { having, holdAll, inEffect, jane, named, sectionsOf, written } from '../testing/privileges.ts';
import { deleting } from '../testing/resources.ts';

describe('a section that is taken out of a grant', () => {
  const before = { 'Users@*': ['View'], 'Audit@*': ['View'] };
  const only = named('a', { Users: ['View'] });
  const world: World = {
    observed: having({ '*': { Users: ['View'], Audit: ['View'] } }),
    memory: inEffect([only, before]),
  };

  it('is revoked, under driftPolicy Report too', () => {
    expect(written(planned([jane, only], world))).toEqual([['Audit@*', []]]);
    expect(written(planned([jane, only], { ...world, driftPolicy: 'Report' }))).toEqual([['Audit@*', []]]);
  });

  it('is counted by the removal guard', () => {
    const plan = planned([jane, only], { ...world, removals: holdAll });
    expect(written(plan)).toEqual([['Audit@*', [], 'removalGuard']]);
    expect(outcomeOf(plan, only)?.reason).toBe('RemovalGuard');
  });

  it('is remembered until it is gone, and forgotten then', () => {
    const held = planned([jane, only], { ...world, removals: holdAll });
    expect(outcomeOf(held, only)?.released).toEqual([]);
    expect(outcomeOf(held, only)?.applied).toHaveProperty(['sections[Audit@*]']);
    const done = planned([jane, only], {
      observed: having({ '*': { Users: ['View'] } }),
      memory: inEffect([only, { 'Users@*': ['View'] }]),
    });
    expect(outcomeOf(done, only)).toMatchObject({ reason: 'Synced', released: [] });
  });

  it('is revoked with the grant that named it once, and was deleted before it could be', () => {
    const plan = planned([jane, deleting(only)], world);
    expect(written(plan)).toEqual([
      ['Users@*', []],
      ['Audit@*', []],
    ]);
  });

  it('is revoked on one PBX where only that was taken out', () => {
    const here = named('a', { Users: ['View'] }, { pbxes: ['acme01'] });
    const plan = planned([jane, here], {
      observed: having({ acme01: { Users: ['View'] }, acme02: { Users: ['View'] } }),
      memory: inEffect([here, { 'Users@acme01': ['View'], 'Users@acme02': ['View'] }]),
    });
    expect(written(plan)).toEqual([['Users@acme02', []]]);
  });

  it('leaves alone what another grant gives', () => {
    const other = named('b', { Audit: ['View'] });
    const memory = inEffect([only, before], [other, { 'Audit@*': ['View'] }]);
    const plan = planned([jane, only, other], { ...world, memory });
    expect(written(plan)).toEqual([]);
    expect(outcomeOf(plan, only)?.released).toEqual(['sections[Audit@*]']);
  });

  it('takes from what several gave only its own part, which counts as a removal', () => {
    const other = named('b', { Audit: ['View'] });
    const both = { 'Audit@*': ['Export', 'View'] };
    const shared: World = {
      observed: having({ '*': { Users: ['View'], Audit: ['View', 'Export'] } }),
      memory: inEffect([only, { ...before, ...both }], [other, both]),
    };
    expect(written(planned([jane, only, other], shared))).toEqual([['Audit@*', ['View']]]);
    const held = planned([jane, only, other], { ...shared, removals: holdAll });
    expect(written(held)).toEqual([['Audit@*', ['View'], 'removalGuard']]);
  });

  it('stays where this grant never gave it', () => {
    const plan = planned([jane, only], { ...world, memory: inEffect([only, { 'Users@*': ['View'] }]) });
    expect(written(plan)).toEqual([]);
  });
});

describe('a grant that has expired', () => {
  const past = { expiresAt: new Date(now - 1).toISOString() };

  it('takes nothing that it never gave, whatever it names and consents to', () => {
    const fresh = named(
      'a',
      { Users: ['View'] },
      {
        ...past,
        adoptionPolicy: 'IfUnclaimed',
        consent: [{ change: 'TakeOverPrivileges', to: 'Users@*' }],
      },
    );
    const plan = planned([jane, fresh], {
      observed: having({ '*': { Users: ['View', 'Manage'] } }),
      memory: bound(jane, 'id-jane'),
    });
    expect(written(plan)).toEqual([]);
  });

  it('takes back what it gave though its YAML names something else by now', () => {
    const changed = named('a', { Audit: ['View'] }, past);
    const plan = planned([jane, changed], {
      observed: having({ '*': { Users: ['View'], Audit: ['View'] } }),
      memory: inEffect([changed, { 'Users@*': ['View'] }]),
    });
    expect(written(plan)).toEqual([['Users@*', []]]);
  });

  it('asks again before it overwrites what was given by hand after it ended', () => {
    const prolonged = named('a', { Users: ['View'] });
    const plan = planned([jane, prolonged], {
      observed: having({ '*': { Users: ['Manage'] } }),
      memory: memories(
        bound(jane, 'id-jane'),
        remembers(prolonged, { externalId: 'id-jane', applied: { 'sections[Users@*]': digest(null) } }),
      ),
    });
    expect(outcomeOf(plan, prolonged)?.reason).toBe('ConsentRequired');
  });
});

describe('a cap that is lowered', () => {
  const wide = named('a', { Users: ['View', 'Manage'], Audit: ['View'] });
  const given = { 'Users@*': ['Manage', 'View'], 'Audit@*': ['View'] };
  const privilegeCap = { sections: sectionsOf({ Users: ['View'] }) };
  const world: World = {
    observed: having({ '*': { Users: ['View', 'Manage'], Audit: ['View'] } }),
    memory: inEffect([wide, given]),
    policy: { privilegeCap },
  };

  it('revokes what lies outside it, keeps the rest, and says what is too much', () => {
    const plan = planned([jane, wide], world);
    expect(written(plan)).toEqual([
      ['Users@*', ['View']],
      ['Audit@*', []],
    ]);
    expect(outcomeOf(plan, wide)).toMatchObject({ reason: 'PrivilegeCapExceeded' });
    expect(outcomeOf(plan, wide)?.message).toContain('Users/Manage, Audit/View');
  });

  it('is held by the removal guard', () => {
    const held = planned([jane, wide], { ...world, removals: holdAll });
    expect(new Set(held.changes.map(({ gate }) => gate?.kind))).toEqual(new Set(['removalGuard']));
  });

  it('revokes on a PBX that it no longer allows', () => {
    const plan = planned([jane, wide], { ...world, policy: { privilegeCap: { pbxes: ['acme01'] } } });
    expect(written(plan)).toEqual([
      ['Users@*', []],
      ['Audit@*', []],
    ]);
    expect(outcomeOf(plan, wide)?.message).toContain('PBX *');
  });

  it('takes nothing from places that the grant never gave', () => {
    const plan = planned([jane, wide], { ...world, memory: bound(jane, 'id-jane') });
    expect(written(plan)).toEqual([['Users@*', ['View'], 'consent']]);
  });

  it('makes no administrator of somebody who is given nothing', () => {
    const observed = observedAccount({ user: [userBody('jane')], administrator: [] });
    const over = named('a', { Audit: ['View'] });
    const plan = planned([jane, over], { ...world, observed, memory: bound(jane, 'id-jane') });
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, over)?.reason).toBe('PrivilegeCapExceeded');
  });

  it('gives all again when it is raised', () => {
    const after = planned([jane, wide], {
      ...world,
      observed: having({ '*': { Users: ['View'] } }),
      memory: inEffect([wide, given]),
    });
    const remembered = remembers(wide, {
      externalId: 'id-jane',
      applied: outcomeOf(after, wide)?.applied ?? {},
    });
    const raised = planned([jane, wide], {
      observed: having({ '*': { Users: ['View'] } }),
      memory: memories(bound(jane, 'id-jane'), remembered),
    });
    expect(written(raised)).toEqual([
      ['Users@*', ['Manage', 'View']],
      ['Audit@*', ['View']],
    ]);
    expect(raised.changes.map(({ gate }) => gate)).toEqual([undefined]);
  });
});

describe('an administrator whose row does not say whether it is the primary one', () => {
  const row = (more: JsonObject): JsonObject => ({ userId: 'id-jane', scopes: [], ...more });
  const seen = (more: JsonObject, rows: 'complete' | 'single') =>
    observedAccount({ user: [userBody('jane')], administrator: [row(more)] }, { rows });
  const some = named('a', { Users: ['View'] });
  const memory = bound(jane, 'id-jane');

  it('is read by itself before anything is given', () => {
    const plan = planned([jane, some], { observed: seen({}, 'complete'), memory });
    expect(plan.changes).toEqual([]);
    expect(plan.reads).toContainEqual({ type: 'administrator', id: 'id-jane' });
    expect(outcomeOf(plan, some)?.reason).toBe('NotRead');
  });

  it('is taken for another where the single read does not say so either', () => {
    const plan = planned([jane, some], { observed: seen({}, 'single'), memory });
    expect(written(plan)).toEqual([['Users@*', ['View']]]);
  });
});

describe('places that differ only in their letters being small or capital', () => {
  it('are one value of both grants', () => {
    const grants = [
      named('a', { Users: ['View'] }, { pbxes: ['main'] }),
      named('b', { Users: ['Manage'] }, { pbxes: ['Main'] }),
    ];
    const plan = planned([jane, ...grants], {
      observed: having({ main: {} }),
      memory: bound(jane, 'id-jane'),
    });
    expect(written(plan)).toEqual([['Users@main', ['Manage', 'View']]]);
    expect(plan.changes.flatMap(({ resources }) => resources.map(({ name }) => name))).toEqual(['a', 'b']);
  });

  it('are given by the same grant after its YAML was spelled otherwise', () => {
    const respelled = named('a', { Users: ['View'] }, { pbxes: ['Main'] });
    const plan = planned([jane, respelled], {
      observed: having({ main: { Users: ['View', 'Manage'] } }),
      memory: inEffect([respelled, { 'Users@main': ['View', 'Manage'] }]),
    });
    expect(written(plan)).toEqual([['Users@Main', ['View']]]);
    expect(plan.changes.map(({ gate }) => gate)).toEqual([undefined]);
  });
});
