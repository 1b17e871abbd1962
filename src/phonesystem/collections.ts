import type { ObjectType } from '../account/objects.ts';
import { isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { and, eq } from './rsql.ts';

/** How the phone system offers one collection (8x8 guide: media types, endpoints, pagination). */
export interface CollectionDescription {
  /** Below the endpoint. */
  readonly path: string;
  /** Of bodies sent, and of answers asked for. */
  readonly mediaType: string;
  /** Other types in which answers may come and bodies be taken: the documents of sites disagree. */
  readonly otherMediaType?: string;
  readonly paging: 'scroll' | 'page';
  /** The largest pageSize that is surely accepted. */
  readonly maxPageSize: number;
  /** Where a body holds its id. */
  readonly id: readonly string[];
  /** Where a body holds the name that people know it by, where that is unique. */
  readonly naturalKey?: readonly string[];
  /** `async`: 202 and an operation. Left out: there is no such call. */
  readonly create?: 'async' | 'sync';
  readonly replace?: 'async';
  readonly remove?: 'async' | 'sync';
  /** The same creation twice gives the same object, so that an unclear one may be sent again. */
  readonly createTwice?: true;
  /** False: only where the endpoint's discovery document offers it. */
  readonly published: boolean;
  /** The key product that reading needs; every asynchronous write needs `adminOperations` too (scopes.ts). */
  readonly keyScope: string;
  /** Sorts the last changed to the front; only where a body shows its time at `lastUpdated`. */
  readonly newestFirst?: { readonly sort: string; readonly lastUpdated: readonly string[] };
}

const extension = { paging: 'scroll', id: ['id'], published: false } as const;

export const collections: Readonly<Record<ObjectType, CollectionDescription>> = {
  user: {
    path: '/users',
    mediaType: 'application/vnd.users.v1+json',
    paging: 'scroll',
    maxPageSize: 1000,
    id: ['basicInfo', 'userId'],
    naturalKey: ['basicInfo', 'userName'],
    create: 'async',
    replace: 'async',
    remove: 'async',
    published: true,
    keyScope: 'UC & CC User Admin',
    newestFirst: {
      sort: '-basicInfo.lastUpdatedTime',
      lastUpdated: ['basicInfo', 'lastUpdatedTime'],
    },
  },
  ringGroup: {
    path: '/ring-groups',
    mediaType: 'application/vnd.ringgroups.v1+json',
    paging: 'scroll',
    maxPageSize: 1000,
    id: ['id'],
    naturalKey: ['name'],
    create: 'async',
    replace: 'async',
    remove: 'async',
    published: true,
    keyScope: 'UC Ring Group Admin',
  },
  site: {
    path: '/sites',
    mediaType: 'application/vnd.sites.v1+json',
    otherMediaType: 'application/json',
    paging: 'page',
    maxPageSize: 100,
    id: ['id'],
    naturalKey: ['name'],
    create: 'async',
    replace: 'async',
    remove: 'async',
    published: true,
    keyScope: 'UC Site Admin',
  },
  address: {
    path: '/addresses',
    mediaType: 'application/vnd.addresses.v1+json',
    paging: 'scroll',
    maxPageSize: 100,
    id: ['id'],
    create: 'sync',
    remove: 'sync',
    createTwice: true,
    published: true,
    keyScope: 'UC Site Admin',
  },
  phoneNumber: {
    path: '/phone-numbers',
    mediaType: 'application/vnd.phonenumbers.v1+json',
    paging: 'scroll',
    maxPageSize: 100,
    id: ['phoneNumber'],
    naturalKey: ['phoneNumber'],
    published: true,
    keyScope: 'UC & CC Number Admin',
  },
  extension: {
    ...extension,
    path: '/extensions',
    mediaType: 'application/vnd.extensions.v1+json',
    maxPageSize: 1000,
    naturalKey: ['fqExtensionNumber'],
    create: 'async',
    replace: 'async',
    remove: 'async',
    keyScope: 'UC & CC User Admin',
  },
  extensionSettings: {
    ...extension,
    path: '/extension-settings',
    mediaType: 'application/vnd.extension-settings.v1+json',
    maxPageSize: 1000,
    id: ['extensionId'],
    replace: 'async',
    keyScope: 'UC & CC User Admin',
  },
  profileSettings: {
    ...extension,
    path: '/profile-settings',
    mediaType: 'application/vnd.profile-settings.v1+json',
    maxPageSize: 1000,
    id: ['userId'],
    replace: 'async',
    keyScope: 'UC & CC User Admin',
  },
  administrator: {
    ...extension,
    path: '/administrators',
    mediaType: 'application/vnd.administrators.v1+json',
    maxPageSize: 1000,
    id: ['userId'],
    naturalKey: ['userName'],
    replace: 'async',
    remove: 'async',
    keyScope: 'UC & CC User Admin',
  },
  portingOrder: {
    ...extension,
    path: '/porting-orders',
    mediaType: 'application/vnd.porting-orders.v1+json',
    maxPageSize: 100,
    naturalKey: ['reference'],
    create: 'async',
    replace: 'async',
    keyScope: 'UC & CC Number Admin',
    newestFirst: { sort: '-lastUpdatedTime', lastUpdated: ['lastUpdatedTime'] },
  },
  invitation: {
    ...extension,
    path: '/invitations',
    mediaType: 'application/vnd.invitations.v1+json',
    maxPageSize: 1000,
    create: 'async',
    keyScope: 'UC & CC User Admin',
  },
  license: {
    ...extension,
    path: '/licenses',
    mediaType: 'application/vnd.licenses.v1+json',
    maxPageSize: 100,
    keyScope: 'UC & CC User Admin',
  },
  userGroup: {
    ...extension,
    path: '/user-groups',
    mediaType: 'application/vnd.user-groups.v1+json',
    maxPageSize: 100,
    naturalKey: ['name'],
    keyScope: 'UC & CC User Admin',
  },
  profilePolicy: {
    ...extension,
    path: '/profile-policies',
    mediaType: 'application/vnd.profile-policies.v1+json',
    maxPageSize: 100,
    naturalKey: ['name'],
    keyScope: 'UC & CC User Admin',
  },
};

/** The id of an object, from its body; undefined when the body does not show it. */
export function idOf(type: ObjectType, body: JsonObject): string | undefined {
  return textAt(body, collections[type].id);
}

/** The unique name that people know it by, as written; undefined when it has none or the body lacks it. */
export function naturalKeyOf(type: ObjectType, body: JsonObject): string | undefined {
  const path = collections[type].naturalKey;
  return path && textAt(body, path);
}

/**
 * A filter that finds an object by its natural key, for a create whose end is not known; undefined for a type
 * without one. An extension's is `siteId/number`, since short numbers repeat across sites. Comparison ignores
 * case: the caller looks at what it gets.
 */
export function naturalKeyFilter(type: ObjectType, naturalKey: string): string | undefined {
  if (type === 'extension') {
    const slash = naturalKey.lastIndexOf('/');
    const number = eq('extensionNumber', naturalKey.slice(slash + 1));
    return slash < 0 ? number : and(number, eq('site.id', naturalKey.slice(0, slash)));
  }
  if (type === 'invitation') return eq('userId', naturalKey);
  const path = collections[type].naturalKey;
  return path && eq(path.join('.'), naturalKey);
}

/** When the phone system last changed it (ISO 8601), for types whose lists can be sorted by that. */
export function lastUpdatedOf(type: ObjectType, body: JsonObject): string | undefined {
  const path = collections[type].newestFirst?.lastUpdated;
  return path && textAt(body, path);
}

function textAt(body: JsonObject, path: readonly string[]): string | undefined {
  let value: Json | undefined = body;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
