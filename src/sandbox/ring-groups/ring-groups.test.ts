import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../foundation/json.ts';
import { seedCompany } from '../company.ts';
import { at, changed, rows, SandboxFixture } from '../sandbox-fixture.ts';

const company = seedCompany({ users: 12, seed: 7, sites: 2, ringGroups: 0 });
const site = { id: company.sites[0]?.id ?? '' };
/** Extensions of the first site: 1000 to 1005. */
const extensions = company.extensions.filter((extension) => extension.siteId === site.id).map(({ id }) => id);
const [a = '', b = '', c = '', d = '', e = ''] = extensions;
const freeNumber = company.phoneNumbers.at(-1)?.id ?? '';

const line: JsonObject = {
  name: 'Main Reception',
  extensionNumber: '8001',
  ringPattern: 'SEQUENTIAL',
  ringTimeout: 15,
  inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
  site,
};

function member(extensionId: string, sequenceNumber?: number): JsonObject {
  return sequenceNumber === undefined ? { extensionId } : { extensionId, sequenceNumber };
}

async function setUp(members: Json = [member(a), member(b), member(c)]) {
  const fixture = new SandboxFixture({ company });
  const operation = await fixture.write('POST', '/ring-groups', { ...line, members });
  const path = `/ring-groups/${String(operation.resourceId)}`;
  const order = async () => rows((await fixture.get(path)).members).map((one) => one.extensionId);
  const modify = (body: JsonObject) => fixture.write('POST', `${path}/update-members`, body);
  return { fixture, operation, path, order, modify };
}

describe('a ring group', () => {
  it('is created with members numbered from 1, people looked up, and no PIN to be read', async () => {
    const { fixture, path } = await setUp([member(a, 30), member(b, 10), { extensionNumber: '1002' }]);
    const voicemailSettings = {
      accessPin: '779643',
      notificationAction: 'NOTIFY_ONLY',
      notificationEmail: 'a@example.com',
    };
    await fixture.write('PUT', path, { ...(await fixture.get(path)), voicemailSettings });
    const group = await fixture.get(path);
    expect(rows(group.members).map((one) => [one.extensionId, one.sequenceNumber])).toEqual([
      [b, 1],
      [a, 2],
      [c, 3],
    ]);
    expect(at(group, 'members', 1, 'firstName')).toBe('Primary');
    expect(group.voicemailSettings).toEqual({
      notificationAction: 'NOTIFY_ONLY',
      notificationEmail: 'a@example.com',
    });
    expect(group).toMatchObject({ allowLogInLogOut: true, forwardingRules: [], numberOfCycles: 1 });
  });

  it('is refused with the path of each wrong field', async () => {
    const { fixture } = await setUp();
    const response = await fixture.send('POST', '/ring-groups', {
      ...changed(line, { ringPattern: undefined }),
      name: 'x',
      ringTimeout: 0,
      forwardingRules: [{ enabled: true, destinations: [{ type: 'EXTERNAL_NUMBER', destination: '123' }] }],
      voicemailSettings: { accessPin: '1', notificationAction: 'ATTACH_ONLY' },
      members: [{}],
    });
    expect(response.headers['content-type']).toBe('application/json');
    expect(rows(JSON.parse(response.body).errors).map((error) => error.field)).toEqual([
      'name',
      'ringPattern',
      'ringTimeout',
      'forwardingRules[0].condition',
      'forwardingRules[0].destinations[0].destination',
      'voicemailSettings.accessPin',
      'voicemailSettings.notificationEmail',
      'members[0].extensionId',
    ]);
    expect(
      (await fixture.refused('POST', '/ring-groups', changed(line, { site: { id: 'none' } }))).status,
    ).toBe(404);
  });

  it('fails on a taken extension number, an unknown member and a taken phone number', async () => {
    const { fixture } = await setUp();
    const failure = async (changes: Record<string, Json>) =>
      at(await fixture.write('POST', '/ring-groups', changed(line, changes)), 'error', 'errors', 0);
    expect(await failure({ extensionNumber: '1000' })).toMatchObject({
      code: 'CONFLICT',
      field: 'extensionNumber',
    });
    const unknown = { extensionNumber: '8002', members: [member('nobody')] };
    expect(await failure(unknown)).toMatchObject({ field: 'members[0].extensionId' });
    const taken = {
      extensionNumber: '8002',
      phoneNumbers: [{ phoneNumber: company.phoneNumbers[0]?.id ?? '' }],
    };
    expect(await failure(taken)).toMatchObject({ field: 'phoneNumbers[0].phoneNumber' });
  });

  it('holds its phone numbers while it has them', async () => {
    const { fixture, path } = await setUp();
    const status = async () => (await fixture.get(`/phone-numbers/${encodeURIComponent(freeNumber)}`)).status;
    const group = await fixture.get(path);
    await fixture.write('PUT', path, { ...group, phoneNumbers: [{ phoneNumber: freeNumber }] });
    expect(await status()).toBe('ASSIGNED');
    expect(at(await fixture.get(path), 'phoneNumbers', 0, 'primary')).toBe(true);
    await fixture.write('PUT', path, changed(group, { phoneNumbers: undefined }));
    expect(await status()).toBe('AVAILABLE');
  });

  it('is deleted twice with 202', async () => {
    const { fixture, path } = await setUp();
    expect(await fixture.write('DELETE', path)).toMatchObject({
      status: 'COMPLETED',
      operationType: 'DELETE',
    });
    expect(await fixture.write('DELETE', path)).toMatchObject({ status: 'COMPLETED' });
    expect((await fixture.send('PUT', path, line)).status).toBe(404);
  });
});

describe('update-members', () => {
  it('adds at the end or at a position, where others shift down', async () => {
    const { modify, order } = await setUp();
    const operation = await modify({ add: [member(e), member(d, 1)] });
    expect(operation).toMatchObject({ status: 'COMPLETED', operationType: 'UPDATE_MEMBERS' });
    expect(await order()).toEqual([d, a, b, c, e]);
  });

  it('moves, changes and removes without touching the rest', async () => {
    const { fixture, modify, order, path } = await setUp([
      { ...member(a), loggedIn: false },
      member(b),
      member(c),
    ]);
    await modify({ update: [{ ...member(a, 3), voicemailAccessEnabled: true }], remove: [member(b)] });
    expect(await order()).toEqual([c, a]);
    expect(at(await fixture.get(path), 'members', 1)).toMatchObject({
      loggedIn: false,
      voicemailAccessEnabled: true,
      sequenceNumber: 2,
    });
  });

  it('logs everyone in when members may not log out', async () => {
    const fixture = new SandboxFixture({ company });
    const members = [{ ...member(a), loggedIn: false }];
    const operation = await fixture.write('POST', '/ring-groups', {
      ...line,
      allowLogInLogOut: false,
      members,
    });
    expect(at(await fixture.get(`/ring-groups/${operation.resourceId}`), 'members', 0, 'loggedIn')).toBe(
      true,
    );
  });

  it('is refused when empty, ambiguous, too long or for an unknown group', async () => {
    const { fixture, path } = await setUp();
    const refused = async (body: JsonObject) =>
      (await fixture.refused('POST', `${path}/update-members`, body)).error;
    expect(await refused({ add: [] })).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await refused({ add: [member(d)], remove: [member(d)] })).toMatchObject({
      code: 'CONFLICTING_QUERY_PARAMETER',
      field: 'remove[0].extensionId',
    });
    expect(await refused({ add: [member(d, 1), member(e, 1)] })).toMatchObject({
      field: 'add[1].sequenceNumber',
    });
    expect(await refused({ add: [member(d, 1)], update: [member(a, 1)] })).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    expect(await refused({ add: Array.from({ length: 201 }, () => member(d)) })).toMatchObject({
      field: 'add',
    });
    expect(
      (await fixture.refused('POST', '/ring-groups/none/update-members', { add: [member(d)] })).status,
    ).toBe(404);
  });

  it('answers 409 while another write to the group is under way', async () => {
    const { fixture, path } = await setUp();
    await fixture.read('POST', `${path}/update-members`, { add: [member(d)] });
    expect(await fixture.refused('POST', `${path}/update-members`, { add: [member(e)] })).toMatchObject({
      status: 409,
      error: { code: 'CONFLICT' },
    });
  });

  it('fails as an operation, and changes nothing, when an extension is unknown', async () => {
    const { modify, order } = await setUp();
    const operation = await modify({ remove: [member(a)], add: [member('nobody')] });
    expect(operation).toMatchObject({
      status: 'FAILED',
      error: { errors: [{ field: 'add[0].extensionId' }] },
    });
    expect(await order()).toEqual([a, b, c]);
  });
});
