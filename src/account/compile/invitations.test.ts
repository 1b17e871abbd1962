import { describe, expect, it } from 'vitest';
import type { DesiredAccount } from '../desired.ts';
import {
  bound,
  compiled,
  memories,
  messageOf,
  now,
  objectOf,
  outcomeOf,
  planned,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { extension, profile } from '../testing/resources.ts';

describe('an invitation', () => {
  const invitation = 'invitation/UserProfile/acme/jane';
  const line = extension('jane', '1001');
  const world = (
    extras: World = {},
    invitations: Parameters<typeof observedAccount>[0]['invitation'] = [],
  ) => ({
    observed: observedAccount({ user: [userBody('jane')], invitation: invitations }),
    ...extras,
  });
  const created = remembers(profile('jane'), { externalId: 'id-jane', handled: { created: 'true' } });

  it('goes out to a user that we made, once something needs a login', () => {
    expect(objectOf(compiled([profile('jane'), line], world({ memory: created })), invitation)).toBeDefined();
    expect(objectOf(compiled([profile('jane')], world({ memory: created })), invitation)).toBeUndefined();
  });

  it('goes to nobody who was only adopted, unless the YAML says Send', () => {
    const memory = bound(profile('jane'), 'id-jane');
    const sending = profile('jane', { invitation: 'Send' });
    expect(objectOf(compiled([profile('jane'), line], world({ memory })), invitation)).toBeUndefined();
    expect(objectOf(compiled([sending, line], world({ memory })), invitation)).toBeDefined();
  });

  it('goes out once', () => {
    const sent = [{ id: 'i1', userId: 'id-jane', sentTime: '2026-01-01T00:00:00Z' }];
    const desired = compiled([profile('jane'), line], world({ memory: created }, sent));
    expect(objectOf(desired, invitation)).toBeUndefined();
  });

  it('is due again for a user that is made in the place of one that is gone', () => {
    const memory = remembers(profile('jane'), { externalId: 'id-jane', handled: { invited: 'true' } });
    const observed = observedAccount({ user: [], invitation: [] }, { gone: ['user/id-jane'] });
    const resources = [profile('jane'), line];
    const plan = planned(resources, { observed, memory });
    expect(plan.changes.map(({ action, gate, type }) => [action, type, gate?.kind])).toEqual([
      ['Create', 'user', undefined],
      ['Create', 'invitation', 'waits'],
    ]);
    expect(outcomeOf(plan, profile('jane'))?.reason).toBe('Creating');
    const reported = planned(resources, { observed, memory, driftPolicy: 'Report' });
    expect(outcomeOf(reported, profile('jane'))?.reason).toBe('Missing');
  });

  it('waits when the invitations of the hour are used up', () => {
    const recent = [{ id: 'i1', userId: 'id-omar', sentTime: new Date(now - 60_000).toISOString() }];
    const desired = compiled(
      [profile('jane'), line],
      world({ memory: memories(created), policy: { invitationsPerHour: 1 } }, recent),
    );
    expect(objectOf(desired, invitation)?.waits.map(({ reason }) => reason)).toEqual(['WaitingForBudget']);
  });

  it('is held when the PhoneSystem has none go out, and waits when it was asked for', () => {
    const policy = { invitationsPerHour: 0 };
    const desired = compiled([profile('jane'), line], world({ memory: created, policy }));
    expect(objectOf(desired, invitation)).toBeUndefined();
    expect(desired.invitations.get('UserProfile/acme/jane')).toBe('Held');
    const asked = profile('jane', {}, { 'dialops.dev/invite': 'now' });
    expect(
      objectOf(compiled([asked, line], world({ memory: created, policy })), invitation)?.waits,
    ).toHaveLength(1);
  });

  it('is refused with the manual step where the endpoint has no API and it was asked for in so many words', () => {
    const observed = observedAccount({ user: [userBody('jane')] });
    const asked = profile('jane', { invitation: 'Send' });
    const desired = compiled([asked, line], { observed, memory: created });
    expect(problemsOf(desired, asked)).toEqual(['Unsupported invitation']);
    expect(messageOf(desired, asked)).toContain('Admin Console');
    const silent = compiled([profile('jane'), line], { observed, memory: created });
    expect(silent.problems).toEqual([]);
    expect(silent.invitations.size).toBe(0);
  });

  it('is not needed of an adopted user only when nothing is there to log in to', () => {
    const memory = bound(profile('jane'), 'id-jane');
    const need = (user: ReturnType<typeof userBody>) =>
      compiled([profile('jane')], {
        observed: observedAccount({ user: [user], invitation: [] }),
        memory,
      }).invitations.get('UserProfile/acme/jane');
    expect(need(userBody('jane', { serviceInfo: { extensions: [], licenses: [] } }))).toBe('NotNeeded');
    const withLine = { extensions: [{ id: 'e1', extensionNumber: '1001' }], licenses: [] };
    expect(need(userBody('jane', { serviceInfo: withLine }))).toBe('Held');
  });

  const people = (...names: readonly string[]) => ({
    resources: names.flatMap((name, index) => [profile(name), extension(name, `10${index}1`)]),
    world: {
      observed: observedAccount({ user: names.map((name) => userBody(name)), invitation: [] }),
      memory: memories(
        ...names.map((name) =>
          remembers(profile(name), { externalId: `id-${name}`, handled: { created: 'true' } }),
        ),
      ),
    },
  });
  const waiting = (desired: DesiredAccount) =>
    desired.objects
      .filter(({ type, waits }) => type === 'invitation' && waits.length > 0)
      .map(({ resources: [{ name }] }) => name);

  it('goes out to as many in an hour as the PhoneSystem allows, and the others wait', () => {
    const { resources, world: seen } = people('amy', 'ben', 'cho');
    const policy = { invitationsPerHour: 2 };
    expect(waiting(compiled(resources, { ...seen, policy }))).toEqual(['cho']);
    const hourAgo = new Date(now - 3_600_000).toISOString();
    const earlier = { id: 'i1', userId: 'id-omar', sentTime: hourAgo };
    const before = observedAccount({
      user: ['amy', 'ben', 'cho'].map((name) => userBody(name)),
      invitation: [earlier],
    });
    expect(waiting(compiled(resources, { ...seen, observed: before, policy }))).toEqual(['cho']);
  });

  it('of somebody who is paused takes no place among those of the hour', () => {
    const { resources, world: seen } = people('amy', 'ben');
    const paused = resources.map((resource) =>
      resource.metadata.name === 'amy' && resource.kind === 'UserProfile'
        ? { ...resource, metadata: { ...resource.metadata, annotations: { 'dialops.dev/paused': 'true' } } }
        : resource,
    );
    expect(waiting(compiled(paused, { ...seen, policy: { invitationsPerHour: 1 } }))).toEqual([]);
  });
});
