import { describe, expect, it } from 'vitest';
import { compile } from '../../src/account/compile/compile.ts';
import { diff } from '../../src/account/diff.ts';
import { read } from '../../src/account/path.ts';
import { defaultAllowance } from '../../src/account/removal-guard.ts';
import { extension } from '../../src/account/testing/resources.ts';
import { reportPlan } from '../../src/report/plan/plan-report.ts';
import { summaryLine } from '../../src/report/plan/plan-text.ts';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';
import { statusIn } from './support/status.ts';

const key = 'UserProfile/acme/jane';
/** What `dialops plan` would say of these resources now. */
function planOf(run: Flow, resources: Flow['resources']) {
  const memory = run.store.snapshot();
  const observed = run.loop.view;
  const now = run.clock.now();
  const desired = compile({
    resources,
    policy: run.policy,
    observed,
    memory,
    now,
    secretRevision: () => '1',
  });
  const plan = diff({ desired, observed, memory, driftPolicy: 'Correct', removals: defaultAllowance });
  const limits = { perMinute: 100, operationsInFlight: 10 };
  return reportPlan(plan, desired, {
    phoneSystem: 'default',
    resources: 1,
    findings: [],
    undeclared: [],
    showValues: false,
    nameOf: () => undefined,
    limits,
  });
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('logins, with %s list rows', (_name, sparseRows) => {
  const flow = (resources: Flow['resources']) => new Flow({ resources, company, sandbox: { sparseRows } });
  const userNames = async (run: Flow) =>
    (await run.objects('user')).map((user) => {
      const name = read(user, ['basicInfo', 'userName']);
      return name.present ? name.value : undefined;
    });

  it('that change in the YAML rename the same user, with its line, its id and no second mail', async () => {
    const run = flow([profile('jane'), extension('jane', '7301')]);
    await run.apply();
    const id = run.externalId(profile('jane'));
    const line = run.externalId(extension('jane', '7301'));
    const before = (await userNames(run)).length;
    const renamed = profile('jane', { userName: 'jane.new@example.com' });
    await run.apply([renamed, extension('jane', '7301')]);
    await run.resync();
    expect(run.reasons()).toEqual({ [key]: 'Synced', 'Extension/acme/jane': 'Synced' });
    expect(run.externalId(renamed)).toBe(id);
    expect(run.externalId(extension('jane', '7301'))).toBe(line);
    expect(await userNames(run)).toContain('jane.new@example.com');
    expect(await userNames(run)).toHaveLength(before);
    expect(statusIn(run, renamed).userName).toBe('jane.new@example.com');
    expect(await run.objects('invitation')).toHaveLength(1);
  });

  it('stay when only the email changes', async () => {
    const run = flow([profile('jane')]);
    await run.apply();
    await run.apply([profile('jane', { email: 'jane.new@example.com' })]);
    expect(run.reasons()[key]).toBe('Synced');
    const user = (await run.object('user', run.externalId(profile('jane')))) ?? {};
    expect(user.basicInfo).toMatchObject({
      userName: 'jane@example.com',
      primaryEmail: 'jane.new@example.com',
    });
  });

  it('are not taken from somebody else who has the name', async () => {
    const run = flow([profile('jane'), profile('joan')]);
    await run.apply();
    await run.apply([profile('jane', { userName: 'joan@example.com' }), profile('joan')]);
    expect(run.reasons()).toEqual({
      [key]: expect.stringMatching(/^Conflict: spec\.userName/),
      'UserProfile/acme/joan': 'Synced',
    });
    expect(await userNames(run)).toEqual(expect.arrayContaining(['jane@example.com', 'joan@example.com']));
  });

  it("that a SCIM directory owns keep the directory's values, and the condition names the fields", async () => {
    const run = flow([profile('jane', { jobTitle: 'Engineer', timezone: 'America/Chicago' })]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.patchInConsole(`/users/${id}`, {
      basicInfo: { scimProvider: 'Example Directory', firstName: 'Janet' },
      directoryInfo: { jobTitle: 'Director' },
    });
    await run.resync();
    const owned = profile('jane', {
      jobTitle: 'Engineer',
      timezone: 'Europe/London',
      userName: 'other@example.com',
    });
    await run.apply([owned]);
    await run.resync();
    expect(run.reasons()[key]).toBe('Synced');
    expect(await run.object('user', id)).toMatchObject({
      basicInfo: { userName: 'jane@example.com', firstName: 'Janet', timezone: 'Europe/London' },
      directoryInfo: { jobTitle: 'Director' },
    });
    const status = statusIn(run, owned);
    expect(status.leftAlone).toEqual(['email', 'firstName', 'jobTitle', 'lastName', 'userName']);
    expect(status.conditions?.find(({ type }) => type === 'FieldsLeftAlone')).toMatchObject({
      status: 'True',
      reason: 'OwnedByDirectory',
      message: expect.stringContaining('spec.jobTitle'),
    });
    expect(status.drift).toBeUndefined();
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
  });

  it('that a SCIM directory took over a moment ago are left to it by a write that was planned before', async () => {
    const run = flow([profile('jane', { timezone: 'America/Chicago' })]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.patchInConsole(`/users/${id}`, { basicInfo: { scimProvider: 'Example Directory' } });
    await run.apply([profile('jane', { timezone: 'Europe/London', lastName: 'Other' })]);
    expect((await run.object('user', id))?.basicInfo).toMatchObject({
      lastName: 'Example',
      timezone: 'Europe/London',
    });
    expect(run.reasons()[key]).toBe('Synced');
    expect(run.failures).toEqual([]);
  });

  it('come with mails, whose number the plan tells, and no more of them go out', async () => {
    const people = ['amy', 'jane', 'joan'].map((name) => profile(name));
    const lines = ['amy', 'jane'].map((name, index) => extension(name, `740${index}`));
    const held = [profile('held', { invitation: 'Hold' }), extension('held', '7409')];
    const there = [profile('first'), extension('first', '7499')];
    const run = flow(there);
    await run.apply();
    const everybody = [...there, ...people, ...lines, ...held];
    const planned = planOf(run, everybody);
    expect(planned.summary.emails).toBe(2);
    expect(summaryLine(planned)).toContain('2 invitations by email.');
    const before = (await run.objects('invitation')).length;
    await run.apply(everybody);
    expect(await run.objects('invitation')).toHaveLength(before + 2);
    await run.resync();
    expect(planOf(run, everybody).summary.emails).toBe(0);
  });
});
