import type { AccountKind } from '../../resources/kinds.ts';
import { type ObjectType, type ObservedAccount, type ObservedObject, objectTypes } from '../objects.ts';
import type { Decompiled, LeftOutReason } from './decompiled.ts';
import { notManaged } from './not-managed.ts';
import { placedExtensions } from './placed-extensions.ts';
import { listIn, textIn } from './references.ts';

/** One line of the comparison of what an account has with what was written of it. */
export interface TallyRow {
  /** Of which objects: `users`, `seats in use`. */
  readonly what: string;
  /** The kind that stands for them, where there is one. */
  readonly kind?: AccountKind;
  /** Absent: they could not be read, or the endpoint does not have them. */
  readonly inAccount?: number;
  readonly written: number;
  /** How many are not in the YAML, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Why there is nothing to count, or what to know of the line. */
  readonly note?: string;
}

export interface Tally {
  readonly rows: readonly TallyRow[];
  /** Sums that ought to be equal and are not: something changed while it was read, or a list is not complete. */
  readonly mismatches: readonly string[];
}

const reasonWords: Readonly<Record<LeftOutReason, string>> = {
  Inexpressible: 'YAML or the API can not say it',
  Over: 'over',
  PrimaryAdministrator: 'the primary administrator',
  NoPrivileges: 'no privileges',
  Directory: 'owned by a directory',
  Dependent: 'of something left out',
  OneAccount: 'of this account alone',
  NotRead: 'not shown by the list',
};

const plain: Readonly<Partial<Record<ObjectType, string>>> = {
  ringGroup: 'ring groups',
  site: 'sites',
  address: 'addresses',
  userGroup: 'user groups',
  profilePolicy: 'profile policies',
};

/**
 * Counts what the account has against what was written. The API gives no totals, so that collections which tell of
 * the same things are held against each other.
 */
export function tally(account: ObservedAccount, decompiled: Decompiled): Tally {
  return new Counting(account, decompiled).run();
}

class Counting {
  readonly #account: ObservedAccount;
  readonly #decompiled: Decompiled;
  readonly #written = new Map<AccountKind, Set<string>>();
  readonly #mismatches: string[] = [];

  constructor(account: ObservedAccount, decompiled: Decompiled) {
    this.#account = account;
    this.#decompiled = decompiled;
    for (const { externalId, resource } of decompiled.imported) {
      const ids = this.#written.get(resource.kind) ?? new Set();
      this.#written.set(resource.kind, ids.add(externalId));
    }
  }

  run(): Tally {
    const users = this.#all('user');
    const extensions = placedExtensions(users, this.#all('extension'));
    const rows = [
      this.#row('users', 'UserProfile', 'user', ids(users)),
      this.#row('extensions', 'Extension', 'extension', ids(extensions)),
      this.#row('administrators', 'PrivilegeGrant', 'administrator', ids(this.#all('administrator'))),
      this.#row('porting orders', 'PortingOrder', 'portingOrder', ids(this.#all('portingOrder'))),
      this.#numbers(),
      this.#seats(),
      ...objectTypes.flatMap((type) => this.#plainRow(type)),
    ];
    this.#same('extensionSettings', extensions.length, 'extensions');
    this.#same('profileSettings', users.length, 'users');
    const known = new Set(ids(users));
    const strangers = this.#all('administrator').filter(({ id }) => !known.has(id)).length;
    if (strangers > 0) this.#mismatches.push(`${strangers} administrators are not among the users`);
    return { rows, mismatches: this.#mismatches };
  }

  #all(type: ObjectType): readonly ObservedObject[] {
    const collection = this.#account.collections[type];
    return collection.state === 'read' ? [...collection.objects.values()] : [];
  }

  /** Every object is in the YAML or named among what was left out. */
  #row(what: string, kind: AccountKind, type: ObjectType, all: readonly string[]): TallyRow {
    const lack = this.#lack(type === 'extension' ? 'user' : type);
    if (lack !== undefined) return { what, kind, written: 0, leftOut: {}, note: lack };
    const written = this.#written.get(kind) ?? new Set();
    const leftOut: Record<string, number> = {};
    const omitted = new Set<string>();
    for (const omission of this.#decompiled.leftOut) {
      if (omission.type !== type || omission.field !== undefined || written.has(omission.id)) continue;
      if (omitted.has(omission.id)) continue;
      omitted.add(omission.id);
      const words = reasonWords[omission.reason];
      leftOut[words] = (leftOut[words] ?? 0) + 1;
    }
    const missing = all.filter((id) => !written.has(id) && !omitted.has(id)).length;
    if (missing > 0) this.#mismatches.push(`${missing} ${what} are neither written nor left out by name`);
    return { what, kind, inAccount: all.length, written: written.size, leftOut };
  }

  #numbers(): TallyRow {
    const what = 'phone numbers in use';
    const lack = this.#lack('phoneNumber');
    const declared = this.#decompiled.imported.flatMap(({ resource }) =>
      resource.kind === 'Extension' ? (resource.spec.phoneNumbers ?? []).map(({ number }) => number) : [],
    );
    if (lack !== undefined) return { what, written: declared.length, leftOut: {}, note: lack };
    const inventory = this.#all('phoneNumber');
    const known = new Set(ids(inventory));
    const stranger = declared.filter((number) => !known.has(number)).length;
    if (stranger > 0)
      this.#mismatches.push(`${stranger} phone numbers of extensions are not in the inventory`);
    const written = new Set(declared);
    const ofGroups = new Set(
      this.#all('ringGroup').flatMap(({ body }) =>
        listIn(body, 'phoneNumbers').map((number) => textIn(number, 'phoneNumber')),
      ),
    );
    const leftOut: Record<string, number> = {};
    let inUse = 0;
    for (const { body, id } of inventory) {
      if (!written.has(id) && body.status !== 'ASSIGNED') continue;
      inUse++;
      if (written.has(id)) continue;
      const reason = ofGroups.has(id) ? 'of ring groups' : 'of something else than extensions written';
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    }
    return { what, inAccount: inUse, written: written.size, leftOut };
  }

  #seats(): TallyRow {
    const what = 'licence seats in use';
    let written = 0;
    for (const { resource } of this.#decompiled.imported) {
      if (resource.kind === 'UserProfile') written += resource.spec.licenses?.length ?? 0;
      if (resource.kind === 'Extension' && resource.spec.license) written++;
    }
    const lack = this.#lack('license');
    if (lack !== undefined) return { what, written, leftOut: {}, note: lack };
    const exported = new Set([...this.#written.values()].flatMap((objects) => [...objects]));
    let inUse = 0;
    let ofOthers = 0;
    for (const { body } of this.#all('license')) {
      const holder = textIn(body, 'assignedExtensionId') ?? textIn(body, 'assignedUserId');
      if (holder === undefined) continue;
      inUse++;
      if (!exported.has(holder)) ofOthers++;
    }
    const unsaid = this.#decompiled.leftOut.some(
      ({ field, type }) =>
        field === 'licenses' || field === 'license' || (type === 'extension' && field === undefined),
    );
    if (!unsaid && written !== inUse - ofOthers) {
      this.#mismatches.push(
        `${inUse - ofOthers} licence seats are assigned to what was written, and the YAML names ${written}`,
      );
    }
    const rest = inUse - ofOthers - written;
    return {
      what,
      inAccount: inUse,
      written,
      leftOut: {
        ...(ofOthers > 0 ? { [reasonWords.Dependent]: ofOthers } : {}),
        ...(rest > 0 ? { [reasonWords.Inexpressible]: rest } : {}),
      },
    };
  }

  #plainRow(type: ObjectType): TallyRow[] {
    const what = plain[type];
    if (what === undefined) return [];
    const note = this.#lack(type);
    if (note !== undefined) return [{ what, written: 0, leftOut: {}, note }];
    const count = this.#all(type).length;
    const reason = notManaged.find((entry) => entry.type === type && entry.path === '')?.reason ?? '';
    return [{ what, inAccount: count, written: 0, leftOut: count > 0 ? { [reason]: count } : {} }];
  }

  #lack(type: ObjectType): string | undefined {
    const collection = this.#account.collections[type];
    if (collection.state === 'read') return undefined;
    return collection.state === 'unsupported'
      ? 'the endpoint does not have them'
      : `not read: ${collection.reason}`;
  }

  #same(type: ObjectType, expected: number, what: string): void {
    if (this.#account.collections[type].state !== 'read') return;
    const count = this.#all(type).length;
    if (count === expected) return;
    this.#mismatches.push(`there are ${expected} ${what}, and settings of ${count}`);
  }
}

function ids(objects: readonly { readonly id: string }[]): readonly string[] {
  return objects.map(({ id }) => id);
}
