import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from '../objects.ts';
import { NameHints } from './name-hints.ts';

/** Where an extension was seen. `userId` is absent for one without a user. */
export interface SeenExtension {
  readonly id: string;
  readonly number: string;
  readonly siteId?: string;
  readonly userId?: string;
  readonly body: JsonObject;
  /** E.164. */
  readonly phoneNumbers: readonly string[];
  /** True when it was read by itself: what is absent from the body is then not set. */
  readonly complete: boolean;
}

export type Named =
  | { readonly found: string }
  | { readonly missing: string }
  | { readonly ambiguous: string };

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function member(body: JsonObject, name: string): JsonObject {
  const value = body[name];
  return isJsonObject(value) ? value : {};
}

export function listOf(value: Json | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

/** What the index needs of one object of a list. */
export interface Seen {
  /** In small letters. */
  readonly userName?: string;
  /** A user whose row does not show its extensions. */
  readonly isHidden: boolean;
  readonly extensions: readonly SeenExtension[];
}

interface NamesOfType {
  /** By the name in small letters. */
  readonly ids: Map<string, string[]>;
  readonly asWritten: Set<string>;
}

/** Objects do not change: each is looked at once, not at every making of an index. */
const seenBefore = new WeakMap<ObservedObject, Seen>();

/** What a row or a single read of a user, or of an extension without one, shows. */
export function seenIn(object: ObservedObject): Seen {
  const before = seenBefore.get(object);
  if (before) return before;
  const seen = object.type === 'user' ? seenUser(object) : seenAlone(object);
  seenBefore.set(object, seen);
  return seen;
}

function seenUser({ body, id, source }: ObservedObject): Seen {
  const basic = member(body, 'basicInfo');
  const name = text(basic.userName);
  const siteId = text(member(basic, 'site').id);
  const { extensions } = member(body, 'serviceInfo');
  const complete = source === 'single';
  return {
    ...(name === undefined ? {} : { userName: name.toLowerCase() }),
    isHidden: !complete && extensions === undefined,
    extensions: listOf(extensions).flatMap(
      (extension) => seenExtension(extension, complete, siteId, id) ?? [],
    ),
  };
}

function seenAlone({ body, source }: ObservedObject): Seen {
  const siteId = text(member(body, 'site').id);
  const seen = seenExtension(body, source === 'single', siteId, text(body.userId));
  return { isHidden: false, extensions: seen ? [seen] : [] };
}

function seenExtension(
  body: JsonObject,
  complete: boolean,
  siteId: string | undefined,
  userId: string | undefined,
): SeenExtension | undefined {
  const id = text(body.id);
  const number = text(body.extensionNumber);
  if (id === undefined || number === undefined) return undefined;
  return {
    id,
    number,
    ...(siteId === undefined ? {} : { siteId }),
    ...(userId === undefined ? {} : { userId }),
    body,
    phoneNumbers: listOf(body.phoneNumbers).flatMap((phone) => text(phone.phoneNumber) ?? []),
    complete,
  };
}

/** The observed account, findable by what YAML names things. Made once for each compilation. */
export class AccountIndex {
  readonly observed: ObservedAccount;
  readonly userIdsByName = new Map<string, string>();
  readonly extensionsById = new Map<string, SeenExtension>();
  readonly #extensionsByNumber = new Map<string, SeenExtension[]>();
  readonly #extensionsByPhoneNumber = new Map<string, SeenExtension>();
  readonly #byName = new Map<ObjectType, NamesOfType>();
  /** Users whose row does not show their extensions. */
  readonly #hidden = new Set<string>();
  #takenSeats: ReadonlySet<string> | undefined;
  readonly #hints = new NameHints();

  constructor(observed: ObservedAccount) {
    this.observed = observed;
    for (const [id, user] of this.#all('user')) {
      const seen = seenIn(user);
      if (seen.userName !== undefined) this.userIdsByName.set(seen.userName, id);
      if (seen.isHidden) this.#hidden.add(id);
      for (const extension of seen.extensions) this.#add(extension);
    }
    for (const [, extension] of this.#all('extension')) {
      for (const seen of seenIn(extension).extensions) this.#add(seen);
    }
  }

  #all(type: ObjectType): Iterable<readonly [string, ObservedObject]> {
    const collection = this.observed.collections[type];
    return collection.state === 'read' ? collection.objects : [];
  }

  #objects(type: ObjectType): (readonly [string, JsonObject])[] {
    return [...this.#all(type)].map(([id, { body }]) => [id, body]);
  }

  #add(seen: SeenExtension): void {
    this.extensionsById.set(seen.id, seen);
    const list = this.#extensionsByNumber.get(seen.number);
    if (list) list.push(seen);
    else this.#extensionsByNumber.set(seen.number, [seen]);
    for (const number of seen.phoneNumbers) this.#extensionsByPhoneNumber.set(number, seen);
  }

  /** Short numbers repeat across sites: an extension is its site and number. */
  extensionAt(siteId: string, number: string): SeenExtension | undefined {
    return this.#extensionsByNumber.get(number)?.find((seen) => seen.siteId === siteId);
  }

  holderOf(phoneNumber: string): SeenExtension | undefined {
    return this.#extensionsByPhoneNumber.get(phoneNumber);
  }

  /** False when the row of this user, or without one of any user, does not show what extensions there are. */
  showsExtensions(userId?: string): boolean {
    return userId === undefined ? this.#hidden.size === 0 : !this.#hidden.has(userId);
  }

  body(type: ObjectType, id: string): JsonObject | undefined {
    return this.#object(type, id)?.body;
  }

  /** In small letters. */
  loginOf(userId: string): string | undefined {
    const user = this.#object('user', userId);
    return user && seenIn(user).userName;
  }

  siteOfUser(userId: string): string | undefined {
    const body = this.body('user', userId);
    return body && text(member(member(body, 'basicInfo'), 'site').id);
  }

  #object(type: ObjectType, id: string): ObservedObject | undefined {
    const collection = this.observed.collections[type];
    return collection.state === 'read' ? collection.objects.get(id) : undefined;
  }

  isRead(type: ObjectType): boolean {
    return this.observed.collections[type].state === 'read';
  }

  /** It is there and could not be read: nothing may be concluded from what it does not show. */
  isUnknown(type: ObjectType): boolean {
    return this.observed.collections[type].state === 'unknown';
  }

  /** The id of the object with this name, without regard to case. */
  named(type: ObjectType, name: string): Named {
    let names = this.#byName.get(type);
    if (!names) {
      names = { ids: new Map(), asWritten: new Set() };
      for (const [id, body] of this.#objects(type)) {
        const written = text(body.name);
        if (written === undefined) continue;
        const key = written.toLowerCase();
        names.ids.set(key, [...(names.ids.get(key) ?? []), id]);
        names.asWritten.add(written);
      }
      this.#byName.set(type, names);
    }
    const ids = names.ids.get(name.toLowerCase()) ?? [];
    const [id] = ids;
    if (id === undefined) return { missing: this.#hints.near(name, type, names.asWritten) };
    return ids.length > 1 ? { ambiguous: ids.join(', ') } : { found: id };
  }

  /** Free seats of a licence by name, in a fixed order. */
  freeSeats(name: string): string[] {
    this.#takenSeats ??= this.#findTakenSeats();
    const taken = this.#takenSeats;
    return this.#objects('license')
      .filter(
        ([id, seat]) =>
          text(seat.name) === name &&
          !taken.has(id) &&
          (seat.assignedUserId ?? seat.assignedExtensionId ?? null) === null,
      )
      .map(([id]) => id)
      .sort();
  }

  /** The list of seats may be older than what is known of users and extensions. */
  #findTakenSeats(): ReadonlySet<string> {
    const taken = new Set<string>();
    for (const [, user] of this.#objects('user')) {
      for (const license of listOf(member(user, 'serviceInfo').licenses)) {
        const id = text(license.id);
        if (id !== undefined) taken.add(id);
      }
    }
    for (const { body } of this.extensionsById.values()) {
      const id = text(body.licenseId);
      if (id !== undefined) taken.add(id);
    }
    return taken;
  }

  licenseName(id: string): string | undefined {
    const seat = this.body('license', id);
    return seat ? text(seat.name) : undefined;
  }
}
