import { afterAll, describe, expect, it } from 'vitest';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { kubectlOutput } from './kubectl.ts';
import { operatorHome } from './support/operator-process.ts';
import { basicInfo } from './support/phone-system.ts';
import { extension, profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'restart', company, startOperator: false });
const people = Array.from({ length: 20 }, (_, index) => `person-${index}`);

const logins = async () => (await work.phones.list('users')).map((user) => String(basicInfo(user).userName));

async function expectEachOnce(): Promise<void> {
  const found = await logins();
  for (const name of people) expect(found.filter((login) => login === `${name}@example.com`)).toHaveLength(1);
  const numbers = (await work.phones.list('extensions')).map((one) => one.extensionNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
}

/** Writes of which nobody knows whether they were sent. */
async function unanswered(): Promise<unknown[]> {
  const pending = (await work.all('userprofiles,extensions')).map((object) =>
    member(member(member(object, 'status'), 'memory'), 'pending'),
  );
  return pending.filter(({ intent, operationId }) => intent !== undefined && operationId === undefined);
}

describe('an operator that is stopped and started again', () => {
  it('makes nobody twice, wherever it was stopped', async () => {
    await work.phones.control('/settings', { latencyMs: { min: 300, max: 900 } });
    await work.apply(
      ...people.flatMap((name, index) => [profile(name, { site }), extension(name, String(7400 + index))]),
    );
    // Stopped as soon as it has made so many requests more: in the middle of whatever that is.
    for (const requests of [12, 25, 17, 31, 22, 40]) {
      const operator = await work.startOperator();
      const sent = () => operator.log.filter((line) => line.includes('"message":"request"')).length;
      await eventually('some requests', () => expect(sent()).toBeGreaterThanOrEqual(requests), {
        intervalMs: 10,
      });
      await operator.stop();
      // What was noted and not sent is taken back: nobody has to look for it.
      expect(await unanswered()).toEqual([]);
    }
    await work.startOperator();
    await work.waitFor('Ready', 'userprofiles', '--all');
    await work.waitFor('Ready', 'extensions', '--all');
    await expectEachOnce();
  }, 240_000);

  it('follows an operation that was under way to its end, and sends it no second time', async () => {
    await work.phones.control('/settings', { latencyMs: { min: 5_000, max: 5_000 } });
    await work.apply(profile('slow', { site }));
    await eventually('the operation to be recorded', async () => {
      const pending = member(member(await work.status('userprofile/slow'), 'memory'), 'pending');
      expect(pending).toMatchObject({ intent: 'Create', operationId: expect.any(String) });
    });
    await work.operator.stop();
    await work.phones.control('/stats', undefined, 'DELETE');
    await work.startOperator();
    await work.becomes('userprofile/slow', 'Synced');
    expect((await work.phones.stats()).requests['POST /users'] ?? 0).toBe(0);
    expect((await logins()).filter((login) => login === 'slow@example.com')).toHaveLength(1);
    await work.phones.control('/settings', { latencyMs: { min: 50, max: 150 } });
  });

  it('waits for the answer to what it has sent before it ends, and knows of it afterwards', async () => {
    const asked = async () => (await work.phones.stats()).requests['POST /users'] ?? 0;
    await work.phones.control('/faults', { match: { method: 'POST', path: '/users$' }, delayMs: 2_000 });
    const before = await asked();
    await work.apply(profile('parting', { site }));
    await eventually('the request', async () => expect(await asked()).toBe(before + 1), { intervalMs: 20 });
    await work.operator.stop();
    const { pending } = member(await work.status('userprofile/parting'), 'memory');
    expect(pending).toMatchObject({ intent: 'Create', operationId: expect.any(String) });
    await work.startOperator();
    await work.becomes('userprofile/parting', 'Synced');
    expect(await asked()).toBe(before + 1);
    await work.phones.control('/faults', undefined, 'DELETE');
  });

  it('writes a status anew that was lost while it ran', async () => {
    const { externalId } = await work.status('userprofile/slow');
    await work.kubectl(
      'patch',
      'userprofile/slow',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":null}',
    );
    await work.becomes('userprofile/slow', 'Synced');
    expect((await work.status('userprofile/slow')).externalId).toBe(externalId);
  });

  it('binds by annotation, or by name where that is allowed, when a status was lost while it was down', async () => {
    await work.operator.stop();
    const ids = new Map<string, unknown>();
    for (const name of ['person-0', 'person-1', 'person-2']) {
      const resource = `userprofile/${name}`;
      ids.set(name, (await work.status(resource)).externalId);
      await work.kubectl('patch', resource, '--subresource=status', '--type=merge', '-p', '{"status":null}');
    }
    await work.annotate('userprofile/person-0', 'dialops.dev/external-id', String(ids.get('person-0')));
    await work.patch('userprofile/person-1', { spec: { adoptionPolicy: 'IfUnclaimed' } });
    await work.startOperator();
    await work.becomes('userprofile/person-0', 'Synced');
    await work.becomes('userprofile/person-1', 'Synced');
    expect(await work.becomes('userprofile/person-2', 'Conflict')).toContain(String(ids.get('person-2')));
    for (const name of ['person-0', 'person-1'])
      expect((await work.status(`userprofile/${name}`)).externalId).toBe(ids.get(name));
    await work.annotate('userprofile/person-2', 'dialops.dev/external-id', String(ids.get('person-2')));
    await work.becomes('userprofile/person-2', 'Synced');
    await expectEachOnce();
  });
});

describe('two operators', () => {
  it('work one at a time: the second takes over when the first is stopped', async () => {
    const first = work.operator;
    const second = await work.startOperator({ identity: `second-${work.namespace}` });
    const leading = (operator: typeof first) =>
      operator.page('/metrics').then(({ text }) => /^dialops_leader 1$/m.test(text));
    await eventually('the first to lead', async () => expect(await leading(first)).toBe(true));
    await work.apply(profile('under-first', { site }));
    await work.becomes('userprofile/under-first', 'Synced');
    expect(await leading(second)).toBe(false);
    expect(second.log.filter((line) => line.includes('"message":"request"'))).toEqual([]);
    expect((await second.page('/readyz')).status).toBe(200);
    await first.stop();
    await eventually('the second to lead', async () => expect(await leading(second)).toBe(true));
    await work.apply(profile('under-second', { site }));
    await work.becomes('userprofile/under-second', 'Synced');
    expect((await logins()).filter((login) => login.startsWith('under-'))).toHaveLength(2);
  });

  it('one whose Lease is taken writes nothing more, and begins anew once it has it back', async () => {
    const operator = work.operator;
    const lease = `lease/dialops-operator-${work.namespace}`;
    const spec = { holderIdentity: 'somebody-else', leaseDurationSeconds: 15 };
    const patch = ['patch', lease, '-n', operatorHome, '--type=merge', '-p', JSON.stringify({ spec })];
    await kubectlOutput(work.cluster.kubectl, patch);
    const said = (message: string) => operator.log.findLastIndex((line) => line.includes(`"${message}"`));
    await eventually('the loss', () => expect(said('no longer leading')).toBeGreaterThan(said('leading')));
    const lost = said('no longer leading');
    const { writes } = await work.phones.stats();
    await work.apply(profile('under-nobody', { site }));
    await eventually('the Lease to run out', () => expect(said('leading')).toBeGreaterThan(lost), {
      timeoutMs: 60_000,
    });
    const between = operator.log.slice(lost, said('leading'));
    expect(between.filter((line) => line.includes('"message":"request"'))).toEqual([]);
    await work.becomes('userprofile/under-nobody', 'Synced');
    expect((await work.phones.stats()).writes).toBeGreaterThan(writes);
    expect((await logins()).filter((login) => login.startsWith('under-nobody'))).toHaveLength(1);
  }, 120_000);

  afterAll(async () => {
    await work.operator.stop();
  });
});

describe('health and metrics', () => {
  it('are served, with the names that the documentation gives', async () => {
    const operator = await work.startOperator();
    await eventually('readiness', async () => expect((await operator.page('/readyz')).status).toBe(200));
    expect(await operator.page('/healthz')).toMatchObject({ status: 200 });
    await work.annotate('phonesystem/default', 'dialops.dev/reconcile-requested-at', 'now');
    await eventually('figures', async () => {
      const { text } = await operator.page('/metrics');
      const account = `account="${work.namespace}/default"`;
      for (const line of [
        'dialops_leader 1',
        `dialops_phone_system_requests_total{${account},method="GET",route="/users",code="200"}`,
        `dialops_phone_system_budget_remaining{${account}}`,
        `dialops_phone_system_operations_in_flight{${account}} 0`,
        `dialops_last_sync_timestamp_seconds{${account},sync="full"}`,
        `dialops_resources_managed{${account},kind="UserProfile"} 25`,
        `dialops_resources_managed{${account},kind="Extension"} 20`,
        `dialops_resources_managed{${account},kind="PrivilegeGrant"} 0`,
        `dialops_resources_drifted{${account},kind="UserProfile"} 0`,
        `dialops_resources_unmanaged{${account},kind="UserProfile"}`,
        'dialops_status_writes_total{kind="PhoneSystem"}',
        `dialops_reconcile_duration_seconds_count{${account},outcome="planned"}`,
        'dialops_queue_depth{queue="phonesystems",priority="edit"}',
        'dialops_queue_wait_seconds_count{queue="phonesystems"',
        'dialops_kubernetes_request_duration_seconds_count{verb="patch",resource="userprofiles"}',
        'dialops_kubernetes_requests_total{verb="watch",resource="userprofiles",code="200"}',
        'process_cpu_seconds_total',
      ])
        expect(text).toContain(line);
    });
    expect((await operator.page('/anything')).status).toBe(404);
    const { stdout } = await work.cluster.kubectl(['get', 'userprofile/slow', '-n', work.namespace]);
    expect(stdout).toContain('slow');
  });
});
