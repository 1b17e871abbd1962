import { describe, expect, it } from 'vitest';
import type { WirePath } from '../../src/account/objects.ts';
import { read } from '../../src/account/path.ts';
import { extension } from '../../src/account/testing/resources.ts';
import type { Json } from '../../src/foundation/json.ts';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('people, with %s list rows', (_name, sparseRows) => {
  const flow = (
    resources: Flow['resources'],
    options: { readonly driftPolicy?: 'Correct' | 'Report' } = {},
  ) => new Flow({ resources, company, sandbox: { sparseRows }, ...options });

  it('creates a user with an extension in one write and comes to rest', async () => {
    const jane = profile('jane', { jobTitle: 'Engineer' });
    const phone = extension('jane', '7001', { callWaiting: true });
    const run = flow([jane, phone]);
    await run.apply();
    expect(run.failures).toEqual([]);
    expect(run.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced', 'Extension/acme/jane': 'Synced' });
    expect(run.sent.filter(({ method, path }) => method === 'POST' && path === '/users')).toHaveLength(1);
    expect(run.externalId(phone)).toBeTruthy();
    const writes = run.sent.filter(({ method }) => method !== 'GET').length;
    await run.resync();
    expect(run.sent.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
    expect(run.plan?.changes).toEqual([]);
  });

  it('changes only what the YAML declares', async () => {
    const run = flow([profile('jane', { jobTitle: 'Engineer' })]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.patchInConsole(`/users/${id}`, { directoryInfo: { department: 'Sales' } });
    await run.apply([profile('jane', { jobTitle: 'Director' })]);
    const body = await run.object('user', id);
    expect(body?.directoryInfo).toMatchObject({ jobTitle: 'Director', department: 'Sales' });
  });

  it('puts drift right under Correct', async () => {
    const run = flow([profile('jane', { jobTitle: 'Engineer' })]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.patchInConsole(`/users/${id}`, { directoryInfo: { jobTitle: 'Pirate' } });
    await run.resync();
    const body = await run.object('user', id);
    expect(body?.directoryInfo).toMatchObject({ jobTitle: 'Engineer' });
  });

  it('only tells of drift under Report', async () => {
    const run = flow([profile('jane', { jobTitle: 'Engineer' })], { driftPolicy: 'Report' });
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.patchInConsole(`/users/${id}`, { directoryInfo: { jobTitle: 'Pirate' } });
    const writes = run.sent.filter(({ method }) => method !== 'GET').length;
    await run.resync();
    expect(run.reasons()['UserProfile/acme/jane']).toMatch(/^DriftNotCorrected/);
    expect(run.plan?.outcomes.get('UserProfile/acme/jane')?.drift.map(({ path }) => path)).toEqual([
      'directoryInfo.jobTitle',
    ]);
    expect(run.sent.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
  });

  it.each([
    ['their profile', { directory: { visible: false } }, {}],
    ['their extension', {}, { directory: { visible: false } }],
  ])('lists nobody whom %s does not list, in either place, and comes to rest', async (_where, mine, its) => {
    const run = flow([profile('jane'), extension('jane', '7001')]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.apply([profile('jane', mine), extension('jane', '7001', its)]);
    const places: readonly WirePath[] = [
      ['directoryInfo', 'displayInDirectory'],
      ['serviceInfo', 'extensions', { by: 'extensionNumber', is: '7001' }, 'displayInDirectory'],
    ];
    const flags = (user: Json | undefined) => places.map((place) => read(user ?? {}, place));
    const unlisted = [
      { present: true, value: false },
      { present: true, value: false },
    ];
    expect(flags(await run.object('user', id))).toEqual(unlisted);
    const put = run.sent.findLast(({ method }) => method === 'PUT')?.body ?? 'null';
    expect(flags(JSON.parse(put))).toEqual(unlisted);
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
    await run.patchInConsole(`/users/${id}`, { directoryInfo: { displayInDirectory: true } });
    await run.resync();
    expect(flags(await run.object('user', id))).toEqual(unlisted);
    expect(run.writes()).toBe(writes + 1);
    expect(run.failures).toEqual([]);
  });

  it('makes a user again who was deleted in the console', async () => {
    const run = flow([profile('jane')]);
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    await run.inConsole('DELETE', `/users/${id}`);
    await run.resync();
    expect(run.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced' });
    expect(run.externalId(profile('jane'))).not.toBe(id);
  });

  it('looks a create up whose answer was lost, and does not send it twice', async () => {
    const run = flow([profile('jane')]);
    await run.control('/faults', { match: { method: 'POST', path: '/users$' }, times: 1, drop: 'after' });
    await run.apply();
    expect(run.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced' });
    expect(run.sent.filter(({ method, path }) => method === 'POST' && path === '/users')).toHaveLength(1);
  });

  it('writes the others when one of two resources on a user is refused', async () => {
    const run = flow([profile('jane'), extension('jane', '7001')]);
    await run.apply();
    await run.apply([
      profile('jane', { jobTitle: 'Director' }),
      extension('jane', '7001', { voicemail: { email: 'not an email' } }),
    ]);
    const id = run.externalId(profile('jane')) ?? '';
    const body = await run.object('user', id);
    expect(body?.directoryInfo).toMatchObject({ jobTitle: 'Director' });
    expect(run.failures.map(({ resource, field }) => [resource.kind, field])).toEqual([
      ['Extension', 'voicemail.email'],
    ]);
  });
});
