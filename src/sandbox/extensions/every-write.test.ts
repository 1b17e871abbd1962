import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { Driver, object } from './testing/driver.ts';

const types = [
  ...['address', 'administrator', 'extension', 'invitation', 'phoneNumber'],
  ...['portingDocument', 'portingOrder', 'ringgroup', 'site', 'user'],
];
const order = {
  reference: 'audited',
  portType: 'FULL',
  numbers: [{ phoneNumber: '+12175550190' }],
  losingCarrier: { name: 'Riverbend Telecom' },
  accountNumber: '12345',
  pin: '4711',
  billingTelephoneNumber: '+12175550190',
};

let driver: Driver;
let userId = '';
/** What earlier writes have made. */
const made: Record<string, string> = {};

beforeAll(() => {
  driver = new Driver();
  userId = driver.company.users[1]?.id ?? '';
});

/** Ids and actors of the records about one object, whatever its type is called. */
async function recordsOf(id: string): Promise<JsonObject[]> {
  const all = await Promise.all(types.map((type) => driver.audit(type)));
  return all.flat().filter(({ entityKey }) => entityKey === id);
}

/** Sends what GET one shows again, with some members changed. */
async function putAgain(path: string, changes: JsonObject = {}): Promise<string> {
  const { body } = await driver.get(path);
  return driver.written('PUT', path, { ...body, ...changes });
}

async function firstOf(collection: string, id = 'id'): Promise<string> {
  const [row] = await driver.rows(`/${collection}`);
  return String(row?.[id]);
}

/** Each write, and the id of what it is about. */
const writes: readonly (readonly [string, () => Promise<string>])[] = [
  ['a user, with what it has already', () => putAgain(`/users/${userId}`)],
  [
    'a new user',
    async () => {
      const { body } = await driver.get(`/users/${userId}`);
      const basicInfo = {
        ...object(body.basicInfo),
        userName: 'new@example.com',
        primaryEmail: 'new@example.com',
      };
      made.user = await driver.written('POST', '/users', { basicInfo });
      return made.user;
    },
  ],
  ['a user that goes', () => driver.written('DELETE', `/users/${made.user}`)],
  [
    'a new ring group',
    async () => {
      made.group = await driver.written('POST', '/ring-groups', {
        name: 'Front Desk',
        ringPattern: 'SEQUENTIAL',
        inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
        ringTimeout: 20,
        extensionNumber: '7390',
        site: { id: driver.company.sites[0]?.id ?? '' },
        voicemailSettings: { accessPin: '654321' },
      });
      return made.group;
    },
  ],
  ['a ring group, with what it has already', () => putAgain(`/ring-groups/${made.group}`)],
  [
    'a ring group of which only the access PIN changes',
    async () => {
      const path = `/ring-groups/${made.group}`;
      const { body } = await driver.get(path);
      const voicemailSettings = { ...object(body.voicemailSettings), accessPin: '123456' };
      return driver.written('PUT', path, { ...body, voicemailSettings });
    },
  ],
  ['a site, with what it has already', async () => putAgain(`/sites/${await firstOf('sites')}`)],
  [
    'a new address',
    async () => {
      const address = { streetNumber: '1', streetName: 'Example Ave', city: 'Springfield', state: 'IL' };
      const { body } = await driver.request('POST', '/addresses', {
        ...address,
        postal: '62704',
        country: 'US',
      });
      made.address = String(body.id);
      return made.address;
    },
  ],
  [
    'an address that goes',
    async () => {
      await driver.request('DELETE', `/addresses/${made.address}`);
      return made.address ?? '';
    },
  ],
  [
    'a new extension',
    async () => {
      const site = { id: driver.company.sites[0]?.id ?? '' };
      made.extension = await driver.written('POST', '/extensions', {
        site,
        extensionNumber: '7399',
        extensionType: 'UC',
      });
      return made.extension;
    },
  ],
  ['an extension, with what it has already', () => putAgain(`/extensions/${made.extension}`)],
  ['settings of an extension', () => putAgain(`/extension-settings/${made.extension}`)],
  ['an extension that goes', () => driver.written('DELETE', `/extensions/${made.extension}`)],
  ['settings of a profile', () => putAgain(`/profile-settings/${userId}`)],
  [
    'an administrator',
    () => {
      const scopes = [{ pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] }];
      return driver.written('PUT', `/administrators/${userId}`, { scopes });
    },
  ],
  ['an administrator, with the same again', () => putAgain(`/administrators/${userId}`)],
  [
    'a support passphrase',
    async () => {
      await driver.control('POST', `/administrators/${userId}/support-passphrase`, {});
      return userId;
    },
  ],
  [
    'an invitation',
    async () => {
      made.invitation = await driver.written('POST', '/invitations', { userId });
      return made.invitation;
    },
  ],
  [
    'an invitation that is accepted',
    async () => {
      await driver.control('POST', `/invitations/${made.invitation}/accept`, {});
      return made.invitation ?? '';
    },
  ],
  [
    'a document',
    async () => {
      const path = '/porting-documents?type=LETTER_OF_AUTHORITY&fileName=a.pdf';
      const { body } = await driver.request('POST', path, Buffer.from('%PDF-1.7 letter'), 'application/pdf');
      return String(body.id);
    },
  ],
  [
    'a new port',
    async () => {
      made.order = await driver.written('POST', '/porting-orders', order);
      return made.order;
    },
  ],
  [
    'a port of which only the PIN changes',
    () => driver.written('PUT', `/porting-orders/${made.order}`, { ...order, pin: '0815' }),
  ],
  ['a port that is cancelled', () => driver.written('POST', `/porting-orders/${made.order}/cancel`)],
  [
    'a user, in the console',
    async () => {
      const merge = { directoryInfo: { jobTitle: 'Lead' } };
      const actor = { userName: 'someone@example.com' };
      await driver.control('POST', '/console/patch', { actor, path: `/users/${userId}`, merge });
      return userId;
    },
  ],
];

describe('every write leaves one record with its actor, and no secret', () => {
  it.each(writes)('of %s', async (_name, write) => {
    const before = new Set(
      (await Promise.all(types.map((type) => driver.audit(type)))).flat().map(({ id }) => id),
    );
    const id = await write();
    const own = (await recordsOf(id)).filter((record) => !before.has(record.id ?? null));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ auditUserId: expect.stringMatching(/^(test|\S+@example\.com)$/) });
    expect(JSON.stringify(own)).not.toMatch(/4711|0815|123456|654321|12345\b/);
  });
});
