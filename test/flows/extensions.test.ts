import { describe, expect, it } from 'vitest';
import { read } from '../../src/account/path.ts';
import { extension } from '../../src/account/testing/resources.ts';
import { Flow } from './support/account.ts';
import { civic, company, profile, sharedExtension } from './support/resources.ts';

const free = company.phoneNumbers.at(-1)?.id ?? '';

describe.each([
  ['complete', false],
  ['sparse', true],
])('extensions, with %s list rows', (_name, sparseRows) => {
  const flow = (resources: Flow['resources']) => new Flow({ resources, company, sandbox: { sparseRows } });

  it('makes one without a user, with its settings, and comes to rest', async () => {
    const lobby = sharedExtension('lobby', '7100', {
      callerId: { externalName: 'Lobby' },
      timezone: 'America/Chicago',
      work: { desktopApp: false },
    });
    const run = flow([lobby]);
    await run.apply();
    expect(run.reasons()).toEqual({ 'Extension/acme/lobby': 'Synced' });
    const id = run.externalId(lobby);
    expect(await run.object('extension', id)).toMatchObject({
      extensionNumber: '7100',
      externalCallerIdName: 'Lobby',
      userId: null,
    });
    expect(await run.object('extensionSettings', id)).toMatchObject({ timezone: 'America/Chicago' });
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
  });

  it('gives one without a user to a profile and keeps its id, and takes it back', async () => {
    const before = sharedExtension('jane', '7101');
    const run = flow([profile('jane'), before]);
    await run.apply();
    const id = run.externalId(before);
    await run.apply([profile('jane'), extension('jane', '7101')]);
    expect(run.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced', 'Extension/acme/jane': 'Synced' });
    expect((await run.object('extension', id))?.userId).toBe(run.externalId(profile('jane')));
    await run.apply([profile('jane'), before]);
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    expect(await run.object('extension', id)).toMatchObject({ userId: null });
    expect(run.externalId(before)).toBe(id);
  });

  it('moves one from a user to another in two steps', async () => {
    const people = [profile('jane'), profile('joan')];
    const own = extension('desk', '7102', { userProfileRef: { name: 'jane' } });
    const run = flow([...people, own]);
    await run.apply();
    const id = run.externalId(own);
    await run.apply([...people, extension('desk', '7102', { userProfileRef: { name: 'joan' } })]);
    expect(run.reasons()['Extension/acme/desk']).toBe('Synced');
    expect((await run.object('extension', id))?.userId).toBe(run.externalId(profile('joan')));
  });

  it('leaves one with its user when it is given to somebody at another site, where it can not go', async () => {
    const away = { name: company.sites[1]?.name ?? '' };
    const people = [profile('jane'), profile('joan', { site: away })];
    const own = extension('desk', '7102', { userProfileRef: { name: 'jane' } });
    const run = flow([...people, own]);
    await run.apply();
    const id = run.externalId(own);
    const writes = run.writes();
    await run.apply([...people, extension('desk', '7102', { userProfileRef: { name: 'joan' } })]);
    expect(run.reasons()['Extension/acme/desk']).toMatch(
      /^InvalidField: spec\.userProfileRef: .* at another/,
    );
    expect(run.writes()).toBe(writes);
    expect((await run.object('extension', id))?.userId).toBe(run.externalId(profile('jane')));
  });

  it('hands a phone number over from one extension to another', async () => {
    const people = [profile('jane'), profile('joan')];
    const run = flow([
      ...people,
      extension('jane', '7103', { phoneNumbers: [{ number: free }] }),
      extension('joan', '7104'),
    ]);
    await run.apply();
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    await run.apply([
      ...people,
      extension('jane', '7103', { phoneNumbers: [] }),
      extension('joan', '7104', { phoneNumbers: [{ number: free }] }),
    ]);
    expect(run.failures).toEqual([]);
    expect(run.reasons()).toMatchObject({ 'Extension/acme/jane': 'Synced', 'Extension/acme/joan': 'Synced' });
    const joan = await run.object('user', run.externalId(profile('joan')));
    expect(JSON.stringify(joan?.serviceInfo)).toContain(free);
  });

  it('passes short numbers on in turn', async () => {
    const run = flow([sharedExtension('desk', '7101'), sharedExtension('lab', '7102')]);
    await run.apply();
    await run.apply([sharedExtension('desk', '7102'), sharedExtension('lab', '7103')]);
    expect(run.reasons()).toEqual({ 'Extension/acme/desk': 'Synced', 'Extension/acme/lab': 'Synced' });
    expect(run.failures).toEqual([]);
  });

  it('says how two short numbers are swapped, and tries nothing; a free number between does it', async () => {
    const lines = (desk: string, lab: string) => [
      profile('jane'),
      profile('joan'),
      extension('jane', desk),
      extension('joan', lab),
    ];
    const run = flow(lines('7101', '7102'));
    await run.apply();
    const writes = run.writes();
    await run.apply(lines('7102', '7101'));
    expect(run.reasons()['Extension/acme/jane']).toMatch(/^Conflict: spec.number: .*free number/);
    expect(run.reasons()['Extension/acme/joan']).toMatch(/^Conflict: spec.number: .*free number/);
    await run.clock.sleep(60 * 60_000);
    await run.resync();
    expect(run.writes()).toBe(writes);
    await run.apply(lines('7199', '7101'));
    await run.apply(lines('7102', '7101'));
    expect(Object.values(run.reasons())).toEqual(new Array(4).fill('Synced'));
    expect(run.failures).toEqual([]);
  });

  it('swaps the short numbers of two extensions of one user in one write', async () => {
    const lab = (number: string) => ({
      ...extension('jane', number),
      metadata: { name: 'lab', namespace: 'acme' },
    });
    const run = flow([profile('jane'), extension('jane', '7101'), lab('7102')]);
    await run.apply();
    const writes = run.writes();
    await run.apply([profile('jane'), extension('jane', '7102'), lab('7101')]);
    expect(Object.values(run.reasons())).toEqual(new Array(3).fill('Synced'));
    expect(run.writes()).toBe(writes + 1);
  });

  it('swaps two phone numbers between extensions by way of the inventory', async () => {
    const other = company.phoneNumbers.at(-2)?.id ?? '';
    const lines = (janes: string, joans: string) => [
      profile('jane'),
      profile('joan'),
      extension('jane', '7101', { phoneNumbers: [{ number: janes }], primaryPhoneNumber: janes }),
      extension('joan', '7102', { phoneNumbers: [{ number: joans }], primaryPhoneNumber: joans }),
    ];
    const run = flow(lines(free, other));
    await run.apply();
    await run.apply(lines(other, free));
    expect(Object.values(run.reasons())).toEqual(new Array(4).fill('Synced'));
    const joan = await run.object('user', run.externalId(profile('joan')));
    expect(JSON.stringify(joan?.serviceInfo)).toContain(`"primaryPhoneNumber":"${free}"`);
    expect(run.failures).toEqual([]);
  });

  it('registers a civic emergency address once', async () => {
    const run = flow([profile('jane'), extension('jane', '7105', { emergencyAddress: { civic } })]);
    await run.apply();
    expect(run.failures).toEqual([]);
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    await run.resync();
    expect(run.sent.filter(({ method, path }) => method === 'POST' && path === '/addresses')).toHaveLength(1);
  });

  it('sends a new name, or a new id, without what described the old one', async () => {
    const jane = profile('jane');
    const run = flow([jane, extension('jane', '7001', { musicOnHold: { id: 'hold-1' } })]);
    await run.apply();
    const held = async () => {
      const user = await run.object('user', run.externalId(jane));
      return read(user ?? {}, [
        'serviceInfo',
        'extensions',
        { by: 'extensionNumber', is: '7001' },
        'musicOnHold',
      ]);
    };
    await run.apply([jane, extension('jane', '7001', { musicOnHold: { name: 'Jazz' } })]);
    expect(await held()).toEqual({ present: true, value: { name: 'Jazz' } });
    await run.apply([jane, extension('jane', '7001', { musicOnHold: { id: 'hold-2' } })]);
    expect(await held()).toEqual({ present: true, value: { id: 'hold-2' } });
    await run.resync();
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
  });

  it('never sends a DID licence, which comes with a number, stays, and is no drift', async () => {
    const line = extension('jane', '7107', { phoneNumbers: [{ number: free }] });
    const run = flow([profile('jane'), line]);
    await run.apply();
    const dids = async () => {
      const user = (await run.object('user', run.externalId(profile('jane')))) ?? {};
      return JSON.stringify(user.serviceInfo).match(/"name":"DID-[A-Z]+"/g)?.length;
    };
    expect(await dids()).toBe(1);
    await run.apply([profile('jane', { jobTitle: 'Director' }), line]);
    const put = run.sent.findLast(({ method }) => method === 'PUT');
    expect(put?.body).toContain(free);
    expect(put?.body).not.toContain('"DID-');
    expect(await dids()).toBe(1);
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
    expect(run.plan?.changes).toEqual([]);
  });

  it('gives a licence by name', async () => {
    const run = flow([profile('jane'), extension('jane', '7106', { license: { name: 'X2' } })]);
    await run.apply();
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
    const jane = await run.object('user', run.externalId(profile('jane')));
    expect(JSON.stringify(jane?.serviceInfo)).toContain('"X2"');
  });

  it('changes a licence only with consent, in two steps', async () => {
    const run = flow([profile('jane'), extension('jane', '7107', { license: { name: 'X2' } })]);
    await run.apply();
    await run.apply([profile('jane'), extension('jane', '7107', { license: { name: 'X4' } })]);
    expect(run.reasons()['Extension/acme/jane']).toMatch(/^ConsentRequired/);
    await run.apply([
      profile('jane'),
      extension('jane', '7107', {
        license: { name: 'X4' },
        consent: [{ change: 'ChangeLicense', to: 'X4' }],
      }),
    ]);
    expect(run.failures).toEqual([]);
    expect(run.reasons()['Extension/acme/jane']).toBe('Synced');
    const jane = await run.object('user', run.externalId(profile('jane')));
    expect(JSON.stringify(jane?.serviceInfo)).toContain('"X4"');
  });

  it('gives an extension to a user who is changed in the same breath, and loses it to neither write', async () => {
    const before = sharedExtension('jane', '7108');
    const run = flow([profile('jane'), before]);
    await run.apply();
    const id = run.externalId(before);
    const first = run.sent.length;
    await run.apply([profile('jane', { jobTitle: 'Director' }), extension('jane', '7108')]);
    expect(run.failures).toEqual([]);
    const userId = run.externalId(profile('jane'));
    expect((await run.object('extension', id))?.userId).toBe(userId);
    expect((await run.object('user', userId))?.directoryInfo).toMatchObject({ jobTitle: 'Director' });
    // The second is built from a body that shows the first: its end was asked for in between.
    const sent = run.sent.slice(first).map(({ method, path }) => `${method} ${path}`);
    const put = [sent.indexOf(`PUT /users/${userId}`), sent.indexOf(`PUT /extensions/${id}`)];
    expect(Math.min(...put)).toBeGreaterThanOrEqual(0);
    const between = sent.slice(Math.min(...put), Math.max(...put));
    expect(between.length).toBeGreaterThan(1);
  });

  it('are their own although the answer to the write that added them was lost', async () => {
    const run = flow([profile('jane')]);
    await run.apply();
    await run.control('/faults', { match: { method: 'PUT', path: '^/users/' }, drop: 'after' });
    const phone = extension('jane', '7101');
    await run.apply([profile('jane'), phone]);
    // Past its back-off.
    await run.clock.sleep(60_000);
    await run.apply();
    expect(run.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced', 'Extension/acme/jane': 'Synced' });
    expect(run.sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(run.store.get('Extension/acme/jane').pending).toBeUndefined();
  });
});
