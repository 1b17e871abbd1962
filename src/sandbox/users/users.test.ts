import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../foundation/json.ts';
import { seedCompany } from '../company.ts';
import { at, changed, first, rows, SandboxFixture } from '../sandbox-fixture.ts';

const company = seedCompany({ users: 6, seed: 7, ringGroups: 1, spareSeats: 2 });
const [siteA, siteB] = company.sites;
const freeNumber = company.phoneNumbers.at(-1)?.id ?? '';

function setUp(options: ConstructorParameters<typeof SandboxFixture>[0] = {}): SandboxFixture {
  return new SandboxFixture({ company, ...options });
}

function person(changes: Readonly<Record<string, Json | undefined>> = {}): JsonObject {
  const base: JsonObject = {
    basicInfo: {
      userName: 'jane.doe@example.com',
      firstName: 'Jane',
      lastName: 'Doe',
      primaryEmail: 'jane.doe@example.com',
      site: { id: siteA?.id ?? '' },
    },
  };
  return changed(base, changes);
}

async function create(fixture: SandboxFixture, body: JsonObject = person()): Promise<JsonObject> {
  const operation = await fixture.write('POST', '/users', body);
  expect(operation).toMatchObject({ status: 'COMPLETED' });
  return fixture.get(`/users/${String(operation.resourceId)}`);
}

function idOf(user: JsonObject | undefined): string {
  return String(at(user, 'basicInfo', 'userId'));
}

/** The second seeded user: not the administrator. */
async function someone(fixture: SandboxFixture): Promise<JsonObject> {
  return (await fixture.list('/users'))[1] ?? {};
}

describe('creating a user', () => {
  it('fills in what was left out, the dial plan from the site among it', async () => {
    const body = person({ serviceInfo: { licenses: [{ name: 'x2' }], extensions: [{}] } });
    const user = await create(setUp(), body);
    expect(user.basicInfo).toMatchObject({
      status: 'ACTIVE',
      locale: 'en-US',
      timezone: 'America/Los_Angeles',
      site: { name: 'Headquarters', pbxName: 'examplepbx01' },
      scimProvider: null,
    });
    const extension = at(user, 'serviceInfo', 'extensions', 0);
    expect(extension).toMatchObject({
      dialPlanCallingCountry: 'NANP',
      dialPlanRuleset: 'INTERNATIONAL',
      emergencyAddressInheritFromSite: true,
      internalCallerIdFirstName: 'Jane',
      phoneNumbers: [],
    });
    expect(at(extension, 'fqExtensionNumber')).toBe(`20${at(extension, 'extensionNumber')}`);
    expect(at(extension, 'emergencyAddress', 'displayForm')).toContain('EXAMPLE AVE');
    expect(at(extension, 'licenseId')).toBe(at(user, 'serviceInfo', 'licenses', 0, 'id'));
  });

  it('names every field that is missing or malformed', async () => {
    const response = await setUp().send('POST', '/users', {
      basicInfo: { userName: 'a b', firstName: 'J', lastName: 'Doé', primaryEmail: 'nobody', site: {} },
      directoryInfo: { directoryScope: 'WORLD' },
      serviceInfo: { extensions: [{ recordingMode: 'SOMETIMES', extensionNumber: 'x' }] },
    });
    expect(response.status).toBe(400);
    const fields = rows(JSON.parse(response.body).errors).map((error) => error.field);
    expect(fields).toEqual([
      'basicInfo.userName',
      'basicInfo.firstName',
      'basicInfo.lastName',
      'basicInfo.primaryEmail',
      'directoryInfo.directoryScope',
      'serviceInfo.extensions[0].recordingMode',
      'serviceInfo.extensions[0].extensionNumber',
      'basicInfo.site.id',
    ]);
  });

  it('reports a taken user name in each of the documented ways', async () => {
    const duplicate = person({ 'basicInfo.userName': 'PRIMARY.ADMIN@example.com' });
    expect(await setUp().refused('POST', '/users', duplicate)).toMatchObject({ status: 400 });
    expect(await setUp({ duplicateUserName: '409' }).refused('POST', '/users', duplicate)).toMatchObject({
      status: 409,
      error: { code: 'CONFLICT' },
    });
    const operation = await setUp({ duplicateUserName: 'operation' }).write('POST', '/users', duplicate);
    expect(operation).toMatchObject({
      status: 'FAILED',
      error: { errors: [{ message: 'userName already in use' }] },
    });
  });

  it('fails the second of two creations in flight with one user name', async () => {
    const fixture = setUp();
    const started = [
      await fixture.read('POST', '/users', person()),
      await fixture.read('POST', '/users', person()),
    ];
    await fixture.clock.sleep(10_000);
    const states = await Promise.all(started.map((one) => fixture.get(`/operations/${one.operationId}`)));
    expect(states.map((one) => one.status).sort()).toEqual(['COMPLETED', 'FAILED']);
    expect(await fixture.list('/users?filter=basicInfo.userName==jane.doe@example.com')).toHaveLength(1);
  });

  it('refuses a foreign customer id', async () => {
    const refused = await setUp().refused(
      'POST',
      '/users',
      person({ 'basicInfo.customerId': 'someone-else' }),
    );
    expect(refused).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } });
  });

  it('fails on numbers that are unknown or assigned, and on a taken extension number', async () => {
    const fixture = setUp();
    const taken = company.phoneNumbers[1]?.id ?? '';
    const body = (extension: JsonObject) => person({ serviceInfo: { extensions: [extension] } });
    const fields = async (extension: JsonObject) =>
      at(await fixture.write('POST', '/users', body(extension)), 'error', 'errors', 0, 'field');
    const number = 'serviceInfo.extensions[0].phoneNumbers[0].phoneNumber';
    expect(await fields({ phoneNumbers: [{ phoneNumber: '+14085550199' }] })).toBe(number);
    expect(await fields({ phoneNumbers: [{ phoneNumber: taken }] })).toBe(number);
    expect(await fields({ extensionNumber: '1000' })).toBe('serviceInfo.extensions[0].extensionNumber');
  });

  it('allows a short number that only another site uses', async () => {
    const fixture = setUp();
    const number = '1999';
    const extensions = [{ extensionNumber: number }];
    await create(fixture, person({ serviceInfo: { extensions } }));
    const other = { 'basicInfo.userName': 'joan.doe@example.com', 'basicInfo.site': { id: siteB?.id ?? '' } };
    const user = await create(fixture, person({ ...other, serviceInfo: { extensions } }));
    expect(at(user, 'serviceInfo', 'extensions', 0, 'fqExtensionNumber')).toBe('211999');
  });
});

describe('licences', () => {
  it('are refused on their field when unknown or used up', async () => {
    const fixture = setUp();
    const withLicense = (license: JsonObject, name = 'jane.doe@example.com') =>
      person({ 'basicInfo.userName': name, serviceInfo: { licenses: [license] } });
    expect((await fixture.refused('POST', '/users', withLicense({ name: 'X99' }))).error.field).toBe(
      'serviceInfo.licenses[0].name',
    );
    expect((await fixture.refused('POST', '/users', withLicense({ id: 'nope' }))).error.field).toBe(
      'serviceInfo.licenses[0].id',
    );
    for (const name of ['one@example.com', 'two@example.com'])
      await create(fixture, withLicense({ name: 'X4' }, name));
    expect((await fixture.refused('POST', '/users', withLicense({ name: 'X4' }))).error.message).toBe(
      'No license X4 is available',
    );
  });

  it('change their type in two updates only, and lose memberships and voicemail settings on the way', async () => {
    const fixture = setUp();
    const group = first((await fixture.get('/ring-groups')).data);
    const userId = String(at(group, 'members', 0, 'userId'));
    const user = await fixture.get(`/users/${userId}`);
    const held = at(user, 'serviceInfo', 'licenses', 0, 'name');
    const other = held === 'X2' ? 'X4' : 'X2';
    const swap = changed(user, { 'serviceInfo.licenses': [{ name: other }] });
    expect((await fixture.refused('PUT', `/users/${userId}`, swap)).error.field).toBe('serviceInfo.licenses');

    expect(at(user, 'serviceInfo', 'extensions', 0, 'voicemailEmail')).not.toBeNull();
    await fixture.write('PUT', `/users/${userId}`, changed(user, { 'serviceInfo.licenses': [] }));
    const bare = await fixture.get(`/users/${userId}`);
    expect(at(bare, 'serviceInfo', 'extensions', 0, 'voicemailEmail')).toBeNull();
    expect(at(bare, 'assignmentInfo', 'ringGroups')).toEqual([]);

    const again = changed(bare, { 'serviceInfo.licenses': [{ name: other }] });
    expect(await fixture.write('PUT', `/users/${userId}`, again)).toMatchObject({ status: 'COMPLETED' });
    expect(at(await fixture.get(`/users/${userId}`), 'serviceInfo', 'licenses', 0, 'name')).toBe(other);
  });

  it('appear by themselves for numbers, and are ignored in a body', async () => {
    const fixture = setUp();
    const extensions = [{ phoneNumbers: [{ phoneNumber: freeNumber }] }];
    const user = await create(fixture, person({ serviceInfo: { licenses: [{ name: 'X2' }], extensions } }));
    const names = rows(at(user, 'serviceInfo', 'licenses')).map((license) => license.name);
    expect(names).toEqual(['X2', 'DID-US']);
    expect(await fixture.write('PUT', `/users/${idOf(user)}`, user)).toMatchObject({ status: 'COMPLETED' });
    expect(at(await fixture.get(`/users/${idOf(user)}`), 'serviceInfo', 'licenses')).toHaveLength(2);
  });
});

describe('updating a user', () => {
  it('changes nothing but the time stamp when GET one is put back', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    await fixture.write('PUT', `/users/${idOf(user)}`, user);
    const after = await fixture.get(`/users/${idOf(user)}`);
    const moved = at(after, 'basicInfo', 'lastUpdatedTime');
    expect(moved).not.toBe(at(user, 'basicInfo', 'lastUpdatedTime'));
    expect(after).toEqual(changed(user, { 'basicInfo.lastUpdatedTime': moved }));
  });

  it('keeps fields that the schema does not know while they are sent, and drops them with the rest', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    const path = `/users/${idOf(user)}`;
    await fixture.write(
      'PUT',
      path,
      changed(user, { 'basicInfo.badgeColor': 'green', 'directoryInfo.jobTitle': 'Lead' }),
    );
    const after = await fixture.get(path);
    expect(after).toMatchObject({ basicInfo: { badgeColor: 'green' }, directoryInfo: { jobTitle: 'Lead' } });
    await fixture.write(
      'PUT',
      path,
      changed(after, { 'basicInfo.badgeColor': undefined, directoryInfo: undefined }),
    );
    const bare = await fixture.get(path);
    expect(at(bare, 'basicInfo', 'badgeColor')).toBeUndefined();
    expect(at(bare, 'directoryInfo', 'jobTitle')).toBeNull();
  });

  it('deprovisions an extension that is left out, and frees its numbers', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    const number = String(at(user, 'serviceInfo', 'extensions', 0, 'primaryPhoneNumber'));
    const status = async () => (await fixture.get(`/phone-numbers/${encodeURIComponent(number)}`)).status;
    expect(await status()).toBe('ASSIGNED');
    await fixture.write(
      'PUT',
      `/users/${idOf(user)}`,
      changed(user, { 'serviceInfo.extensions': undefined }),
    );
    expect(at(await fixture.get(`/users/${idOf(user)}`), 'serviceInfo', 'extensions')).toEqual([]);
    expect(await status()).toBe('AVAILABLE');
  });

  it('refuses another site and a user id unlike the URL', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    const path = `/users/${idOf(user)}`;
    const elsewhere = at(user, 'basicInfo', 'site', 'id') === siteA?.id ? siteB?.id : siteA?.id;
    const moved = changed(user, { 'basicInfo.site': { id: elsewhere ?? '' } });
    expect((await fixture.refused('PUT', path, moved)).error.field).toBe('basicInfo.site.id');
    const mismatched = changed(user, { 'basicInfo.userId': 'another' });
    expect((await fixture.refused('PUT', path, mismatched)).error.field).toBe('basicInfo.userId');
    expect((await fixture.refused('PUT', '/users/unknown', user)).status).toBe(404);
  });

  it('mirrors the directory flag of a UC extension, whichever side changed', async () => {
    const fixture = setUp();
    const path = `/users/${idOf(await someone(fixture))}`;
    const flags = async () => {
      const user = await fixture.get(path);
      const own = at(user, 'directoryInfo', 'displayInDirectory');
      return [own, at(user, 'serviceInfo', 'extensions', 0, 'displayInDirectory')];
    };
    await fixture.write(
      'PUT',
      path,
      changed(await fixture.get(path), { 'directoryInfo.displayInDirectory': false }),
    );
    expect(await flags()).toEqual([false, false]);
    const user = await fixture.get(path);
    const extension = changed(first(at(user, 'serviceInfo', 'extensions')), { displayInDirectory: true });
    await fixture.write('PUT', path, changed(user, { 'serviceInfo.extensions': [extension] }));
    expect(await flags()).toEqual([true, true]);
  });

  it('keeps one user group of several, and refuses unknown groups and policies', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    const path = `/users/${idOf(user)}`;
    const userGroups = company.userGroups.map(({ id }) => ({ id }));
    await fixture.write('PUT', path, changed(user, { 'assignmentInfo.userGroups': userGroups }));
    expect(at(await fixture.get(path), 'assignmentInfo', 'userGroups')).toHaveLength(1);
    const unknown = {
      'assignmentInfo.userGroups': [{ id: '0' }],
      'assignmentInfo.profilePolicy': { name: 'None' },
    };
    const { error } = await fixture.refused('PUT', path, changed(user, unknown));
    expect(error.field).toBe('assignmentInfo.profilePolicy.name');
  });

  it('keeps a device by its MAC address, whatever the punctuation', async () => {
    const fixture = setUp();
    const user = await someone(fixture);
    const path = `/users/${idOf(user)}`;
    const withDevice = (from: JsonObject, macAddress: string) =>
      changed(from, {
        'serviceInfo.extensions': [
          changed(first(at(from, 'serviceInfo', 'extensions')), {
            devices: [{ macAddress, model: 'Desk Phone' }],
          }),
        ],
      });
    await fixture.write('PUT', path, withDevice(user, '0A-1B-2C-3D-4E-5F'));
    const before = at(await fixture.get(path), 'serviceInfo', 'extensions', 0, 'devices', 0);
    expect(before).toMatchObject({ macAddress: '0a1b2c3d4e5f' });
    await fixture.write('PUT', path, withDevice(user, '0a:1b:2c:3d:4e:5f'));
    expect(at(await fixture.get(path), 'serviceInfo', 'extensions', 0, 'devices', 0, 'id')).toBe(
      at(before, 'id'),
    );
  });
});

describe('deleting a user', () => {
  it('frees the user name, the numbers, the seats and the memberships', async () => {
    const fixture = setUp();
    const group = first((await fixture.get('/ring-groups')).data);
    const members = rows(group.members);
    const member = members.find((one) => one.firstName !== 'Primary') ?? {};
    const user = await fixture.get(`/users/${String(member.userId)}`);
    await fixture.write('DELETE', `/users/${idOf(user)}`);
    expect((await fixture.refused('DELETE', `/users/${idOf(user)}`)).status).toBe(404);
    expect((await fixture.get(`/ring-groups/${group.id}`)).members).toHaveLength(members.length - 1);
    const license = { id: String(at(user, 'serviceInfo', 'licenses', 0, 'id')) };
    const phoneNumber = String(at(user, 'serviceInfo', 'extensions', 0, 'primaryPhoneNumber'));
    const again = person({
      'basicInfo.userName': at(user, 'basicInfo', 'userName'),
      serviceInfo: { licenses: [license], extensions: [{ phoneNumbers: [{ phoneNumber }] }] },
    });
    expect(idOf(await create(fixture, again))).not.toBe(idOf(user));
  });

  it('is refused for the primary administrator', async () => {
    const fixture = setUp();
    const administrator = (await fixture.list('/users'))[0];
    expect((await fixture.refused('DELETE', `/users/${idOf(administrator)}`)).status).toBe(400);
  });
});

describe('membership on the user', () => {
  it('is left when a PUT leaves it out, and joined when it names a group', async () => {
    const fixture = setUp();
    const group = first((await fixture.get('/ring-groups')).data);
    const userId = String(at(group, 'members', 0, 'userId'));
    const user = await fixture.get(`/users/${userId}`);
    expect(at(user, 'assignmentInfo', 'ringGroups', 0, 'id')).toBe(group.id);
    await fixture.write('PUT', `/users/${userId}`, changed(user, { 'assignmentInfo.ringGroups': undefined }));
    expect(at(await fixture.get(`/users/${userId}`), 'assignmentInfo', 'ringGroups')).toEqual([]);
    await fixture.write('PUT', `/users/${userId}`, user);
    const last = rows((await fixture.get(`/ring-groups/${group.id}`)).members).at(-1);
    expect(last).toMatchObject({ userId });
  });
});
