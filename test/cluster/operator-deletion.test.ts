import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { basicInfo, extensionsOf } from './support/phone-system.ts';
import { extension, grant, profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({
  prefix: 'deletion',
  company,
  phoneSystem: { removalGuard: { maxCount: 50, maxPercent: 0 } },
});
const person = (name: string, spec: JsonObject = {}) => profile(name, { site, ...spec });
const statusOf = async (name: string) => basicInfo(await work.phones.user(`${name}@example.com`)).status;
const names = async () => (await work.phones.list('users')).map((user) => basicInfo(user).userName);

describe('what a deletion does', () => {
  it('is what the policy says: deactivate, delete, or nothing', async () => {
    await work.apply(
      person('left'),
      person('gone', { deletionPolicy: 'Delete' }),
      person('kept', { deletionPolicy: 'Orphan' }),
    );
    await work.waitFor('Ready', 'userprofiles', '--all');
    await work.kubectl('delete', 'userprofiles', 'left', 'gone', 'kept', '--timeout=60s');
    expect(await statusOf('left')).toBe('INACTIVE');
    expect(await names()).not.toContain('gone@example.com');
    expect(await statusOf('kept')).toBe('ACTIVE');
  });

  it('waits while others refer to the resource, and goes on when they are gone', async () => {
    await work.apply(person('busy'), extension('busy', '7301'));
    await work.waitFor('Ready', 'userprofile/busy', 'extension/busy');
    await work.kubectl('delete', 'userprofile/busy', '--wait=false');
    expect(await work.becomes('userprofile/busy', 'InUse')).toContain('Extension busy');
    expect(await statusOf('busy')).toBe('ACTIVE');
    await work.kubectl('delete', 'extension/busy');
    await work.isGone('userprofile/busy');
    expect(await statusOf('busy')).toBe('INACTIVE');
  });

  it('of an extension leaves it, takes it from its user, or removes it', async () => {
    await work.apply(
      person('phones'),
      extension('phones', '7310'),
      extension('spare', '7311', { userProfileRef: { name: 'phones' }, deletionPolicy: 'Unassign' }),
      extension('extra', '7312', { userProfileRef: { name: 'phones' }, deletionPolicy: 'Delete' }),
    );
    await work.waitFor('Ready', 'extension/phones', 'extension/spare', 'extension/extra');
    await work.kubectl('delete', 'extensions', 'phones', 'spare', 'extra', '--wait=false');
    for (const name of ['phones', 'spare', 'extra']) await work.isGone(`extension/${name}`);
    const left = extensionsOf(await work.phones.user('phones@example.com')).map((one) => one.extensionNumber);
    expect(left).toEqual(['7310']);
    const unassigned = (await work.phones.list('extensions')).map((one) => one.extensionNumber);
    expect(unassigned).toContain('7311');
    expect(unassigned).not.toContain('7312');
  });

  it('of a grant takes the privileges away before the resource is gone', async () => {
    const sections = [{ name: 'Billing', privileges: ['ViewBills'] }];
    await work.apply(person('admin'), grant('admin', { sections }));
    await work.becomes('privilegegrant/admin', 'Synced');
    const administrators = async () => (await work.phones.list('administrators')).map((one) => one.userName);
    expect(await administrators()).toContain('admin@example.com');
    await work.kubectl('delete', 'privilegegrant/admin', '--timeout=60s');
    expect(await administrators()).not.toContain('admin@example.com');
  });
});

describe('many deletions at once', () => {
  it('all wait until a person has approved exactly these, then all go on', async () => {
    await work.patch('phonesystem/default', { spec: { removalGuard: { maxCount: 2, maxPercent: 0 } } });
    const crowd = Array.from({ length: 14 }, (_, index) => `crowd-${index}`);
    await work.apply(...crowd.map((name) => person(name)));
    await work.waitFor('Ready', ...crowd.map((name) => `userprofile/${name}`));
    await work.kubectl('delete', 'userprofiles', ...crowd, '--wait=false');
    for (const name of crowd) await work.becomes(`userprofile/${name}`, 'RemovalGuard');
    await work.rounds();
    for (const name of crowd) expect(await statusOf(name)).toBe('ACTIVE');
    const pending = await eventually('the pending removals', async () => {
      const found = member(await work.status('phonesystem/default'), 'pendingRemovals');
      expect(found.count).toBe(crowd.length);
      return found;
    });
    await work.annotate('phonesystem/default', 'dialops.dev/approve-removals', 'something-else');
    await work.rounds();
    expect(await statusOf('crowd-0')).toBe('ACTIVE');
    await work.annotate('phonesystem/default', 'dialops.dev/approve-removals', String(pending.digest));
    for (const name of crowd) await work.isGone(`userprofile/${name}`);
    for (const name of crowd) expect(await statusOf(name)).toBe('INACTIVE');
    const status = await work.status('phonesystem/default');
    expect(status).not.toHaveProperty('pendingRemovals');
    expect(JSON.stringify(status.recentRemovals)).toContain('"count"');
  });
});

describe('what goes away as a whole', () => {
  it('a PhoneSystem lets its resources go, and changes nothing in the account', async () => {
    await work.apply(person('survivor'), extension('survivor', '7320'));
    await work.waitFor('Ready', 'userprofile/survivor', 'extension/survivor');
    const { writes } = await work.phones.stats();
    await work.kubectl('delete', 'phonesystem/default', '--timeout=60s');
    await work.becomes('userprofile/survivor', 'PhoneSystemNotReady');
    await work.tells('userprofile/survivor', /^Orphaned: /);
    expect(member(await work.get('userprofile/survivor'), 'metadata')).not.toHaveProperty('finalizers');
    await work.kubectl('delete', 'userprofile/survivor', '--timeout=60s');
    expect(await statusOf('survivor')).toBe('ACTIVE');
    expect((await work.phones.stats()).writes).toBe(writes);
  });

  it('one that comes back takes its resources up where they were', async () => {
    await work.apply(work.phoneSystem('default'));
    await work.becomes('extension/survivor', 'ReferenceNotFound');
    await work.apply(person('survivor', { adoptionPolicy: 'IfUnclaimed' }));
    await work.waitFor('Ready', 'userprofile/survivor', 'extension/survivor');
    expect((await names()).filter((name) => name === 'survivor@example.com')).toHaveLength(1);
  });

  it('a key that is gone lets go what is deleted', async () => {
    await work.apply(person('keyless', { deletionPolicy: 'Delete' }));
    await work.becomes('userprofile/keyless', 'Synced');
    await work.kubectl('delete', 'secret/phone-system-key');
    await work.becomes('phonesystem/default', 'SecretNotFound', { timeoutMs: 100_000 });
    await work.kubectl('delete', 'userprofile/keyless', '--timeout=60s');
    expect(await statusOf('keyless')).toBe('ACTIVE');
    await work.secret('phone-system-key', { 'api-key': work.phones.apiKey });
    await work.becomes('phonesystem/default', 'Synced', { timeoutMs: 60_000 });
  });

  it('a namespace goes at once, and nobody loses a phone', async () => {
    await work.apply(person('tenant', { deletionPolicy: 'Delete' }));
    await work.becomes('userprofile/tenant', 'Synced');
    const { writes } = await work.phones.stats();
    await work.cluster.kubectl(['delete', 'namespace', work.namespace, '--timeout=60s'], {
      timeoutMs: 70_000,
    });
    const { exitCode } = await work.cluster.kubectl(['get', 'namespace', work.namespace]);
    expect(exitCode).not.toBe(0);
    expect(await statusOf('tenant')).toBe('ACTIVE');
    expect((await work.phones.stats()).writes).toBe(writes);
  });
});
