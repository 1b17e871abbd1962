import { type JsonObject, jsonEqual } from '../foundation/json.ts';
import {
  type Collection,
  type ObjectType,
  type ObservedAccount,
  type ObservedObject,
  objectTypes,
  type PrivilegeSection,
} from './objects.ts';
import { overlay } from './overlay.ts';

const unread: Collection = { state: 'unknown', reason: 'Not read yet' };

interface Objects {
  readonly state: 'read';
  readonly objects: Map<string, ObservedObject>;
  readAt: number;
}

/** The time by which the phone system marks a change of an object, where its type has one. */
function revisionOf(type: ObjectType, body: JsonObject): unknown {
  if (type !== 'user') return body.lastUpdatedTime;
  const basic = body.basicInfo;
  return typeof basic === 'object' && basic !== null && 'lastUpdatedTime' in basic
    ? basic.lastUpdatedTime
    : undefined;
}

/**
 * The account as last seen, kept up to date from snapshots, single reads and confirmed writes. The one mutable
 * thing in this room; the engine reads it as an `ObservedAccount`.
 */
export class AccountView implements ObservedAccount {
  readonly #collections: Record<ObjectType, Collection | Objects> = blank();
  readonly #gone = new Map<string, number>();
  privilegeTree?: readonly PrivilegeSection[];

  get collections(): Readonly<Record<ObjectType, Collection>> {
    return this.#collections;
  }

  get gone(): ReadonlyMap<string, number> {
    return this.#gone;
  }

  /**
   * Takes over what a snapshot read. A part that could not be read leaves what was known before.
   * @param isReading what rows hide is being read one by one: until all of it is known, a row takes nothing back
   *   from an object that shows no time of change, or the reading would begin anew with every list
   */
  adopt(snapshot: ObservedAccount, isReading = false): void {
    for (const type of objectTypes) this.#adoptCollection(type, snapshot.collections[type], isReading);
    if (snapshot.privilegeTree) this.privilegeTree = snapshot.privilegeTree;
  }

  #adoptCollection(type: ObjectType, incoming: Collection, isReading: boolean): void {
    const current = this.#collections[type];
    if (incoming.state === 'unknown' && current.state === 'read') return;
    if (incoming.state !== 'read') {
      this.#collections[type] = incoming;
      return;
    }
    const objects = new Map<string, ObservedObject>();
    for (const [id, object] of incoming.objects) {
      if (this.#isGoneSince(object)) continue;
      const known = current.state === 'read' ? current.objects.get(id) : undefined;
      objects.set(id, this.#newer(object, known, isReading));
      this.#gone.delete(`${type}/${id}`);
    }
    if (current.state === 'read') {
      // What was seen after the listing began is not missing from it.
      for (const [id, object] of current.objects) {
        if (object.readAt > incoming.readAt && !objects.has(id)) objects.set(id, object);
      }
    }
    this.#collections[type] = { state: 'read', objects, readAt: incoming.readAt };
  }

  #newer(incoming: ObservedObject, known: ObservedObject | undefined, isReading = false): ObservedObject {
    if (!known) return incoming;
    if (known.readAt > incoming.readAt) return known;
    if (incoming.source === 'row' && known.source === 'single') {
      const body = stillKnown(incoming, known, isReading);
      if (body) return { ...incoming, body, source: 'single' };
    }
    return withMembers(incoming, known);
  }

  /** Takes over one object; an older reading never replaces a newer one. */
  observe(object: ObservedObject): void {
    if (this.#isGoneSince(object)) return;
    const current = this.#collections[object.type];
    this.#gone.delete(`${object.type}/${object.id}`);
    if (current.state === 'read' && current.objects instanceof Map) {
      current.objects.set(object.id, this.#newer(object, current.objects.get(object.id)));
    }
  }

  /**
   * The object answered 404, or its deletion was confirmed. A reading that began before, and ends only now, does
   * not bring it back; one that began later says that it is there again.
   * @param at when that was known, in milliseconds since the epoch
   */
  forget(type: ObjectType, id: string, at: number): void {
    const current = this.#collections[type];
    if (current.state === 'read' && current.objects instanceof Map) {
      const known = current.objects.get(id);
      if (known && known.readAt > at) return;
      current.objects.delete(id);
    }
    this.#gone.set(`${type}/${id}`, at);
  }

  #isGoneSince({ type, id, readAt }: ObservedObject): boolean {
    const goneAt = this.#gone.get(`${type}/${id}`);
    return goneAt !== undefined && readAt < goneAt;
  }

  get(type: ObjectType, id: string): ObservedObject | undefined {
    const collection = this.#collections[type];
    return collection.state === 'read' ? collection.objects.get(id) : undefined;
  }
}

/** The object as its row and an earlier single read show it together; undefined when it may have changed between. */
function stillKnown(row: ObservedObject, single: ObservedObject, isReading: boolean): JsonObject | undefined {
  const revision = revisionOf(row.type, row.body);
  if (revision !== undefined && revision === revisionOf(single.type, single.body))
    return overlay(row.body, single.body);
  if (revision !== undefined || !isReading) return undefined;
  const body = overlay(row.body, single.body);
  return body && jsonEqual(body, single.body) ? body : undefined;
}

/**
 * A ring group shows no time of change. Who is in it decides nothing and is only shown, so that a row which hides
 * the members leaves those that were seen last.
 */
function withMembers(incoming: ObservedObject, known: ObservedObject): ObservedObject {
  const { members } = known.body;
  const hides = incoming.type === 'ringGroup' && incoming.source === 'row' && !('members' in incoming.body);
  return hides && members !== undefined ? { ...incoming, body: { ...incoming.body, members } } : incoming;
}

function blank(): Record<ObjectType, Collection | Objects> {
  return {
    user: unread,
    ringGroup: unread,
    site: unread,
    address: unread,
    phoneNumber: unread,
    extension: unread,
    extensionSettings: unread,
    profileSettings: unread,
    administrator: unread,
    portingOrder: unread,
    invitation: unread,
    license: unread,
    userGroup: unread,
    profilePolicy: unread,
  };
}
