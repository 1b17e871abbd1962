import type { JsonObject } from '../../foundation/json.ts';
import { nameAll, slug } from './names.ts';
import { type AccountReferences, textIn } from './references.ts';

/** An extension with where it stands. */
export interface PlacedExtension {
  readonly id: string;
  readonly body: JsonObject;
  readonly complete: boolean;
  readonly userId?: string;
  readonly user?: JsonObject;
  readonly siteId?: string;
}

/** Names of UserProfiles by user id: the user name without its domain. */
export function profileNames(users: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, string> {
  return nameAll(users.keys(), (id) => {
    const userName = (users.get(id) && textIn(users.get(id) ?? {}, 'basicInfo', 'userName')) ?? id;
    const at = userName.lastIndexOf('@');
    return {
      wish: at > 0 ? userName.slice(0, at) : userName,
      fallback: 'user',
      identity: userName.toLowerCase(),
    };
  });
}

/** Names of Extensions by their id: the profile's, or the site's, with the number. */
export function extensionNames(
  extensions: readonly PlacedExtension[],
  profiles: ReadonlyMap<string, string>,
  references: AccountReferences,
): ReadonlyMap<string, string> {
  const byId = new Map(extensions.map((extension) => [extension.id, extension]));
  return nameAll(byId.keys(), (id) => {
    const extension = byId.get(id);
    const number = (extension && textIn(extension.body, 'extensionNumber')) ?? id;
    const site = siteName(extension?.siteId, references);
    const owner = extension?.userId === undefined ? undefined : profiles.get(extension.userId);
    return { wish: `${owner ?? slug(site)}-${number}`, fallback: 'extension', identity: `${site}/${number}` };
  });
}

/** What people call a site; its id where it has no name of its own. */
export function siteName(siteId: string | undefined, references: AccountReferences): string {
  const reference = siteId === undefined ? undefined : references.to('site', siteId);
  return reference && 'name' in reference ? reference.name : (siteId ?? '');
}

/** Names of PortingOrders by id: the last part of the reference. */
export function orderNames(orders: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, string> {
  return nameAll(orders.keys(), (id) => {
    const reference = textIn(orders.get(id) ?? {}, 'reference') ?? id;
    return { wish: reference.split('/').at(-1) ?? reference, fallback: 'port', identity: reference };
  });
}
