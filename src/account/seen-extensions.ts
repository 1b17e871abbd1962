import { isJsonArray, isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { ObservedAccount } from './objects.ts';

/** Where an extension stands in the account now. */
export interface SeenPlace {
  readonly extension: JsonObject;
  readonly userId?: string;
  readonly user?: JsonObject;
  /** True when the user was seen to hold no other extension. */
  readonly only?: boolean;
}

/** By extension id. */
export type SeenExtensions = ReadonlyMap<string, SeenPlace>;

/** All extensions of the account; made once a round, for the statuses of all of them. */
export function seenExtensions(observed: ObservedAccount): SeenExtensions {
  const seen = new Map<string, SeenPlace>();
  const { user: users, extension: extensions } = observed.collections;
  if (users.state === 'read') {
    for (const [userId, { body: user }] of users.objects) {
      const list = isJsonObject(user.serviceInfo) ? user.serviceInfo.extensions : undefined;
      if (!isJsonArray(list)) continue;
      for (const extension of list) {
        if (isJsonObject(extension) && typeof extension.id === 'string')
          seen.set(extension.id, { extension, userId, user, only: list.length === 1 });
      }
    }
  }
  if (extensions.state === 'read') {
    for (const [id, { body }] of extensions.objects) if (!seen.has(id)) seen.set(id, { extension: body });
  }
  return seen;
}
