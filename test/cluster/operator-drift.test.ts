import { beforeAll, describe, expect, it } from 'vitest';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { extensionsOf, userId } from './support/phone-system.ts';
import { extension, grant, profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
// Only the incremental reading may find anything: no full one comes in time.
const work = new Workplace({
  prefix: 'drift',
  company,
  phoneSystem: { driftPolicy: 'Report', sync: { incremental: '2s', full: '1h' } },
});
const culprit = 'culprit@example.com';

const jane = () => work.phones.user('jane@example.com');
const directory = async () => member(await jane(), 'directoryInfo');
const drift = async (resource: string) => member(await work.status(resource), 'drift');

async function drifted(resource: string): Promise<void> {
  await eventually(`${resource} to be found drifted`, async () => {
    expect(await work.condition(resource, 'Drifted')).toMatchObject({ status: 'True' });
    expect(await drift(resource)).toMatchObject({ changedBy: culprit, changedAt: expect.any(String) });
  });
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

describe('a change behind the YAML', () => {
  beforeAll(async () => {
    await work.apply(
      profile('jane', { site, jobTitle: 'Clerk' }),
      extension('jane', '7201', { callWaiting: true, timezone: 'America/Denver' }),
      grant('jane', { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] }),
    );
    await work.waitFor('Ready', 'userprofile/jane', 'extension/jane', 'privilegegrant/jane');
    await work.comesToRest();
  });

  it('is found within an interval, with who did it and when, and only told under Report', async () => {
    const id = userId(await jane());
    const extensionId = String(extensionsOf(await jane())[0]?.id);
    await work.phones.console(culprit, `/users/${id}`, { directoryInfo: { jobTitle: 'Queen' } });
    await work.phones.console(culprit, `/extension-settings/${extensionId}`, {
      timezone: 'America/New_York',
    });
    await drifted('userprofile/jane');
    await drifted('extension/jane');
    expect((await drift('userprofile/jane')).paths).toEqual([
      { path: 'directoryInfo.jobTitle', owner: 'spec.jobTitle' },
    ]);
    expect((await drift('extension/jane')).paths).toEqual([{ path: 'timezone', owner: 'spec.timezone' }]);
    expect(await work.condition('userprofile/jane')).toMatchObject({
      status: 'True',
      reason: 'DriftNotCorrected',
    });
    await work.tells('userprofile/jane', /^Drifted: Changed in the account: directoryInfo\.jobTitle/);
    await work.rounds();
    expect((await directory()).jobTitle).toBe('Queen');
  });

  it('is in the DriftReport of the PhoneSystem, which owns it, in the words of the CLI', async () => {
    const report = async () => await work.status('driftreport/default');
    await eventually('the report', async () => {
      expect((await report()).summary).toMatchObject({ managed: 3, drifted: 2, missing: 0, unknown: 0 });
      expect((await report()).resources).toMatchObject([
        { kind: 'Extension', name: 'jane', state: 'Drifted', changedBy: culprit, author: 'Known' },
        {
          kind: 'UserProfile',
          name: 'jane',
          state: 'Drifted',
          paths: [{ path: 'directoryInfo.jobTitle', owner: 'spec.jobTitle' }],
          changedBy: culprit,
          author: 'Known',
        },
      ]);
    });
    const { history, summary, unmanaged } = await report();
    expect(summary).toMatchObject({ unmanaged: expect.any(Number) });
    expect(unmanaged).toContainEqual({ type: 'user', count: 3 });
    expect(history).toMatchObject([
      { drifted: expect.any(Number) },
      ...(lengthOf(history) > 1 ? [{ drifted: 2 }] : []),
    ]);
    expect(JSON.stringify(await report())).not.toContain('Queen');
    expect(await work.condition('driftreport/default')).toMatchObject({
      status: 'True',
      message: expect.stringMatching(/^2 drifted, \d+ unmanaged; 3 managed resources\.$/),
    });
    const owners = JSON.parse(
      await work.kubectl('get', 'driftreport/default', '-o', 'jsonpath={.metadata.ownerReferences}'),
    );
    expect(owners).toMatchObject([{ kind: 'PhoneSystem', name: 'default', controller: true }]);
  });

  it('is counted on the PhoneSystem, and shown without anything that changes by itself', async () => {
    await eventually('the count', async () => {
      expect(member(await work.status('phonesystem/default'), 'counts').drifted).toBeGreaterThanOrEqual(2);
    });
    const versions = await work.resourceVersions();
    await work.rounds(4);
    expect(await work.resourceVersions()).toEqual(versions);
  });

  it('is corrected under Correct, with an Event', async () => {
    await work.patch('phonesystem/default', { spec: { driftPolicy: 'Correct' } });
    await eventually('the correction', async () => expect((await directory()).jobTitle).toBe('Clerk'));
    await work.becomes('userprofile/jane', 'Synced');
    await work.becomes('extension/jane', 'Synced');
    await eventually('the drift to be over', async () => {
      expect(await work.condition('userprofile/jane', 'Drifted')).toBeUndefined();
      expect(await work.status('userprofile/jane')).not.toHaveProperty('drift');
    });
    await work.tells('userprofile/jane', /^DriftCorrected: .*directoryInfo\.jobTitle/);
    await eventually('the report to say so', async () => {
      const { history, resources, summary } = await work.status('driftreport/default');
      expect(summary).toMatchObject({ drifted: 0, missing: 0 });
      expect(resources).toBeUndefined();
      expect(Array.isArray(history) && history.at(-1)).toMatchObject({
        drifted: 0,
        missing: 0,
        corrected: expect.any(Number),
      });
    });
  });

  it('that is corrected at once is told of all the same', async () => {
    const extensionId = extensionsOf(await jane())[0]?.id;
    await work.phones.console(culprit, `/users/${userId(await jane())}`, {
      serviceInfo: { extensions: [{ ...extensionsOf(await jane())[0], callWaitingEnabled: false }] },
    });
    await eventually('the correction', async () => {
      const events = await work.events('extension/jane');
      expect(events).toContainEqual(
        expect.stringContaining(`serviceInfo.extensions[id=${String(extensionId)}].callWaitingEnabled`),
      );
      expect(events).toContainEqual(expect.stringMatching(/^DriftCorrected: .*callWaitingEnabled/));
      expect(extensionsOf(await jane())[0]).toMatchObject({ callWaitingEnabled: true });
    });
  });

  it('that deletes a person is found, told and undone, with a new id', async () => {
    const before = userId(await jane());
    await work.kubectl('delete', 'privilegegrant/jane');
    await work.phones.control('/console', {
      actor: { userName: culprit },
      method: 'DELETE',
      path: `/users/${before}`,
    });
    await eventually(
      'her to be there again',
      async () => {
        expect(userId(await jane())).not.toBe(before);
        expect((await work.status('userprofile/jane')).externalId).toBe(userId(await jane()));
      },
      { timeoutMs: 60_000 },
    );
    await work.becomes('userprofile/jane', 'Synced');
    await work.becomes('extension/jane', 'Synced');
    await work.tells('userprofile/jane', /^Drifted: It was deleted in the account/);
  });
});
