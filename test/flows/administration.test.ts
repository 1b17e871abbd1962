import { describe, expect, it } from 'vitest';
import { deleting, extension, grant } from '../../src/account/testing/resources.ts';
import { Flow } from './support/account.ts';
import { company, pbxName, port, portSecrets, profile } from './support/resources.ts';

const billing = [{ name: 'Billing', privileges: ['ViewBills'] }];

describe.each([
  ['complete', false],
  ['sparse', true],
])('administration, with %s list rows', (_name, sparseRows) => {
  const flow = (resources: Flow['resources'], secrets = {}) =>
    new Flow({ resources, company, secrets, sandbox: { sparseRows } });

  it('grants privileges and revokes them when the YAML is gone', async () => {
    const given = grant('jane', { pbxes: [pbxName], sections: billing });
    const run = flow([profile('jane'), given]);
    await run.apply();
    expect(run.reasons()).toEqual({
      'UserProfile/acme/jane': 'Synced',
      'PrivilegeGrant/acme/jane': 'Synced',
    });
    const id = run.externalId(given);
    expect((await run.object('administrator', id))?.scopes).toEqual([
      { pbxName, sections: [{ name: 'Billing', privileges: ['ViewBills'] }] },
    ]);
    await run.apply([profile('jane'), deleting(given)]);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^Deleted/);
    expect((await run.object('administrator', id))?.scopes ?? []).toEqual([]);
  });

  it('revokes on time what a grant gave until then', async () => {
    const start = new Flow({ resources: [], company }).clock.now();
    const given = grant('jane', {
      pbxes: ['*'],
      sections: billing,
      expiresAt: new Date(start + 3_600_000).toISOString(),
    });
    const run = flow([profile('jane'), given]);
    await run.apply();
    const id = run.externalId(given);
    expect((await run.object('administrator', id))?.scopes).toHaveLength(1);
    await run.clock.sleep(3_600_000);
    await run.apply();
    expect((await run.object('administrator', id))?.scopes ?? []).toEqual([]);
  });

  it('copies what another grant gives', async () => {
    const run = flow([
      profile('jane'),
      profile('joan'),
      grant('jane', { pbxes: [pbxName], sections: billing }),
      grant('joan', { copyFrom: { privilegeGrantRef: { name: 'jane' } } }),
    ]);
    await run.apply();
    expect(run.reasons()['PrivilegeGrant/acme/joan']).toBe('Synced');
    expect((await run.object('administrator', run.externalId(profile('joan'))))?.scopes).toEqual([
      { pbxName, sections: [{ name: 'Billing', privileges: ['ViewBills'] }] },
    ]);
  });

  it('invites a new person once, when something needs a login', async () => {
    const run = flow([profile('jane'), extension('jane', '7200')]);
    await run.apply();
    await run.resync();
    expect(await run.objects('invitation')).toHaveLength(1);
    await run.apply([profile('jane', {}, { 'dialops.dev/invite': 'again' }), extension('jane', '7200')]);
    await run.resync();
    expect(await run.objects('invitation')).toHaveLength(2);
  });

  it('invites nobody who is taken over', async () => {
    const someone = company.users[1];
    expect(someone).toBeDefined();
    const adopted = profile('adopted', {
      userName: someone?.userName ?? '',
      email: String(someone?.basicInfo.primaryEmail),
      site: { id: someone?.siteId ?? '' },
      adoptionPolicy: 'IfUnclaimed',
    });
    const run = flow([adopted, extension('adopted', '7299')]);
    await run.apply();
    expect(run.reasons()['UserProfile/acme/adopted']).toBe('Synced');
    expect(await run.objects('invitation')).toHaveLength(0);
  });

  it('keeps a port a draft until it is submitted, then follows it to its end', async () => {
    const draft = port('desk');
    const run = flow([draft], portSecrets);
    await run.apply();
    expect(run.failures).toEqual([]);
    expect(run.reasons()).toEqual({ 'PortingOrder/acme/desk': 'Synced' });
    const id = run.externalId(draft) ?? '';
    expect(await run.object('portingOrder', id)).toMatchObject({ status: 'DRAFT', accountNumberSet: true });
    await run.apply([port('desk', { submit: true })]);
    expect((await run.object('portingOrder', id))?.status).toBe('SUBMITTED');
    expect(
      run.sent.filter(({ method, path }) => method === 'POST' && path === '/porting-documents'),
    ).toHaveLength(2);
    await run.control(`/porting-orders/${id}/advance`, { to: 'COMPLETED' });
    await run.resync();
    const writes = run.writes();
    await run.resync();
    expect(run.writes()).toBe(writes);
    expect((await run.object('portingOrder', id))?.status).toBe('COMPLETED');
  });

  it('takes over no port that somebody else made, until the YAML says so', async () => {
    const made = flow([port('desk', { reference: 'A-1' })], portSecrets);
    await made.apply();
    const id = made.externalId(port('desk')) ?? '';
    const stranger = port('other', { reference: 'A-1', portType: 'Full', requestedDate: '2026-03-03' });
    const writes = made.writes();
    await made.apply([stranger]);
    expect(made.reasons()['PortingOrder/acme/other']).toMatch(/^Conflict: .*belongs to PortingOrder desk/);
    // Its YAML is gone for good, and what was known by it.
    made.store.forget('PortingOrder/acme/desk');
    await made.apply();
    expect(made.reasons()['PortingOrder/acme/other']).toMatch(/^Conflict: .*adoptionPolicy: IfUnclaimed/);
    expect(made.writes()).toBe(writes);
    await made.apply([
      { ...stranger, metadata: { ...stranger.metadata, annotations: { 'dialops.dev/external-id': id } } },
    ]);
    expect(made.reasons()['PortingOrder/acme/other']).toBe('Synced');
    expect(await made.object('portingOrder', id)).toMatchObject({ requestedDate: '2026-03-03' });
    expect(await made.objects('portingOrder')).toHaveLength(1);
  });

  it('names the fields without which a port cannot be submitted', async () => {
    const run = flow([port('desk', { submit: true, documents: {} })], portSecrets);
    await run.apply();
    expect(run.reasons()['PortingOrder/acme/desk']).toMatch(/^Incomplete: .*documents\.letterOfAuthority/);
  });
});
