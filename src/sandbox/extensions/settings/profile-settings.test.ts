import { expect, test } from 'vitest';
import { Driver, fields, object } from '../testing/driver.ts';

test('the address of a person counts in the usage of the address', async () => {
  const driver = new Driver();
  const path = `/profile-settings/${driver.company.users[1]?.id}`;
  const id = driver.company.addresses[0]?.id ?? '';
  expect((await driver.get(path)).body.address).toBeNull();
  await driver.written('PUT', path, { address: { id } });
  expect((await driver.get(path)).body.address).toEqual({ id });
  const usage = object((await driver.get(`/addresses/${id}`)).body.addressUsage);
  expect(usage.userPersonal).toBe(1);
  expect((await driver.rows(`/profile-settings?filter=address.id==${id}`)).length).toBe(1);
  await driver.written('PUT', path, { address: null });
  expect((await driver.get(path)).body.address).toBeNull();
  expect((await driver.audit('user')).length).toBe(2);
});

test('an unknown address or person is refused, and the settings go with the user', async () => {
  const driver = new Driver();
  const userId = driver.company.users[1]?.id;
  const path = `/profile-settings/${userId}`;
  expect(fields(await driver.request('PUT', path, { address: { id: 'nowhere' } }))).toEqual(['address.id']);
  await driver.written('PUT', path, { address: { id: driver.company.addresses[0]?.id ?? '' } });
  await driver.written('DELETE', `/users/${userId}`);
  expect((await driver.get(path)).status).toBe(404);
  const usage = object((await driver.get(`/addresses/${driver.company.addresses[0]?.id}`)).body.addressUsage);
  expect(usage.userPersonal ?? 0).toBe(0);
});
