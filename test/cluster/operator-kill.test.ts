import { afterEach, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { killCommands } from '../flows/support/command.ts';
import { eventually } from './eventually.ts';
import { OperatorChild } from './support/operator-child.ts';
import { operatorHome } from './support/operator-process.ts';
import { basicInfo, extensionsOf } from './support/phone-system.ts';
import { extension, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'kill', company, startOperator: false });
const people = Array.from({ length: 24 }, (_, index) => `crowd-${index}`);
const incoming = '+14085550177';
/** A killed leader's Lease runs out first. */
const takeOver = { timeoutMs: 60_000 };

const start = (identity: string) =>
  OperatorChild.start(work.cluster, { namespace: work.namespace, identity: `${identity}-${work.namespace}` });

const holder = () =>
  work.cluster
    .kubectl([
      ...['get', 'lease', `dialops-operator-${work.namespace}`, '-n', operatorHome],
      ...['-o', 'jsonpath={.spec.holderIdentity}'],
    ])
    .then(({ stdout }) => stdout);

/** Waits until the phone system has taken so many more writes, then returns at once: others are under way. */
async function untilWrites(count: number): Promise<void> {
  const { writes } = await work.phones.stats();
  await eventually(
    `${count} writes`,
    async () => expect((await work.phones.stats()).writes).toBeGreaterThanOrEqual(writes + count),
    { intervalMs: 5, ...takeOver },
  );
}

/** The numbers of all extensions, of users and of nobody. */
async function lines(): Promise<readonly string[]> {
  const users = await work.phones.list('users');
  const spare = await work.phones.list('extensions');
  return [...users.flatMap(extensionsOf), ...spare].map(({ extensionNumber }) => String(extensionNumber));
}

const sent = (operator: OperatorChild) =>
  operator.lines('request').filter((line) => !line.includes('"method":"GET"'));

async function mailsTo(name: string): Promise<number> {
  const outbox = await work.phones.control('/outbox', undefined, 'GET');
  const mails: readonly JsonObject[] = isJsonArray(outbox) ? outbox.filter(isJsonObject) : [];
  return mails.filter(({ to }) => to === `${name}@example.com`).length;
}

afterEach(() => killCommands());

describe('operators that are killed in the middle of writes', () => {
  it('are followed by another that takes the Lease over, and nothing was made twice', async () => {
    const before = (await lines()).length;
    await work.phones.control('/settings', { latencyMs: { min: 300, max: 900 } });
    // Answers come late, so that some writes are taken and nobody hears of it.
    await work.phones.control('/faults', { match: { method: 'POST' }, times: 1_000, delayMs: 150 });
    await work.secret(portSecretName, portSecret);
    await work.apply(
      ...people.flatMap((name, index) => [profile(name, { site }), extension(name, String(7400 + index))]),
      port('main', { numbers: [{ number: incoming }], submit: true }),
    );
    const first = await start('first');
    await first.logs('leading');
    const second = await start('second');
    await untilWrites(8);
    // Two at once: the second has seen everything, and has sent nothing.
    expect(await holder()).toBe(first.identity);
    expect(second.lines('request')).toEqual([]);
    await first.kill();
    expect(second.lines('leading')).toEqual([]);
    await second.logs('leading');
    expect(await holder()).toBe(second.identity);
    await untilWrites(9);
    await second.kill();
    const third = await start('third');
    await third.logs('leading');
    await work.phones.control('/faults', undefined, 'DELETE');
    for (const kind of ['userprofiles', 'extensions', 'portingorders', 'phonesystems'])
      await work.waitFor('Ready', kind, '--all');
    for (const operator of [first, second]) expect(sent(operator).length).toBeGreaterThan(0);

    const logins = (await work.phones.list('users')).map((user) => String(basicInfo(user).userName));
    expect(logins.toSorted()).toEqual([...new Set(logins)].toSorted());
    expect(logins).toEqual(expect.arrayContaining(people.map((name) => `${name}@example.com`)));
    expect(logins).toHaveLength(company.users.length + people.length);
    const after = await lines();
    expect(after).toHaveLength(before + people.length);
    // Those of the company itself repeat from site to site.
    const ours = people.map((_, index) => String(7400 + index));
    expect(after.filter((number) => number.startsWith('74')).toSorted()).toEqual(ours);
    expect(await work.phones.list('porting-orders')).toHaveLength(1);
    await work.comesToRest();
    for (const name of people)
      await eventually(`the mail to ${name}`, async () => {
        const { invitation } = await work.status(`userprofile/${name}`);
        expect({ mails: await mailsTo(name), invitation }).toMatchObject({ mails: 1 });
      });
    expect(await third.stop()).toBe(0);
  }, 300_000);
});

describe('removals', () => {
  it('of the last hour are counted by the operator that comes after a crash', async () => {
    await work.patch('phonesystem/default', { spec: { removalGuard: { maxCount: 6, maxPercent: 0 } } });
    const fourth = await start('fourth');
    await fourth.logs('leading');
    const [a, b, c, d, e, f, g] = people;
    await work.kubectl('delete', 'extensions', '--all', '--timeout=60s');
    await work.kubectl('delete', 'userprofiles', a ?? '', b ?? '', '--timeout=60s');
    // The next two are taken by the phone system and not confirmed when the operator is killed.
    await work.phones.control('/settings', { latencyMs: { min: 4_000, max: 4_000 } });
    await work.kubectl('delete', 'userprofiles', c ?? '', d ?? '', '--wait=false');
    for (const name of [c, d])
      await eventually(`the removal of ${name} to be sent`, async () => {
        const { memory } = await work.status(`userprofile/${name}`);
        expect(memory).toMatchObject({ pending: { operationId: expect.any(String) } });
      });
    await fourth.kill();
    await work.phones.control('/settings', { latencyMs: { min: 50, max: 150 } });
    const fifth = await start('fifth');
    await fifth.logs('leading');
    for (const name of [c, d]) await work.isGone(`userprofile/${name}`, takeOver);
    const last = [e, f, g].flatMap((name) => name ?? []);
    await work.kubectl('delete', 'userprofiles', ...last, '--wait=false');
    for (const name of last) await work.becomes(`userprofile/${name}`, 'RemovalGuard', takeOver);
    for (const name of last)
      expect(basicInfo(await work.phones.user(`${name}@example.com`)).status).toBe('ACTIVE');
    expect(await fifth.stop()).toBe(0);
  }, 200_000);
});
