import { describe, expect, it } from 'vitest';
import type { AccountPolicy } from '../../src/account/compile/input.ts';
import { extension, grant } from '../../src/account/testing/resources.ts';
import { Flow } from './support/account.ts';
import { company, pbxName, profile } from './support/resources.ts';
import { statusIn } from './support/status.ts';

const hourMs = 3_600_000;
const key = 'UserProfile/acme/jane';
const line = extension('jane', '7200');

describe.each([
  ['complete', false],
  ['sparse', true],
])('an invitation, with %s list rows', (_name, sparseRows) => {
  const flow = (resources: Flow['resources'], policy: Partial<AccountPolicy> = {}) => {
    const run = new Flow({ resources, company, sandbox: { sparseRows } });
    run.policy = { ...run.policy, ...policy };
    return run;
  };
  const sentTo = async (run: Flow, resource = profile('jane')) =>
    (await run.objects('invitation')).filter(({ userId }) => userId === run.externalId(resource));
  const someone = company.users[1];
  const adopted = (spec = {}, annotations = {}) =>
    profile(
      'jane',
      {
        userName: someone?.userName ?? '',
        email: String(someone?.basicInfo.primaryEmail),
        site: { id: someone?.siteId ?? '' },
        adoptionPolicy: 'IfUnclaimed',
        ...spec,
      },
      annotations,
    );

  it('is sent, then accepted, and none follows', async () => {
    const run = flow([profile('jane'), line]);
    await run.apply();
    const [invitation] = await sentTo(run);
    expect(statusIn(run, profile('jane')).invitation).toEqual({
      state: 'Sent',
      sentTime: invitation?.sentTime,
      expiresTime: invitation?.expiresTime,
    });
    await run.control(`/invitations/${String(invitation?.id)}/accept`);
    await run.clock.sleep(100 * hourMs);
    await run.resync();
    expect(statusIn(run, profile('jane')).invitation?.state).toBe('Accepted');
    expect(await sentTo(run)).toHaveLength(1);
  });

  it('expires after 72 hours, which the status says with the way out, and is not sent again by itself', async () => {
    const run = flow([profile('jane'), line]);
    await run.apply();
    await run.clock.sleep(72 * hourMs - 60_000);
    await run.resync();
    expect(statusIn(run, profile('jane')).invitation?.state).toBe('Sent');
    await run.clock.sleep(60_000);
    await run.resync();
    expect(statusIn(run, profile('jane')).invitation).toMatchObject({
      state: 'Expired',
      message: expect.stringContaining('dialops.dev/invite'),
    });
    expect(run.reasons()[key]).toBe('Synced');
    expect(await sentTo(run)).toHaveLength(1);
  });

  it("that fails is told in the provider's words with the remedy, and is not sent again by itself", async () => {
    const unreachable = profile('jane', { email: 'jane@bounce.example.com', userName: 'jane@example.com' });
    const run = flow([unreachable, line]);
    await run.apply();
    await run.resync();
    expect(statusIn(run, unreachable).invitation).toMatchObject({
      state: 'Failed',
      message: expect.stringMatching(/550 5\.1\.1.*spec\.email.*dialops\.dev\/invite/),
    });
    expect(await sentTo(run)).toHaveLength(1);
  });

  it('is asked for again by the annotation: once for each new value, whatever the value looks like', async () => {
    const again = (value: string) => profile('jane', {}, { 'dialops.dev/invite': value });
    const run = flow([profile('jane'), line]);
    await run.apply();
    const tokens = ['2026-01-05T10:00:00Z', 'ticket #12', '', 'x'.repeat(5_000)];
    for (const [index, token] of tokens.entries()) {
      await run.apply([again(token), line]);
      await run.resync();
      await run.restart();
      await run.apply();
      expect(await sentTo(run), `after "${token.slice(0, 20)}"`).toHaveLength(index + 2);
    }
    expect(run.reasons()[key]).toBe('Synced');
  });

  it('is held when a user is taken over, until the YAML or the annotation asks for one', async () => {
    const run = flow([adopted(), extension('jane', '7299')]);
    await run.apply();
    expect(run.reasons()[key]).toBe('Synced');
    expect(statusIn(run, adopted()).invitation).toEqual({ state: 'Held' });
    await run.apply([adopted({}, { 'dialops.dev/invite': 'now' }), extension('jane', '7299')]);
    expect(await run.objects('invitation')).toHaveLength(1);
    expect(statusIn(run, adopted()).invitation?.state).toBe('Sent');
    const declared = flow([adopted({ invitation: 'Send' }), extension('jane', '7299')]);
    await declared.apply();
    expect(await declared.objects('invitation')).toHaveLength(1);
  });

  it('is held where the YAML says so, and for whom nobody made active', async () => {
    const held = profile('jane', { invitation: 'Hold' });
    const inactive = profile('joan', { status: 'Inactive' });
    const others = [line, extension('joan', '7201')];
    const run = flow([held, inactive, ...others]);
    await run.apply();
    expect(run.failures).toEqual([]);
    expect(statusIn(run, held).invitation).toEqual({ state: 'Held' });
    expect(statusIn(run, inactive).invitation).toEqual({ state: 'Held' });
    await run.apply([held, profile('joan', { status: 'Active' }), ...others]);
    expect(await sentTo(run, inactive)).toHaveLength(1);
  });

  it('is not needed before there is something to log in to, and goes out then', async () => {
    const run = flow([profile('jane')]);
    await run.apply();
    expect(statusIn(run, profile('jane')).invitation).toEqual({ state: 'NotNeeded' });
    expect(await run.objects('invitation')).toHaveLength(0);
    const rights = grant('jane', { pbxes: [pbxName], sections: [{ name: 'Users', privileges: ['View'] }] });
    await run.apply([profile('jane'), rights]);
    expect(run.reasons()).toEqual({ [key]: 'Synced', 'PrivilegeGrant/acme/jane': 'Synced' });
    expect(statusIn(run, profile('jane')).invitation?.state).toBe('Sent');
  });

  it('waits for its turn when those of the hour are used up, and its profile is not Ready before it went out', async () => {
    const people = [profile('amy'), profile('jane'), extension('amy', '7202'), line];
    const run = flow(people, { invitationsPerHour: 1 });
    await run.apply();
    expect(await run.objects('invitation')).toHaveLength(1);
    expect(run.reasons()).toMatchObject({
      'UserProfile/acme/amy': 'Synced',
      [key]: expect.stringMatching(/^WaitingForBudget: The 1 invitations an hour are used up/),
    });
    const { conditions, invitation } = statusIn(run, profile('jane'));
    expect(conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False' });
    expect(invitation).toBeUndefined();
    await run.clock.sleep(hourMs);
    await run.resync();
    expect(await sentTo(run)).toHaveLength(1);
    expect(run.reasons()[key]).toBe('Synced');
  });

  it('keeps its profile from Ready where it is not known whether one went out', async () => {
    const run = flow([profile('jane'), line]);
    await run.control('/faults', {
      match: { method: 'GET', path: '/invitations' },
      times: 40,
      respond: { status: 503, code: 'SERVICE_UNAVAILABLE' },
    });
    await run.apply();
    expect(run.externalId(profile('jane'))).toBeTruthy();
    expect(run.reasons()).toMatchObject({ [key]: expect.stringMatching(/^NotRead/) });
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    await run.control('/faults', {}, 'DELETE');
    await run.resync();
    expect(run.reasons()[key]).toBe('Synced');
    expect(await sentTo(run)).toHaveLength(1);
  });
});

it('goes out again to a user that is made in the place of one that somebody deleted', async () => {
  const run = new Flow({ resources: [profile('jane'), extension('jane', '7310')], company });
  await run.apply();
  const [before] = await run.objects('invitation');
  expect(before).toMatchObject({ userId: run.externalId(profile('jane')) });
  await run.inConsole('DELETE', `/users/${run.externalId(profile('jane'))}`);
  await run.resync();
  const after = (await run.objects('invitation')).map(({ userId }) => userId);
  expect(run.externalId(profile('jane'))).not.toBe(before?.userId);
  expect(after).toContain(run.externalId(profile('jane')));
});

it('holds up nobody for longer than a minute where ten may have been sent', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `guest-${index}`);
  const guests = names.flatMap((name, index) => [profile(name), extension(name, `73${10 + index}`)]);
  const run = new Flow({ resources: guests, company });
  await run.control('/faults', {
    match: { method: 'POST', path: '/invitations$' },
    times: 10,
    drop: 'before',
  });
  const applied = run.apply();
  const lost = () =>
    run.sent.filter(({ method, path }) => method === 'POST' && path === '/invitations').length;
  while (lost() < 10) await run.clock.sleep(1_000);
  run.resources = [...guests, profile('host')];
  run.loop.nudge('edit');
  const askedAt = run.clock.now();
  while (run.externalId(profile('host')) === undefined) await run.clock.sleep(1_000);
  expect(run.clock.now() - askedAt).toBeLessThan(75_000);
  await applied;
  await run.clock.sleep(60_000);
  await run.apply();
  expect(await run.objects('invitation')).toHaveLength(10);
}, 60_000);

describe('an invitation beside an update of its profile', () => {
  const again = { 'dialops.dev/invite': 'again' };
  const edited = [profile('jane', { jobTitle: 'Engineer' }, again), line];
  const invited = async (leavesOverdue = false) => {
    const run = new Flow({ resources: [profile('jane'), line], company, leavesOverdue });
    await run.apply();
    await run.clock.sleep(10 * 60_000);
    return run;
  };
  const mailsSince = (run: Flow, before: number) =>
    run.sent.slice(before).filter(({ method, path }) => method === 'POST' && path === '/invitations').length;

  it('goes out once where a crash leaves both under way', async () => {
    const run = await invited();
    await run.control('/settings', { latencyMs: { min: 40_000, max: 40_000 } });
    const before = run.sent.length;
    const writing = run.apply(edited).catch(() => undefined);
    await run.clock.sleep(15_000);
    await run.restart();
    await writing;
    await run.apply(edited);
    await run.clock.sleep(10 * 60_000);
    await run.apply(edited);
    expect(mailsSince(run, before)).toBe(1);
    expect(run.reasons()['UserProfile/acme/jane']).toBe('Synced');
  });

  it.each([
    ['as long as the update', false],
    ['longer than the update', true],
  ])('goes out once where it takes %s and is left to later runs', async (_name, isUpdateShort) => {
    const run = await invited(true);
    const slow = { latencyMs: { min: 900_000, max: 900_000 } };
    const quick = { latencyMs: { min: 1_000, max: 2_000 } };
    await run.control('/settings', slow);
    const before = run.sent.length;
    if (isUpdateShort) {
      run.tamper((request) => {
        if (request.method === 'POST' && request.url.endsWith('/invitations'))
          void run.control('/settings', quick);
        return undefined;
      });
      const writing = run.apply([profile('jane', {}, again), line]);
      await run.clock.sleep(5_000);
      run.resources = edited;
      run.loop.nudge('edit');
      await writing;
    } else {
      await run.apply(edited);
    }
    await run.restart();
    await run.apply(edited);
    await run.clock.sleep(20 * 60_000);
    await run.control('/settings', quick);
    await run.restart();
    await run.apply(edited);
    expect(mailsSince(run, before)).toBe(1);
    expect(run.reasons()['UserProfile/acme/jane']).toBe('Synced');
  });
});
