import type { JsonObject } from '../../../foundation/json.ts';
import { object } from './driver.ts';
import { orderBody } from './order-body.ts';
import type { Accepted, WriteSession } from './write-session.ts';

export interface WriteCase {
  readonly of: string;
  /** What it is sent to, as `Sandbox.routes` names it. */
  readonly route: string;
  send(session: WriteSession): Promise<Accepted>;
}

const address = {
  ...{ streetNumber: '1', streetName: 'Example Ave', city: 'Springfield', state: 'IL' },
  ...{ postal: '62704', country: 'US' },
};
const order = { ...orderBody, pin: '4711' };
const letterPath = '/porting-documents?type=LETTER_OF_AUTHORITY&fileName=a.pdf';
const letter = Buffer.from('%PDF-1.7 letter');
const pdf = 'application/pdf';

const people: readonly WriteCase[] = [
  {
    of: 'a user, with what it has already',
    route: 'PUT /users/{userId}',
    send: (session) => session.putAgain(`/users/${session.userId}`),
  },
  {
    of: 'a new user',
    route: 'POST /users',
    send: async (session) => {
      const { body } = await session.driver.get(`/users/${session.userId}`);
      const email = 'new@example.com';
      const basicInfo = { ...object(body.basicInfo), userName: email, primaryEmail: email };
      return session.make('user', session.start('POST', '/users', { basicInfo }));
    },
  },
  {
    of: 'a user that goes',
    route: 'DELETE /users/{userId}',
    send: (session) => session.start('DELETE', `/users/${session.made.user}`),
  },
  {
    of: 'settings of a profile',
    route: 'PUT /profile-settings/{userId}',
    send: (session) => session.putAgain(`/profile-settings/${session.userId}`),
  },
  {
    of: 'a new administrator',
    route: 'PUT /administrators/{userId}',
    send: (session) => {
      const scopes = [{ pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] }];
      return session.start('PUT', `/administrators/${session.userId}`, { scopes });
    },
  },
  {
    of: 'an administrator, with the same again',
    route: 'PUT /administrators/{userId}',
    send: (session) => session.putAgain(`/administrators/${session.userId}`),
  },
  {
    of: 'a support passphrase',
    route: 'POST /_control/administrators/{userId}/support-passphrase',
    send: (session) =>
      session.control(
        `/administrators/${session.userId}/support-passphrase`,
        session.userName,
        session.userId,
      ),
  },
  {
    of: 'an administrator that is one no longer',
    route: 'DELETE /administrators/{userId}',
    send: (session) => session.start('DELETE', `/administrators/${session.userId}`),
  },
  {
    of: 'an invitation',
    route: 'POST /invitations',
    send: (session) =>
      session.make('invitation', session.start('POST', '/invitations', { userId: session.userId })),
  },
  {
    of: 'an invitation that is accepted',
    route: 'POST /_control/invitations/{id}/accept',
    send: (session) => {
      const id = session.made.invitation ?? '';
      return session.control(`/invitations/${id}/accept`, session.userName, id);
    },
  },
];

const groups: readonly WriteCase[] = [
  {
    of: 'a new ring group',
    route: 'POST /ring-groups',
    send: (session) =>
      session.make(
        'group',
        session.start('POST', '/ring-groups', {
          name: 'Front Desk',
          ringPattern: 'SEQUENTIAL',
          inboundCallerIdFormat: 'RGNAME_CALLERNUMBER',
          ringTimeout: 20,
          extensionNumber: '7390',
          site: { id: session.siteId },
          voicemailSettings: { accessPin: '654321' },
        }),
      ),
  },
  {
    of: 'a ring group, with what it has already',
    route: 'PUT /ring-groups/{ringGroupId}',
    send: (session) => session.putAgain(`/ring-groups/${session.made.group}`),
  },
  {
    of: 'a ring group of which only the access PIN changes',
    route: 'PUT /ring-groups/{ringGroupId}',
    send: async (session) => {
      const path = `/ring-groups/${session.made.group}`;
      const { body } = await session.driver.get(path);
      const voicemailSettings = { ...object(body.voicemailSettings), accessPin: '123456' };
      return session.start('PUT', path, { ...body, voicemailSettings });
    },
  },
  {
    of: 'a member of a ring group',
    route: 'POST /ring-groups/{ringGroupId}/update-members',
    send: (session) => {
      const extensionId = session.driver.company.extensions[1]?.id ?? '';
      return session.start('POST', `/ring-groups/${session.made.group}/update-members`, {
        add: [{ extensionId }],
      });
    },
  },
  {
    of: 'a ring group that goes',
    route: 'DELETE /ring-groups/{ringGroupId}',
    send: (session) => session.start('DELETE', `/ring-groups/${session.made.group}`),
  },
  {
    of: 'a ring group that is gone already',
    route: 'DELETE /ring-groups/{ringGroupId}',
    send: (session) => session.start('DELETE', `/ring-groups/${session.made.group}`),
  },
];

const places: readonly WriteCase[] = [
  {
    of: 'a new address',
    route: 'POST /addresses',
    send: (session) => session.make('address', session.atOnce('POST', '/addresses', address)),
  },
  {
    of: 'an address that is there already',
    route: 'POST /addresses',
    send: (session) => session.atOnce('POST', '/addresses', address),
  },
  {
    of: 'a new site',
    route: 'POST /sites',
    send: async (session) => {
      const { body } = await session.driver.get(`/sites/${session.siteId}`);
      const { id: _id, siteCode: _code, ...rest } = body;
      const site = { ...rest, name: 'Annex', address: { id: session.made.address ?? '' } };
      return session.make('site', session.start('POST', '/sites', site));
    },
  },
  {
    of: 'a site, with what it has already',
    route: 'PUT /sites/{siteId}',
    send: (session) => session.putAgain(`/sites/${session.made.site}`),
  },
  {
    of: 'a site that goes',
    route: 'DELETE /sites/{siteId}',
    send: (session) => session.start('DELETE', `/sites/${session.made.site}`),
  },
  {
    of: 'an address that goes',
    route: 'DELETE /addresses/{addressId}',
    send: (session) => session.atOnce('DELETE', `/addresses/${session.made.address}`),
  },
];

const extensions: readonly WriteCase[] = [
  {
    of: 'a new extension',
    route: 'POST /extensions',
    send: (session) => {
      const extension = { site: { id: session.siteId }, extensionNumber: '7399', extensionType: 'UC' };
      return session.make('extension', session.start('POST', '/extensions', extension));
    },
  },
  {
    of: 'an extension, with what it has already',
    route: 'PUT /extensions/{extensionId}',
    send: (session) => session.putAgain(`/extensions/${session.made.extension}`),
  },
  {
    of: 'settings of an extension',
    route: 'PUT /extension-settings/{extensionId}',
    send: (session) => session.putAgain(`/extension-settings/${session.made.extension}`),
  },
  {
    of: 'an extension that goes',
    route: 'DELETE /extensions/{extensionId}',
    send: (session) => session.start('DELETE', `/extensions/${session.made.extension}`),
  },
];

const ports: readonly WriteCase[] = [
  {
    of: 'a document',
    route: 'POST /porting-documents',
    send: (session) => session.make('letter', session.atOnce('POST', letterPath, letter, pdf)),
  },
  {
    of: 'a document that is there already',
    route: 'POST /porting-documents',
    send: (session) => session.atOnce('POST', letterPath, letter, pdf),
  },
  {
    of: 'a new port',
    route: 'POST /porting-orders',
    send: (session) => {
      const documents = { letterOfAuthority: session.made.letter ?? '' };
      return session.make('order', session.start('POST', '/porting-orders', { ...order, documents }));
    },
  },
  {
    of: 'a port of which only the PIN changes',
    route: 'PUT /porting-orders/{orderId}',
    send: (session) => session.putAgain(`/porting-orders/${session.made.order}`, { pin: '0815' }),
  },
  {
    of: 'a port, with what it has already',
    route: 'PUT /porting-orders/{orderId}',
    send: (session) => session.putAgain(`/porting-orders/${session.made.order}`),
  },
  {
    of: 'a port that is submitted',
    route: 'POST /porting-orders/{orderId}/submit',
    send: (session) => session.start('POST', `/porting-orders/${session.made.order}/submit`),
  },
  {
    of: 'a port that its carrier schedules',
    route: 'POST /_control/porting-orders/{id}/advance',
    send: (session) => advance(session, { to: 'SCHEDULED' }),
  },
  {
    of: 'a port of which its carrier changes nothing',
    route: 'POST /_control/porting-orders/{id}/advance',
    send: (session) => advance(session, {}),
  },
  {
    of: 'a port that is cancelled',
    route: 'POST /porting-orders/{orderId}/cancel',
    send: (session) => session.start('POST', `/porting-orders/${session.made.order}/cancel`),
  },
];

function advance(session: WriteSession, body: JsonObject): Promise<Accepted> {
  const id = session.made.order ?? '';
  return session.control(`/porting-orders/${id}/advance`, 'porting-desk', id, body);
}

const inTheConsole: readonly WriteCase[] = [
  {
    of: 'a new extension, in the console',
    route: 'POST /_control/console',
    send: (session) => {
      const extension = { site: { id: session.siteId }, extensionNumber: '7398', extensionType: 'UC' };
      return session.make('byHand', session.console('POST', '/extensions', '', extension));
    },
  },
  {
    of: 'an extension, with what it has already, in the console',
    route: 'POST /_control/console',
    send: async (session) => {
      const path = `/extensions/${session.made.byHand}`;
      const { body } = await session.driver.get(path);
      return session.console('PUT', path, '', body);
    },
  },
  {
    of: 'an extension that goes, in the console',
    route: 'POST /_control/console',
    send: (session) => session.console('DELETE', `/extensions/${session.made.byHand}`, ''),
  },
  {
    of: 'a part of a user, in the console',
    route: 'POST /_control/console/patch',
    send: (session) => patch(session, { directoryInfo: { jobTitle: 'Lead' } }),
  },
  {
    of: 'no part of a user, in the console',
    route: 'POST /_control/console/patch',
    send: (session) => patch(session, {}),
  },
];

function patch(session: WriteSession, merge: JsonObject): Promise<Accepted> {
  const actor = { userName: 'someone@example.com' };
  const body = { actor, path: `/users/${session.userId}`, merge };
  return session.control('/console/patch', actor.userName, session.userId, body);
}

/** In the order in which they have to be sent. */
export const writeCases: readonly WriteCase[] = [
  ...people,
  ...groups,
  ...places,
  ...extensions,
  ...ports,
  ...inTheConsole,
];
