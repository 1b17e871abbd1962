import type { JsonObject } from '../../../src/foundation/json.ts';
import type { PhoneSystemClient, RequestOptions } from '../../../src/phonesystem/client.ts';
import type { ListQuery } from '../../../src/phonesystem/listing.ts';
import { addressBody, ringGroupBody, siteBody, userBody } from './bodies.ts';
import type { publishedTypes } from './lifecycle.ts';

const nowhere = 'no-such-id';
const strangeNumber = '+14085550142';

export interface OperationCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path, without the query. */
  readonly path: string;
  readonly send: (client: PhoneSystemClient, options: RequestOptions) => Promise<unknown>;
}

/**
 * One request for each published operation, valid by its schema. Writes name things that do not exist, so that
 * none of them changes anything should it get through.
 */
export const harmlessCalls: Readonly<Record<string, OperationCall>> = {
  listUsers: list('user', '/users'),
  getUser: one('user', '/users'),
  createUser: create('user', '/users', userBody('nobody@example.com', nowhere)),
  updateUser: replace('user', '/users', userBody('nobody@example.com', nowhere)),
  deleteUser: remove('user', '/users'),
  listRingGroups: list('ringGroup', '/ring-groups'),
  getRingGroup: one('ringGroup', '/ring-groups'),
  createRingGroup: create('ringGroup', '/ring-groups', ringGroupBody(nowhere)),
  updateRingGroup: replace('ringGroup', '/ring-groups', ringGroupBody(nowhere)),
  deleteRingGroup: remove('ringGroup', '/ring-groups'),
  updateRingGroupMembers: {
    method: 'POST',
    path: `/ring-groups/${nowhere}/update-members`,
    send: (client, options) =>
      client.act('ringGroup', nowhere, 'update-members', { remove: [{ extensionId: nowhere }] }, options),
  },
  listSites: list('site', '/sites'),
  getSite: one('site', '/sites'),
  createSite: create('site', '/sites', siteBody(nowhere)),
  updateSite: replace('site', '/sites', siteBody(nowhere)),
  deleteSite: remove('site', '/sites'),
  listAddresses: list('address', '/addresses'),
  getAddress: one('address', '/addresses'),
  createAddress: create('address', '/addresses', { ...addressBody, city: 'Nowhere' }),
  deleteAddress: remove('address', '/addresses'),
  listPhoneNumbers: list('phoneNumber', '/phone-numbers'),
  getPhoneNumber: {
    method: 'GET',
    path: `/phone-numbers/${encodeURIComponent(strangeNumber)}`,
    send: (client, options) => client.get('phoneNumber', strangeNumber, options),
  },
  getOperation: {
    method: 'GET',
    path: `/operations/${nowhere}`,
    send: (client, options) => client.operation(nowhere, options),
  },
};

type PublishedType = (typeof publishedTypes)[number];

/** Reads a whole collection. */
export async function readAll(
  client: PhoneSystemClient,
  type: PublishedType,
  query: ListQuery & RequestOptions,
): Promise<void> {
  for await (const _page of client.list(type, query));
}

function list(type: PublishedType, path: string): OperationCall {
  return { method: 'GET', path, send: (client, options) => readAll(client, type, options) };
}

function one(type: PublishedType, path: string): OperationCall {
  const send: OperationCall['send'] = (client, options) => client.get(type, nowhere, options);
  return { method: 'GET', path: `${path}/${nowhere}`, send };
}

function create(type: PublishedType, path: string, body: JsonObject): OperationCall {
  return { method: 'POST', path, send: (client, options) => client.create(type, body, options) };
}

function replace(type: PublishedType, path: string, body: JsonObject): OperationCall {
  const send: OperationCall['send'] = (client, options) => client.replace(type, nowhere, body, options);
  return { method: 'PUT', path: `${path}/${nowhere}`, send };
}

function remove(type: PublishedType, path: string): OperationCall {
  const send: OperationCall['send'] = (client, options) => client.remove(type, nowhere, options);
  return { method: 'DELETE', path: `${path}/${nowhere}`, send };
}
