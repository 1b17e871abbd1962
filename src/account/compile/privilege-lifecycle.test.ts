import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { digest } from '../digest.ts';
import type { Plan } from '../plan.ts';
import { bound, memories, outcomeOf, planned, remembered, remembers, type World } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { deleting, grant, profile } from '../testing/resources.ts';

const jane = profile('jane');
const anybody = { pbxes: ['*'] };
const users = grant('jane', { ...anybody, sections: [{ name: 'Users', privileges: ['View'] }] });
function administrator(sections: Readonly<Record<string, readonly string[]>>): JsonObject {
  const named = Object.entries(sections).map(([name, privileges]) => ({ name, privileges }));
  return { userId: 'id-jane', primary: false, scopes: [{ pbxName: '*', sections: named }] };
}

function account(administrators: readonly JsonObject[], gone: readonly string[] = []) {
  return observedAccount(
    { user: [userBody('jane')], administrator: administrators },
    { rows: 'single', gone },
  );
}

function afterApplying(resource: AccountResource, sections: Readonly<Record<string, readonly string[]>>) {
  const observed = account([administrator(sections)]);
  const memory = memories(bound(jane, 'id-jane'), bound(resource, 'id-jane'));
  return memories(memory, remembered(planned([jane, resource], { observed, memory }), resource, 'id-jane'));
}

const values = (plan: Plan) =>
  plan.changes.map(({ action, gate, fields }) => [action, gate?.kind, ...fields.map(({ to }) => to)]);

describe('a grant that goes', () => {
  it('takes back what it gave', () => {
    const world: World = {
      observed: account([administrator({ Users: ['View'] })]),
      memory: afterApplying(users, { Users: ['View'] }),
    };
    expect(values(planned([jane, deleting(users)], world))).toEqual([['Update', undefined, []]]);
  });

  it('takes back nothing that it was never allowed to give', () => {
    const world: World = {
      observed: account([administrator({ Users: ['View', 'Manage'] })]),
      memory: bound(jane, 'id-jane'),
    };
    expect(outcomeOf(planned([jane, users], world), users)?.reason).toBe('ConsentRequired');
    const plan = planned([jane, deleting(users)], world);
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, users)?.reason).toBe('Deleted');
  });

  it('takes back what it gave though the profile can not be compiled', () => {
    const world: World = {
      observed: account([administrator({ Users: ['View'] })]),
      memory: afterApplying(users, { Users: ['View'] }),
    };
    const broken = profile('jane', { firstName: 'J' });
    expect(values(planned([broken, deleting(users)], world))).toEqual([['Update', undefined, []]]);
  });
});

describe('a grant that is taken back by hand', () => {
  const memory = afterApplying(users, { Users: ['View'] });
  const away = account([], ['administrator/id-jane']);

  it('is asked for by itself before it is judged', () => {
    const plan = planned([jane, users], { observed: account([]), memory });
    expect(plan.changes).toEqual([]);
    expect(plan.reads).toEqual([{ type: 'administrator', id: 'id-jane' }]);
  });

  it('is given again, or only reported, as the policy says', () => {
    const correct = planned([jane, users], { observed: away, memory });
    expect(values(correct)).toEqual([['Create', undefined, ['View']]]);
    const report = planned([jane, users], { observed: away, memory, driftPolicy: 'Report' });
    expect(values(report)).toEqual([['Create', 'driftPolicy', ['View']]]);
    expect(outcomeOf(report, users)?.reason).toBe('Missing');
  });

  it('is given at once where it ended and was prolonged: nobody but the YAML changed', () => {
    const ended = memories(
      bound(jane, 'id-jane'),
      remembers(users, { externalId: 'id-jane', applied: { 'sections[Users@*]': digest(null) } }),
    );
    const plan = planned([jane, users], { observed: away, memory: ended, driftPolicy: 'Report' });
    expect(values(plan)).toEqual([['Create', undefined, ['View']]]);
  });
});

describe('a section that a grant no longer names', () => {
  it('is taken away where the grant is a copy, and its source lost it', () => {
    const omar = profile('omar');
    const source = grant('omar', { ...anybody, sections: [{ name: 'Users', privileges: ['View'] }] });
    const copy = grant('jane', { copyFrom: { privilegeGrantRef: { name: 'omar' } } });
    const observed = observedAccount(
      {
        user: [userBody('jane'), userBody('omar')],
        administrator: [
          administrator({ Users: ['View'], Audit: ['View'] }),
          { ...administrator({ Users: ['View'] }), userId: 'id-omar' },
        ],
      },
      { rows: 'single' },
    );
    const applied = (audit: string) => ({
      'sections[Users@*]': digest(['View']),
      'sections[Audit@*]': audit,
    });
    const world = (audit: string): World => ({
      observed,
      memory: memories(
        bound(jane, 'id-jane'),
        bound(omar, 'id-omar'),
        bound(source, 'id-omar'),
        remembers(copy, { externalId: 'id-jane', applied: applied(audit) }),
      ),
    });
    const resources = [jane, omar, source, copy];
    expect(values(planned(resources, world(digest(['View']))))).toEqual([['Update', undefined, []]]);
    expect(values(planned(resources, world(digest(null))))).toEqual([]);
  });
});

describe('a copy of an administrator whose row hides the privileges', () => {
  it('waits for a single read instead of copying nothing', () => {
    const copy = grant('jane', { copyFrom: { administrator: { userName: 'omar@example.com' } } });
    const observed = observedAccount({
      user: [userBody('jane'), userBody('omar')],
      administrator: [{ userId: 'id-omar', primary: false }],
    });
    const plan = planned([jane, copy], { observed, memory: bound(jane, 'id-jane') });
    expect(outcomeOf(plan, copy)?.reason).toBe('NotRead');
    expect(plan.reads).toContainEqual({ type: 'administrator', id: 'id-omar' });
  });
});

describe('a grant to somebody who can not be made yet', () => {
  it('writes nothing until there is a user', () => {
    const lost = profile('jane', { site: { name: 'Nowhere' } });
    const observed = observedAccount({ user: [], administrator: [] });
    const plan = planned([lost, users], { observed });
    expect(plan.changes.map(({ type, gate }) => [type, gate?.kind])).toEqual([['administrator', 'waits']]);
  });
});
