import { describe, expect, it } from 'vitest';
import { compiled, now, outcomeOf, planned, remembered, type World } from '../../account/testing/engine.ts';
import { having, inEffect, jane, named } from '../../account/testing/privileges.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { pausedAnnotation } from '../../resources/annotations.ts';
import type { PrivilegeGrant } from '../../resources/generated/privilege-grant.ts';
import { privilegeGrantStatus } from './privilege-grant-status.ts';

function statusOf(grant: PrivilegeGrant, world: World & { readonly observed: ReturnType<typeof having> }) {
  const outcome = outcomeOf(planned([jane, grant], world), grant);
  if (!outcome) throw new Error('The grant is not in the plan');
  return privilegeGrantStatus(grant, {
    resource: grant,
    outcome,
    desired: compiled([jane, grant], world),
    observed: world.observed,
    now: new Date(now).toISOString(),
  });
}

describe('what a grant gives, in its status', () => {
  it('is counted in privileges, over all sections and PBXes', () => {
    const wide = named('a', { Users: ['View', 'Manage'], Audit: ['View'] }, { pbxes: ['acme01', 'acme02'] });
    const both = { Users: ['View', 'Manage', 'ByHand'], Audit: ['View'] };
    const observed = having({ acme01: both, acme02: both });
    const given = ['acme01', 'acme02'].flatMap((pbx) => [
      [`Users@${pbx}`, ['View', 'Manage']] as const,
      [`Audit@${pbx}`, ['View']] as const,
    ]);
    const memory = inEffect([wide, Object.fromEntries(given)]);
    expect(statusOf(wide, { observed, memory }).granted).toEqual({
      pbxes: ['acme01', 'acme02'],
      sections: ['Audit', 'Users'],
      count: 6,
    });
  });

  it('is nothing before it was given, and what is left until all is taken away', () => {
    const ended = named('a', { Users: ['View'] }, { expiresAt: new Date(now - 1).toISOString() });
    const there = having({ '*': { Users: ['View', 'Manage'] } });
    expect(statusOf(ended, { observed: there, memory: inEffect([ended, {}]) }).granted).toEqual({ count: 0 });
    const memory = inEffect([ended, { 'Users@*': ['View', 'Manage'] }]);
    expect(statusOf(ended, { observed: there, memory }).granted).toMatchObject({ count: 2 });
    const away = having({ '*': {} });
    const after = remembered(planned([jane, ended], { observed: away, memory }), ended, 'id-jane');
    const known = new Map([...memory, ...after]);
    expect(statusOf(ended, { observed: away, memory: known }).granted).toEqual({ count: 0 });
  });
});

describe('a grant that has expired and is paused', () => {
  const expiresAt = new Date(now - 1).toISOString();
  const ended = named('a', { Users: ['View'] }, { expiresAt });
  const paused = {
    ...ended,
    metadata: { ...ended.metadata, annotations: { [pausedAnnotation]: 'true' } },
  };
  const reasonOf = (holds: readonly string[]) => {
    const observed = having({ '*': holds.length > 0 ? { Users: [...holds] } : {} });
    const memory = inEffect([paused, holds.length > 0 ? { 'Users@*': [...holds] } : {}]);
    return statusOf(paused, { observed, memory }).conditions?.find(({ type }) => type === 'Ready')?.reason;
  };

  it('is an alarm while the person still has something, and none afterwards', () => {
    expect(reasonOf(['View'])).toBe('Overdue');
    expect(reasonOf([])).not.toBe('Overdue');
  });
});

describe("the administrator's support passphrase, in the status", () => {
  const some = named('a', { Users: ['View'] });
  const status = (more: JsonObject) => {
    const observed = having({ '*': { Users: ['View'] } }, more);
    return statusOf(some, { observed, memory: inEffect([some, { 'Users@*': ['View'] }]) });
  };

  it.each([
    ['SET', 'Set', /^jane@example.com has set it.*ask them$/],
    ['NOT_SET', 'NotSet', /^ask jane@example.com to set it in their own profile/],
    [null, 'Unknown', /does not say; ask jane@example.com/],
  ])('that is %s is told, and whom to ask', (said, told, whom) => {
    expect(status({ supportPassphrase: said })).toMatchObject({
      supportPassphrase: told,
      supportPassphraseMessage: expect.stringMatching(whom),
    });
  });
});
