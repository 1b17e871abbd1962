import { beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../foundation/json.ts';
import { Driver, fields, object, objects } from '../testing/driver.ts';

let driver: Driver;
let site: JsonObject;
let userId: string;
let freeNumber: string;
let seat: string;

beforeEach(async () => {
  driver = new Driver();
  const user = driver.company.users[1];
  userId = user?.id ?? '';
  site = { id: user?.siteId ?? '' };
  freeNumber = String((await driver.rows('/phone-numbers?filter=status==AVAILABLE'))[0]?.phoneNumber);
  const seats = await driver.rows('/licenses?filter=type==UC');
  seat = String(seats.find((one) => one.assignedUserId === null)?.id);
});

const extension = async (id: string) => (await driver.get(`/extensions/${id}`)).body;
const user = async () => (await driver.get(`/users/${userId}`)).body;
const usersExtensions = async () =>
  objects(object((await user()).serviceInfo).extensions).map((one) => one.id);
const seats = async () => objects(object((await user()).serviceInfo).licenses).map((one) => one.id);

const create = (changes: JsonObject = {}) =>
  driver.written('POST', '/extensions', {
    site,
    extensionNumber: '7001',
    phoneNumbers: [{ phoneNumber: freeNumber }],
    licenseId: seat,
    voicemailEmail: 'lobby@example.com',
    ...changes,
  });

test('an extension of nobody is created, listed and removed', async () => {
  const id = await create();
  expect(await extension(id)).toMatchObject({
    userId: null,
    extensionNumber: '7001',
    primaryPhoneNumber: freeNumber,
  });
  expect((await driver.rows('/extensions')).map((row) => row.id)).toEqual([id]);
  expect((await driver.rows('/extensions?filter=extensionNumber==9')).length).toBe(0);
  expect((await driver.rows(`/licenses?filter=id==${seat}`))[0]).toMatchObject({ assignedExtensionId: id });
  await driver.written('DELETE', `/extensions/${id}`);
  expect((await driver.get(`/extensions/${id}`)).status).toBe(404);
  expect((await driver.get(`/phone-numbers/${encodeURIComponent(freeNumber)}`)).body.status).toBe(
    'AVAILABLE',
  );
  expect((await driver.audit('extension')).map((record) => record.eventType)).toEqual(['delete', 'create']);
});

test('its number is free at its site, its phone number and its seat free anywhere', async () => {
  await create();
  const again = await driver.request('POST', '/extensions', { site, extensionNumber: '7001' });
  expect([again.status, ...fields(again)]).toEqual([409, 'extensionNumber']);
  const taken = { site, phoneNumbers: [{ phoneNumber: freeNumber }], licenseId: seat };
  expect(fields(await driver.request('POST', '/extensions', taken)).sort()).toEqual([
    'licenseId',
    'phoneNumbers[0].phoneNumber',
  ]);
  expect(fields(await driver.request('POST', '/extensions', { extensionNumber: '7002' }))).toEqual(['site']);
  expect(fields(await driver.request('POST', '/extensions', { site, userId }))).toEqual(['userId']);
});

test('a PUT replaces it, and never moves it to another site', async () => {
  const id = await create();
  await driver.written('PUT', `/extensions/${id}`, { site, extensionNumber: '7001' });
  expect(await extension(id)).toMatchObject({ phoneNumbers: [], voicemailEmail: null, licenseId: null });
  const other = driver.company.sites.find((one) => one.id !== site.id)?.id ?? '';
  expect(fields(await driver.request('PUT', `/extensions/${id}`, { site: { id: other } }))).toEqual([
    'site.id',
  ]);
});

test('given to a user it keeps id, numbers and settings, and appears in the body of the user', async () => {
  const id = await create();
  const settings = { timezone: 'Europe/London', workSettings: { faxEnabled: true } };
  await driver.written('PUT', `/extension-settings/${id}`, settings);
  await driver.written('PUT', `/extensions/${id}`, { ...(await extension(id)), userId });
  expect(await extension(id)).toMatchObject({
    userId,
    primaryPhoneNumber: freeNumber,
    voicemailEmail: 'lobby@example.com',
  });
  expect(await driver.rows('/extensions')).toEqual([]);
  expect(await usersExtensions()).toContain(id);
  expect(await seats()).toContain(seat);
  expect((await driver.get(`/extension-settings/${id}`)).body).toMatchObject(settings);
  expect((await driver.request('DELETE', `/extensions/${id}`)).status).toBe(400);
});

test('is given to a user of its own site only', async () => {
  const id = await create();
  const stranger = driver.company.users.find((one) => one.siteId !== site.id)?.id ?? '';
  const body = await extension(id);
  expect(fields(await driver.request('PUT', `/extensions/${id}`, { ...body, userId: stranger }))).toEqual([
    'userId',
  ]);
  expect(fields(await driver.request('PUT', `/extensions/${id}`, { ...body, userId: 'nobody' }))).toEqual([
    'userId',
  ]);
});

test('taken from a user it stays as it is, and so does the rest of the user', async () => {
  const id = await create();
  await driver.written('PUT', `/extensions/${id}`, { ...(await extension(id)), userId });
  const kept = await extension(id);
  const refused = await driver.request('PUT', `/extensions/${id}`, kept);
  expect(refused).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('change it through /users') },
  });
  const before = await user();
  await driver.written('PUT', `/extensions/${id}`, { ...kept, userId: null });
  expect(await extension(id)).toEqual({ ...kept, userId: null });
  expect(await usersExtensions()).not.toContain(id);
  expect(await seats()).not.toContain(seat);
  expect((await user()).directoryInfo).toEqual(before.directoryInfo);
  expect((await driver.audit('user')).length).toBe(2);
});

test('a user PUT that drops it deprovisions it', async () => {
  const id = await create();
  await driver.written('PUT', `/extensions/${id}`, { ...(await extension(id)), userId });
  const body = await user();
  const service = object(body.serviceInfo);
  const extensions = objects(service.extensions).filter((one) => one.id !== id);
  await driver.written('PUT', `/users/${userId}`, { ...body, serviceInfo: { ...service, extensions } });
  expect((await driver.get(`/extensions/${id}`)).status).toBe(404);
  expect((await driver.get(`/extension-settings/${id}`)).status).toBe(404);
  expect((await driver.get(`/phone-numbers/${encodeURIComponent(freeNumber)}`)).body.status).toBe(
    'AVAILABLE',
  );
});

test('a seat that serves an extension without a user is no one else’s', async () => {
  await create();
  const body = await user();
  const service = object(body.serviceInfo);
  const licenses = [...objects(service.licenses), { id: seat }];
  const answer = await driver.request('PUT', `/users/${userId}`, {
    ...body,
    serviceInfo: { ...service, licenses },
  });
  expect(answer.status).toBe(400);
});
