import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/foundation/clock.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { basicInfo, userId } from './support/phone-system.ts';
import { extension, grant, profile } from './support/resources.ts';
import { conditionsOf, member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'requests', company });
const billing = { name: 'Billing', privileges: ['ViewBills'] };
const audit = { name: 'Audit', privileges: ['View'] };

const title = async (name: string) =>
  member(await work.phones.user(`${name}@example.com`), 'directoryInfo').jobTitle;

async function sectionsOf(name: string): Promise<readonly unknown[]> {
  const all = await work.phones.list('administrators');
  const scopes = all.find((one) => one.userName === `${name}@example.com`)?.scopes;
  const objects = (value: unknown): readonly JsonObject[] =>
    isJsonArray(value) ? value.filter(isJsonObject) : [];
  return objects(scopes).flatMap((scope) => objects(scope.sections).map((section) => section.name));
}

const mails = async () => {
  const outbox = await work.phones.control('/outbox', undefined, 'GET');
  return isJsonArray(outbox) ? outbox.filter(isJsonObject).map(({ to }) => to) : [];
};

describe('a pause', () => {
  it('by annotation freezes one resource, and ends when the annotation goes', async () => {
    await work.apply(
      profile('frozen', { site, jobTitle: 'Clerk' }),
      profile('free', { site, jobTitle: 'Clerk' }),
    );
    await work.waitFor('Ready', 'userprofile/frozen', 'userprofile/free');
    await work.annotate('userprofile/frozen', 'dialops.dev/paused', 'true');
    await eventually('the pause', async () => {
      expect(await work.condition('userprofile/frozen', 'Paused')).toMatchObject({ reason: 'Annotation' });
    });
    for (const name of ['frozen', 'free'])
      await work.patch(`userprofile/${name}`, { spec: { jobTitle: 'Director' } });
    await eventually('the other to change', async () => expect(await title('free')).toBe('Director'));
    await work.rounds();
    expect(await title('frozen')).toBe('Clerk');
    expect(await work.condition('userprofile/frozen')).toMatchObject({ status: 'True' });
    await work.annotate('userprofile/frozen', 'dialops.dev/paused', undefined);
    await eventually('the change', async () => expect(await title('frozen')).toBe('Director'));
    await eventually('the end of the pause', async () => {
      const types = conditionsOf(await work.get('userprofile/frozen')).map(({ type }) => type);
      expect(types).toEqual(['Ready']);
    });
  });

  it('of the PhoneSystem freezes the whole account', async () => {
    await work.patch('phonesystem/default', { spec: { paused: true } });
    await eventually('the pause', async () => {
      expect(await work.condition('phonesystem/default', 'Paused')).toMatchObject({ status: 'True' });
      expect(await work.condition('userprofile/free', 'Paused')).toMatchObject({ reason: 'PhoneSystem' });
    });
    await work.patch('userprofile/free', { spec: { jobTitle: 'Clerk' } });
    await work.rounds();
    expect(await title('free')).toBe('Director');
    await work.patch('phonesystem/default', { spec: { paused: false } });
    await eventually('the change', async () => expect(await title('free')).toBe('Clerk'));
  });
});

describe('a request to reconcile now', () => {
  it('has what was refused tried again at once', async () => {
    await work.phones.control('/faults', {
      match: { method: 'POST', path: '/users$' },
      times: 1,
      respond: { status: 400, code: 'VALIDATION_ERROR', field: 'basicInfo.primaryEmail' },
    });
    await work.apply(profile('again', { site }));
    await work.becomes('userprofile/again', 'RefusedByPhoneSystem');
    await work.rounds();
    expect((await work.condition('userprofile/again'))?.reason).toBe('RefusedByPhoneSystem');
    await work.annotate('userprofile/again', 'dialops.dev/reconcile-requested-at', '2026-01-01T00:00:00Z');
    await work.becomes('userprofile/again', 'Synced');
  });

  it('of the PhoneSystem is answered in its status', async () => {
    await work.annotate('phonesystem/default', 'dialops.dev/reconcile-requested-at', 'token-1');
    await eventually('the answer', async () => {
      expect((await work.status('phonesystem/default')).handled).toMatchObject({ reconcile: 'token-1' });
    });
  });
});

describe('grants', () => {
  it('are revoked when they expire', async () => {
    const expiresAt = new Date(systemClock.now() + 8_000).toISOString().replace(/\.\d+Z/, 'Z');
    await work.apply(profile('temp', { site }), grant('temp', { sections: [billing], expiresAt }));
    await eventually('the privilege', async () => expect(await sectionsOf('temp')).toEqual(['Billing']));
    await work.becomes('privilegegrant/temp', 'Expired');
    expect(await sectionsOf('temp')).toEqual([]);
    expect(systemClock.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(await work.condition('privilegegrant/temp')).toMatchObject({ status: 'True' });
  });

  it('can copy another grant or any administrator, and follow its changes', async () => {
    await work.apply(
      profile('lead', { site }),
      profile('deputy', { site }),
      profile('chief', { site }),
      grant('lead', { sections: [billing] }),
      grant('deputy', { copyFrom: { privilegeGrantRef: { name: 'lead' } } }),
      grant('chief', { copyFrom: { administrator: { userName: 'lead@example.com' } } }),
    );
    for (const name of ['lead', 'deputy', 'chief'])
      await work.becomes(`privilegegrant/${name}`, 'Synced', { timeoutMs: 60_000 });
    expect(await sectionsOf('deputy')).toEqual(['Billing']);
    await work.patch('privilegegrant/lead', { spec: { sections: [audit, billing] } });
    for (const name of ['deputy', 'chief'])
      await eventually(`${name} to follow`, async () => {
        expect(await sectionsOf(name)).toEqual(['Audit', 'Billing']);
      });
  });

  it('show the support passphrase as set once its owner has set it', async () => {
    expect(await work.status('privilegegrant/lead')).toMatchObject({
      supportPassphrase: 'NotSet',
      supportPassphraseMessage: expect.stringContaining('lead@example.com'),
    });
    const id = userId(await work.phones.user('lead@example.com'));
    await work.phones.control(`/administrators/${id}/support-passphrase`, { set: true });
    await eventually('the passphrase', async () => {
      expect(await work.status('privilegegrant/lead')).toMatchObject({ supportPassphrase: 'Set' });
    });
  });
});

describe('an invitation', () => {
  it('goes out once, when the person first gets a line, and once more for each new annotation', async () => {
    await work.apply(profile('guest', { site }));
    await work.becomes('userprofile/guest', 'Synced');
    const count = async () => (await mails()).filter((to) => to === 'guest@example.com').length;
    expect(await count()).toBe(0);
    await work.apply(extension('guest', '7601'));
    await eventually('the mail', async () => expect(await count()).toBe(1));
    await eventually('its state', async () => {
      expect(await work.status('userprofile/guest')).toMatchObject({
        invitation: { state: 'Sent', expiresTime: expect.any(String) },
      });
    });
    await work.annotate('userprofile/guest', 'dialops.dev/invite', 'again');
    await eventually('the second mail', async () => expect(await count()).toBe(2));
    await work.rounds(4);
    expect(await count()).toBe(2);
  });

  it('is not sent when a person is taken over, and says what to do when the mail bounced', async () => {
    await work.phones.control('/console', {
      actor: { userName: 'owner@example.com' },
      method: 'POST',
      path: '/users',
      body: {
        basicInfo: {
          userName: 'old@bounce.example.com',
          firstName: 'Jane',
          lastName: 'Example',
          primaryEmail: 'old@bounce.example.com',
          site: { id: company.sites[0]?.id ?? '' },
        },
      },
    });
    const old = { site, email: 'old@bounce.example.com', adoptionPolicy: 'IfUnclaimed' };
    await work.apply(profile('old', old), extension('old', '7602'));
    await work.waitFor('Ready', 'userprofile/old', 'extension/old');
    await work.rounds();
    expect(await mails()).not.toContain('old@bounce.example.com');
    expect(await work.status('userprofile/old')).toMatchObject({ invitation: { state: 'Held' } });
    expect(basicInfo(await work.phones.user('old@bounce.example.com')).firstName).toBe('Jane');
    await work.annotate('userprofile/old', 'dialops.dev/invite', 'now');
    await eventually('the failure', async () => {
      expect(await work.status('userprofile/old')).toMatchObject({
        invitation: { state: 'Failed', message: expect.stringContaining('dialops.dev/invite') },
      });
    });
  });
});
