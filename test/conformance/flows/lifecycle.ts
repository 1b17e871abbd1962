import type { ObjectType } from '../../../src/account/objects.ts';
import { isJsonObject, type JsonObject } from '../../../src/foundation/json.ts';
import type { WriteResult } from '../../../src/phonesystem/client.ts';
import { toPutBody } from '../../../src/phonesystem/put-body.ts';
import { addressBody, ringGroupBody, siteBody, textAt, userBody } from './bodies.ts';
import type { Session } from './session.ts';

export const publishedTypes = ['user', 'ringGroup', 'site', 'address', 'phoneNumber'] as const;
const ownTypes = [
  'extension',
  'extensionSettings',
  'profileSettings',
  'administrator',
  'portingOrder',
  'invitation',
  'license',
  'userGroup',
  'profilePolicy',
] as const satisfies readonly ObjectType[];

/** Every operation with success: a site with its people and their ring group comes, changes and goes. */
export async function lifecycle(session: Session): Promise<void> {
  await listEverything(session);
  const addressId = await createAddress(session);
  const siteId = await write(session, session.client.create('site', siteBody(addressId), session.options));
  await rename(session, 'site', siteId, (site) => ({ ...site, name: 'Conformance Lab East' }));
  const people = [await createUser(session, siteId, 0), await createUser(session, siteId, 1)];
  const members = await Promise.all(people.map((userId) => firstExtension(session, userId)));
  const groupId = await createRingGroup(session, siteId, members[0] ?? '');
  await changeMembers(session, groupId, members);
  await session.changeInConsole(`/users/${people[0]}`, { directoryInfo: { jobTitle: 'Lead' } });
  await rename(session, 'user', people[0] ?? '', (user) => ({
    ...user,
    directoryInfo: { ...objectAt(user, 'directoryInfo'), department: 'Support' },
  }));
  await duplicateUserNames(session, siteId);
  await sharedExtension(session, siteId);
  await session.control('POST', '/settings', { sparseRows: true });
  await listEverything(session);
  await session.control('POST', '/settings', { sparseRows: false });
  await write(session, session.client.remove('ringGroup', groupId, session.options));
  for (const userId of people) await write(session, session.client.remove('user', userId, session.options));
  await write(session, session.client.remove('site', siteId, session.options));
  await session.client.remove('address', addressId, session.options);
}

/** Each collection, over several pages, filtered and sorted; and one object of each. */
async function listEverything(session: Session): Promise<void> {
  const { client, options } = session;
  const firstIds = new Map<ObjectType, string>();
  for (const type of publishedTypes) {
    for await (const page of client.list(type, { ...options, pageSize: 2, maxPages: 3 })) {
      const [row] = page.objects;
      if (row) firstIds.set(type, idOfRow(type, row));
    }
    for await (const _page of client.list(type, options));
  }
  const queries = [
    [
      'user',
      { filter: "basicInfo.status==ACTIVE;directoryInfo.department=='*a*'", sort: '-basicInfo.userName' },
    ],
    ['ringGroup', { filter: 'ringTimeout>=10', sort: 'name' }],
    ['site', { filter: 'name==*Office', sort: '-name' }],
    ['address', { filter: 'country==US', sort: 'city' }],
    ['phoneNumber', { filter: "status==AVAILABLE,phoneNumber=='+14085550100'", sort: 'phoneNumber' }],
  ] as const;
  for (const [type, query] of queries) for await (const _page of client.list(type, { ...options, ...query }));
  for (const [type, id] of firstIds) await client.get(type, id, options);
  for (const type of ownTypes) for await (const _page of client.list(type, options));
  await client.privilegeTree(options);
}

async function createAddress(session: Session): Promise<string> {
  const { client, options } = session;
  const created = await client.create('address', addressBody, options);
  // The same address again answers with the same one (8x8 guide: addresses).
  await client.create('address', addressBody, options);
  const id = textAt(created.kind === 'done' ? created.body : undefined, 'id');
  await client.get('address', id, options);
  return id;
}

async function createUser(session: Session, siteId: string, index: number): Promise<string> {
  const { client, options } = session;
  const numbers: string[] = [];
  for await (const page of client.list('phoneNumber', { ...options, filter: 'status==AVAILABLE' })) {
    numbers.push(...page.objects.map((number) => textAt(number, 'phoneNumber')));
  }
  const phoneNumber = numbers[0] ?? '';
  const serviceInfo: JsonObject = {
    licenses: [{ name: 'X2', country: 'US' }],
    extensions: [
      {
        extensionNumber: String(7701 + index),
        extensionType: 'UC',
        phoneNumbers: [{ phoneNumber, primary: true }],
        voicemailEmail: 'robin.sample@example.com',
        recordingMode: 'ON_DEMAND',
        devices: [{ macAddress: `0a1b2c3d4e5${index}` }],
      },
    ],
  };
  const body = userBody(`robin.sample${index}@example.com`, siteId, {
    serviceInfo,
    assignmentInfo: { profilePolicy: { name: 'Standard User' } },
  });
  const id = await write(session, client.create('user', body, options));
  await client.get('phoneNumber', phoneNumber, options);
  return id;
}

async function createRingGroup(session: Session, siteId: string, extensionId: string): Promise<string> {
  const { client, options } = session;
  const body = ringGroupBody(siteId, {
    members: [{ extensionId, sequenceNumber: 1, loggedIn: true }],
    forwardingRules: [
      {
        condition: 'NO_ANSWER',
        enabled: true,
        destinations: [{ type: 'EXTERNAL_NUMBER', destination: '+14085550123' }],
      },
    ],
    voicemailSettings: {
      accessPin: '482915',
      notificationAction: 'NOTIFY_ONLY',
      notificationEmail: 'desk@example.com',
    },
  });
  const id = await write(session, client.create('ringGroup', body, options));
  await rename(session, 'ringGroup', id, (group) => ({ ...group, name: 'Conformance Desk East' }));
  return id;
}

async function changeMembers(session: Session, groupId: string, members: readonly string[]): Promise<void> {
  const { client, options } = session;
  const [first = '', second = ''] = members;
  const change = (body: JsonObject) => client.act('ringGroup', groupId, 'update-members', body, options);
  await write(
    session,
    change({ add: [{ extensionId: second, sequenceNumber: 1, voicemailAccessEnabled: true }] }),
  );
  await write(session, change({ update: [{ extensionId: first, loggedIn: false }] }));
  await write(session, change({ remove: [{ extensionId: second }] }));
  await client.get('ringGroup', groupId, options);
}

/** The documents name three ways in which a duplicate userName is reported. */
async function duplicateUserNames(session: Session, siteId: string): Promise<void> {
  const { client, options } = session;
  const body = userBody('robin.sample0@example.com', siteId);
  for (const duplicateUserName of ['sync', '409', 'operation']) {
    await session.control('POST', '/settings', { duplicateUserName });
    const outcome = await client.create('user', body, options).catch(() => undefined);
    if (outcome?.kind === 'operation') await session.finished(outcome.operationId);
  }
  await session.control('POST', '/settings', { duplicateUserName: 'sync' });
}

/** What the published API lacks runs through its operations all the same. */
async function sharedExtension(session: Session, siteId: string): Promise<void> {
  const { client, options } = session;
  const body = { extensionNumber: '7790', extensionType: 'UC', site: { id: siteId } };
  const id = await write(session, client.create('extension', body, options));
  await rename(session, 'extension', id, (extension) => ({ ...extension, callWaitingEnabled: false }));
  await write(session, client.remove('extension', id, options));
}

/** GET one, change, PUT the whole, as every update is made. */
export async function rename(
  session: Session,
  type: 'user' | 'ringGroup' | 'site' | 'extension',
  id: string,
  change: (object: JsonObject) => JsonObject,
): Promise<void> {
  const { client, options } = session;
  const object = await client.get(type, id, options);
  if (!object) throw new Error(`the ${type} that was just created is not there`);
  await write(session, client.replace(type, id, toPutBody(type, change(object)), options));
  await client.get(type, id, options);
}

/** Sees a write through to its end, which has to be good; the id of what it made or changed. */
async function write(session: Session, sent: Promise<WriteResult>): Promise<string> {
  const result = await sent;
  if (result.kind === 'done') return '';
  const end = await session.finished(result.operationId);
  if (end.status !== 'COMPLETED')
    throw new Error(`operation ${result.operationId} ended as ${JSON.stringify(end)}`);
  return end.resourceId ?? '';
}

async function firstExtension(session: Session, userId: string): Promise<string> {
  return textAt(
    await session.client.get('user', userId, session.options),
    'serviceInfo',
    'extensions',
    0,
    'id',
  );
}

function idOfRow(type: ObjectType, row: JsonObject): string {
  if (type === 'user') return textAt(row, 'basicInfo', 'userId');
  return textAt(row, type === 'phoneNumber' ? 'phoneNumber' : 'id');
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}
