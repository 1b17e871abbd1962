import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import type { ObservedAccount } from './objects.ts';

/** A member entry of a ring group, and the group that it stands in. */
interface Membership {
  readonly group: string;
  readonly siteId: string | undefined;
  readonly member: JsonObject;
}

/**
 * Who is in which ring group, as the groups themselves say: a user only shows the groups of all its extensions
 * together. Made once a round, for the statuses of all extensions.
 */
export class RingGroupMembers {
  readonly #byId = new Map<string, Set<string>>();
  readonly #byNumber = new Map<string, Membership[]>();
  /**
   * `unread`: the groups were not read; `hidden`: a row does not show its members, and the group was not read by
   * itself so far.
   */
  readonly known: 'all' | 'hidden' | 'unread';

  constructor({ collections: { ringGroup } }: ObservedAccount) {
    let known: RingGroupMembers['known'] = ringGroup.state === 'read' ? 'all' : 'unread';
    const objects = ringGroup.state === 'read' ? ringGroup.objects.values() : [];
    for (const { body, source } of objects) {
      if (body.members === undefined && source === 'row') known = 'hidden';
      else this.#add(body);
    }
    this.known = known;
  }

  #add({ name, members, site }: JsonObject): void {
    if (typeof name !== 'string' || !isJsonArray(members)) return;
    const siteId = isJsonObject(site) ? textOf(site.id) : undefined;
    for (const member of members.filter(isJsonObject)) {
      const id = textOf(member.extensionId);
      const number = textOf(member.extensionNumber);
      if (id !== undefined) this.#byId.set(id, (this.#byId.get(id) ?? new Set()).add(name));
      else if (number !== undefined) {
        const list = this.#byNumber.get(number) ?? [];
        list.push({ group: name, siteId, member });
        this.#byNumber.set(number, list);
      }
    }
  }

  /** Names of the ring groups of one extension, sorted. */
  groupsOf(extension: JsonObject, userId: string | undefined): readonly string[] {
    const names = new Set(this.#byId.get(textOf(extension.id) ?? ''));
    const site = isJsonObject(extension.site) ? textOf(extension.site.id) : undefined;
    // Short numbers repeat across sites: a number alone says no more than whose it is, or where.
    for (const { group, siteId, member } of this.#byNumber.get(textOf(extension.extensionNumber) ?? '') ??
      []) {
      const holder = textOf(member.userId);
      if (holder === undefined ? site !== undefined && site === siteId : holder === userId) names.add(group);
    }
    return [...names].sort();
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
