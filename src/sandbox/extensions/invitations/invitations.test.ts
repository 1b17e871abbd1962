import { expect, test } from 'vitest';
import { Driver, fields, object } from '../testing/driver.ts';

const hour = 3_600_000;

test('an invitation is sent, shown in the outbox and accepted', async () => {
  const driver = new Driver();
  const userId = driver.company.users[1]?.id ?? '';
  const id = await driver.written('POST', '/invitations', { userId });
  const sent = (await driver.get(`/invitations/${id}`)).body;
  expect(sent).toMatchObject({ userId, status: 'SENT', acceptedTime: null, error: null });
  expect(Date.parse(String(sent.expiresTime)) - Date.parse(String(sent.sentTime))).toBe(72 * hour);
  expect(await driver.control('GET', '/outbox')).toMatchObject([
    { to: sent.email, invitationId: id, bounced: false },
  ]);
  await driver.control('POST', `/invitations/${id}/accept`);
  expect((await driver.get(`/invitations/${id}`)).body.status).toBe('ACCEPTED');
  await driver.advance(80 * hour);
  expect((await driver.get(`/invitations/${id}`)).body.status).toBe('ACCEPTED');
  expect((await driver.rows(`/invitations?filter=userId==${userId}`)).length).toBe(1);
  expect((await driver.audit('invitation')).map((record) => record.eventType)).toEqual(['update', 'create']);
});

test('after 72 hours it has expired and cannot be accepted', async () => {
  const driver = new Driver();
  const id = await driver.written('POST', '/invitations', { userId: driver.company.users[1]?.id ?? '' });
  await driver.advance(72 * hour);
  expect((await driver.get(`/invitations/${id}`)).body.status).toBe('EXPIRED');
  await expect(driver.control('POST', `/invitations/${id}/accept`)).rejects.toThrow(/409/);
});

test('mail that bounces gives a failed invitation', async () => {
  const driver = new Driver();
  const userId = driver.company.users[1]?.id ?? '';
  const user = (await driver.get(`/users/${userId}`)).body;
  const basicInfo = { ...object(user.basicInfo), primaryEmail: 'nobody@bounce.example.com' };
  await driver.written('PUT', `/users/${userId}`, { ...user, basicInfo });
  const id = await driver.written('POST', '/invitations', { userId });
  expect((await driver.get(`/invitations/${id}`)).body).toMatchObject({
    status: 'FAILED',
    error: { code: 'MAIL_BOUNCED' },
  });
});

test('only an active user is invited', async () => {
  const driver = new Driver();
  expect(fields(await driver.request('POST', '/invitations', { userId: 'nobody' }))).toEqual(['userId']);
  expect(fields(await driver.request('POST', '/invitations', {}))).toEqual(['userId']);
  const userId = driver.company.users[1]?.id ?? '';
  const user = (await driver.get(`/users/${userId}`)).body;
  await driver.written('PUT', `/users/${userId}`, {
    ...user,
    basicInfo: { ...object(user.basicInfo), status: 'INACTIVE' },
  });
  expect(fields(await driver.request('POST', '/invitations', { userId }))).toEqual(['userId']);
});
