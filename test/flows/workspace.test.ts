import { describe, expect, it } from 'vitest';
import { namesIn } from '../../src/account/names.ts';
import { extension } from '../../src/account/testing/resources.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { reportPlan } from '../../src/report/plan/plan-report.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import type { PhoneSystem } from '../../src/resources/generated/phone-system.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { emptyLock } from '../../src/workspace/lock-file.ts';
import { type Retry, type Run, type RunOptions, runOnce } from '../../src/workspace/run.ts';
import { SecretFiles } from '../../src/workspace/secret-files.ts';
import { endpoint, Flow, type FlowOptions } from './support/account.ts';
import { MemoryLock } from './support/memory-lock.ts';
import { company, profile, sharedExtension, siteName } from './support/resources.ts';

const phoneSystem: PhoneSystem = {
  apiVersion: 'dialops.dev/v1alpha1',
  kind: 'PhoneSystem',
  metadata: { name: 'default', namespace: 'acme' },
  spec: { endpoint, apiKeySecretRef: { name: 'phone', key: 'key' } },
};

/** A sandbox, and runs over files against it. */
function workspace(options: Partial<FlowOptions> = {}) {
  const account = new Flow({ resources: [], company, ...options });
  const lockFile = new MemoryLock();
  const run = (resources: readonly AccountResource[], more: Partial<RunOptions> = {}): Promise<Run> =>
    runOnce({
      phoneSystem,
      resources,
      endpoint,
      apiKey: async () => 'a-key-for-tests',
      transport: account.transport(),
      lockFile,
      secrets: new SecretFiles(undefined),
      clock: account.clock,
      random: () => 0.5,
      faulty: new Set<string>(),
      prune: false,
      signal: new AbortController().signal,
      planOnly: false,
      ...more,
    });
  const report = ({ plan, host, observed }: Run, showValues = false) =>
    reportPlan(plan, host.desired ?? neverPlanned(), {
      phoneSystem: 'default',
      resources: 1,
      findings: [],
      undeclared: host.undeclared,
      showValues,
      nameOf: namesIn(observed),
      limits: { perMinute: 100, operationsInFlight: 10 },
    });
  return { account, lockFile, run, report };
}

function neverPlanned(): never {
  throw new Error('nothing was planned');
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('files beside an account, with %s list rows', (_name, sparseRows) => {
  const sandbox = { sparseRows };

  it('shows a plan and writes nothing, applies it, and has nothing left to do', async () => {
    const { account, lockFile, run, report } = workspace({ sandbox });
    const files = [profile('jane', { jobTitle: 'Engineer' }), extension('jane', '7001')];
    const planned = await run(files, { planOnly: true });
    expect(account.writes()).toBe(0);
    expect(lockFile.lock).toBe(emptyLock);
    expect(report(planned).summary).toMatchObject({ create: 1, update: 0, delete: 0, held: 0 });
    const text = planText(report(planned), { color: false });
    expect(text).toContain('+ create user of UserProfile jane');
    expect(text).toMatch(new RegExp(`^ {6}spec\\.site +${siteName}$`, 'm'));
    expect(text).toMatch(/^ {6}Extension jane spec\.number +7001$/m);
    expect(text).toContain('jane@example.com');
    expect(planMarkdown(report(planned))).toContain('**create** `user of UserProfile jane`');

    const applied = await run(files);
    expect([...applied.host.failures]).toEqual([]);
    const again = await run(files, { planOnly: true });
    expect(report(again)).toMatchObject({ changes: [], problems: [], unknown: [], released: [] });
    expect(planText(report(again), { color: false })).toMatch(/^Nothing to do/);
  });

  it('tells drift from a pending edit by what the lock remembers, and keeps personal values to itself', async () => {
    const { account, run, report } = workspace({ sandbox });
    const jane = profile('jane', { jobTitle: 'Engineer', department: 'Sales' });
    const { host } = await run([jane]);
    const id = host.lock().resources.get('UserProfile/acme/jane')?.status?.externalId;
    await account.patchInConsole(`/users/${id}`, { directoryInfo: { jobTitle: 'Pirate' } });
    const edited = profile('jane', { jobTitle: 'Engineer', department: 'Support' });
    const planned = await run([edited], { planOnly: true });
    const fields = report(planned).changes.flatMap((change) => change.fields);
    expect(Object.fromEntries(fields.map(({ field, cause }) => [field, cause]))).toEqual({
      'spec.jobTitle': 'drift',
      'spec.department': 'pending',
    });
    const text = planText(report(planned), { color: false });
    expect(text).not.toContain('Pirate');
    expect(text).toMatch(/spec\.jobTitle +\(not shown\) → Engineer {2}\(changed in the account\)/);
    expect(planText(report(planned, true), { color: false })).toContain('Pirate → Engineer');
  });

  it('leaves what the files no longer hold alone, and removes it with prune', async () => {
    const { account, run, report } = workspace({ sandbox });
    const joan = profile('joan', { deletionPolicy: 'Delete' });
    const { host } = await run([profile('jane'), joan]);
    const id = host.lock().resources.get('UserProfile/acme/joan')?.status?.externalId;
    const kept = await run([profile('jane')]);
    expect(report(kept).undeclared).toEqual(['UserProfile joan']);
    expect(await account.object('user', id)).toBeDefined();
    const pruned = await run([profile('jane')], { prune: true });
    expect(await account.object('user', id)).toBeUndefined();
    expect([...pruned.host.lock().resources.keys()]).toEqual(['UserProfile/acme/jane']);
  });
});

describe('files beside an account', () => {
  it.each([
    ['before it is sent', 0, undefined],
    ['while it is on its way', 20, { intent: 'Create', operationId: expect.any(String) }],
  ])('never makes a user twice although the run ends in a create, %s', async (_when, afterMs, noted) => {
    const { account, lockFile, run } = workspace();
    const stop = new AbortController();
    const jane = profile('jane');
    const end = () => stop.abort(new Error('Ctrl-C'));
    const ended = run([jane], {
      signal: stop.signal,
      onBegun: () => (afterMs > 0 ? void account.clock.sleep(afterMs).then(end) : end()),
    });
    await expect(ended).rejects.toThrow('Ctrl-C');
    const locked = lockFile.lock.resources.get('UserProfile/acme/jane')?.status?.memory?.pending;
    if (noted) expect(locked).toMatchObject(noted);
    else expect(locked).toBeUndefined();
    const since = account.clock.now();
    await run([jane]);
    // Neither of them has to be looked for.
    expect(account.clock.now() - since).toBeLessThan(45_000);
    await run([jane]);
    const users = await account.objects('user');
    const janes = users.filter((user) => JSON.stringify(user).includes('"jane@example.com"'));
    expect(janes).toHaveLength(1);
  });

  it('counts a removal before it is sent, for the run after one that is killed', async () => {
    const { account, lockFile, run } = workspace();
    const joan = profile('joan', { deletionPolicy: 'Delete' });
    await run([joan]);
    const deletions = () => account.sent.filter(({ method }) => method === 'DELETE').length;
    const noted: { sent: number; removals: number }[] = [];
    lockFile.note = async (_resources, removals = []) => {
      noted.push({ sent: deletions(), removals: removals.reduce((sum, { count }) => sum + count, 0) });
    };
    await run([], { prune: true });
    expect(noted[0]).toEqual({ sent: 0, removals: 1 });
    expect(deletions()).toBe(1);
    expect(lockFile.lock.removals).toEqual([expect.objectContaining({ count: 1 })]);
  });

  it('tries four times what fails for a reason that may pass, tells each wait, and does the rest', async () => {
    const { account, run } = workspace();
    await account.control('/faults', {
      match: { method: 'POST', path: '/users$' },
      times: 1_000,
      respond: { status: 503, code: 'SERVICE_UNAVAILABLE' },
    });
    const retries: Retry[] = [];
    const desk = sharedExtension('desk', '7200');
    const { host } = await run([profile('jane'), desk], { onRetry: (retry) => retries.push(retry) });
    expect(retries.map(({ attempt, failed, of }) => [failed, attempt, of])).toEqual([
      [1, 2, 4],
      [1, 3, 4],
      [1, 4, 4],
    ]);
    for (const { waitMs } of retries) expect(waitMs).toBeLessThanOrEqual(25_000);
    expect([...host.failures.keys()]).toEqual(['UserProfile/acme/jane']);
    expect(await account.objects('extension')).toHaveLength(1);
    await account.control('/faults', {}, 'DELETE');
    await run([profile('jane'), desk]);
    expect(await account.objects('user')).toHaveLength(company.users.length + 1);
  });

  it('refuses the key of another account before it writes', async () => {
    const { account, run } = workspace();
    const spec = { ...phoneSystem.spec, customerId: '0012J00000OTHER0001' };
    await expect(run([profile('jane')], { phoneSystem: { ...phoneSystem, spec } })).rejects.toThrow(
      /belongs to account 0012J00000TEST0001, and these files are for 0012J00000OTHER0001/,
    );
    expect(account.writes()).toBe(0);
  });

  it.each([
    ['a list of users', /\/users\?/, /belongs to account 0012J00000TEST0001/],
    ['one user', /\/users\/[^/]+$/, /belongs to account 0012J00000TEST0001/],
    ['nobody', /nowhere/, /does not say which account/],
  ])('refuses it also where only %s tells whose account it is', async (_who, where, message) => {
    const { account, run } = workspace();
    const spec = { ...phoneSystem.spec, customerId: '0012J00000OTHER0001' };
    const transport: RunOptions['transport'] = async (request, signal) => {
      const answer = await account.transport()(request, signal);
      if (where.test(request.url)) return answer;
      return { ...answer, body: answer.body.replaceAll('"customerId":', '"hidden":') };
    };
    await expect(
      run([profile('jane')], { transport, phoneSystem: { ...phoneSystem, spec } }),
    ).rejects.toThrow(message);
    expect(account.writes()).toBe(0);
  });

  it('tells what failed, and makes the rest', async () => {
    const { run } = workspace();
    const lost = profile('lost', { site: { name: 'Nowhere' } });
    const bare = profile('bare', { licenses: [{ name: 'No Such Licence' }] });
    const { host, plan } = await run([profile('jane'), lost, bare]);
    expect(plan.outcomes.get('UserProfile/acme/jane')?.reason).toBe('Synced');
    expect(host.desired?.problems.map(({ resource, reason }) => `${resource.name} ${reason}`)).toEqual([
      'lost ReferenceNotFound',
    ]);
    expect([...host.failures.values()].map(({ resource, field }) => `${resource.name} ${field}`)).toEqual([
      'bare licenses[No Such Licence]',
    ]);
  });
});
