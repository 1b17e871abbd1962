import type { JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import { type AccountKind, type AccountResource, defaultPhoneSystem } from '../../resources/kinds.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from '../objects.ts';
import { extensionFields, extensionSettingsFields, isMirrored, requiredOfExtension } from './extension.ts';
import { nameAll } from './names.ts';
import { isOver, portingOrderFields, requiredOfOrder } from './porting-order.ts';
import { type GrantPart, grantParts } from './privilege-grant.ts';
import type { FieldMapping, Seen } from './reading.ts';
import { AccountReferences, listIn, textIn } from './references.ts';
import {
  extensionNames,
  orderNames,
  type PlacedExtension,
  profileNames,
  siteName,
} from './resource-names.ts';
import { Admission, SpecDraft } from './spec.ts';
import { leftToDirectory, profileFields, profileSettingsFields, requiredOfProfile } from './user-profile.ts';

export interface DecompileOptions {
  readonly account: ObservedAccount;
  /** Of the PhoneSystem that the resources are for. Default: `default`, which they need not name. */
  readonly phoneSystem?: string;
  /** Stands in each resource where given. */
  readonly namespace?: string;
}

/** Why something of the account is not in the YAML. */
export type LeftOutReason =
  /** YAML, or the API, has no way to say it. */
  | 'Inexpressible'
  /** Nothing that could be managed is left of it. */
  | 'Over'
  | 'PrimaryAdministrator'
  | 'NoPrivileges'
  /** A SCIM directory owns it. */
  | 'Directory'
  /** What it belongs to is left out. */
  | 'Dependent'
  /** The list does not show it, and it was not read by itself. */
  | 'NotRead';

export interface LeftOut {
  readonly type: ObjectType;
  readonly id: string;
  /** The resource that lacks the field, or that there would have been. */
  readonly resource: string;
  /** Absent when the whole object is left out. */
  readonly field?: string;
  readonly reason: LeftOutReason;
  readonly message: string;
}

/** A resource with what its file says of it. */
export interface Imported {
  readonly resource: AccountResource;
  /** The site that it is at, by name; absent for what has none. */
  readonly site?: string;
  /** Remarks for people, by field of the spec. */
  readonly remarks?: Readonly<Record<string, string>>;
}

export interface Decompiled {
  /** By kind, then by name. */
  readonly imported: readonly Imported[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Turns an account into the resources that declare it: the inverse of compile. Pure; the same account gives the
 * same resources in whatever order its objects come. What the account does not hold is left out, not cleared.
 */
export function decompile(options: DecompileOptions): Decompiled {
  return new Decompilation(options).run();
}

class Decompilation {
  readonly #account: ObservedAccount;
  readonly #options: DecompileOptions;
  readonly #references: AccountReferences;
  readonly #admission = new Admission();
  readonly #imported: Imported[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #profiles: ReadonlyMap<string, string>;
  readonly #extensions: readonly PlacedExtension[];
  readonly #extensionNames: ReadonlyMap<string, string>;
  /** Ids of users and extensions that became resources. */
  readonly #exported = new Set<string>();

  constructor(options: DecompileOptions) {
    this.#account = options.account;
    this.#options = options;
    this.#references = new AccountReferences(options.account);
    this.#profiles = profileNames(bodiesOf(this.#objects('user')));
    this.#extensions = placedExtensions(this.#objects('user'), this.#objects('extension'));
    this.#extensionNames = extensionNames(this.#extensions, this.#profiles, this.#references);
  }

  run(): Decompiled {
    for (const user of this.#objects('user')) this.#profile(user);
    for (const extension of this.#extensions) this.#extension(extension);
    this.#grants();
    this.#orders();
    return {
      imported: this.#imported.sort((a, b) => compare(keyOf(a.resource), keyOf(b.resource))),
      leftOut: this.#leftOut.sort((a, b) => compare(placeOf(a), placeOf(b))),
    };
  }

  #objects(type: ObjectType): ObservedObject[] {
    const collection = this.#account.collections[type];
    return collection.state === 'read' ? [...collection.objects.values()] : [];
  }

  #seen({ body, source }: Pick<ObservedObject, 'body' | 'source'>): Seen {
    return { body, complete: source === 'single', references: this.#references };
  }

  #settings(type: 'profileSettings' | 'extensionSettings', id: string): Seen | undefined {
    const collection = this.#account.collections[type];
    const object = collection.state === 'read' ? collection.objects.get(id) : undefined;
    return object && this.#seen(object);
  }

  #profile(user: ObservedObject): void {
    const { body, id } = user;
    const name = this.#profiles.get(id) ?? id;
    const directory = textIn(body, 'basicInfo', 'scimProvider');
    const draft = new SpecDraft().read(this.#seen(user), profileFields);
    const settings = this.#settings('profileSettings', id);
    if (settings) draft.read(settings, profileSettingsFields);
    if (directory !== undefined) {
      for (const field of leftToDirectory) draft.drop(field);
      const message = `${leftToDirectory.join(', ')}: owned by the directory ${directory}`;
      this.#omit('user', id, name, 'Directory', message, leftToDirectory.join(', '));
    }
    const site = siteName(textIn(body, 'basicInfo', 'site', 'id'), this.#references);
    this.#add('UserProfile', { type: 'user', id, name, site }, draft, {
      required: requiredOfProfile,
      fields: [...profileFields, ...profileSettingsFields],
    });
  }

  #extension(extension: PlacedExtension): void {
    const { body, complete, id, siteId, user, userId } = extension;
    const name = this.#extensionNames.get(id) ?? id;
    const leaveOut = (reason: LeftOutReason, message: string) =>
      this.#omit('extension', id, name, reason, message);
    if (userId !== undefined && !this.#exported.has(userId)) {
      leaveOut('Dependent', 'its user is left out');
      return;
    }
    const number = textIn(body, 'extensionNumber');
    if (this.#references.isTwice('place', `${siteId}/${number}`)) {
      leaveOut('Inexpressible', `the site has two extensions ${number}`);
      return;
    }
    const seen: Seen = {
      ...this.#seen({ body, source: complete ? 'single' : 'row' }),
      ...(user ? { user } : {}),
    };
    const draft = new SpecDraft().read(
      seen,
      extensionFields.filter(({ field }) => !isMirrored(field, seen)),
    );
    const settings = this.#settings('extensionSettings', id);
    if (settings) draft.read(settings, extensionSettingsFields);
    const profile = userId === undefined ? undefined : this.#profiles.get(userId);
    if (profile !== undefined) draft.set('userProfileRef', { name: profile });
    else {
      const site = siteId === undefined ? undefined : this.#references.to('site', siteId);
      if (!site) {
        leaveOut('Inexpressible', 'its site is not among the sites of the account');
        return;
      }
      draft.set('site', { ...site });
    }
    const site = siteName(siteId, this.#references);
    const address = textIn(body, 'emergencyAddress', 'displayForm');
    this.#add('Extension', { type: 'extension', id, name, site }, draft, {
      required: requiredOfExtension,
      fields: [...extensionFields, ...extensionSettingsFields],
      ...(address === undefined ? {} : { remarks: { 'emergencyAddress.addressId': address } }),
    });
  }

  #grants(): void {
    const parts: { readonly userId: string; readonly part: GrantPart }[] = [];
    for (const { body, id, source } of this.#objects('administrator')) {
      const profile = this.#profiles.get(id) ?? id;
      const leaveOut = (reason: LeftOutReason, message: string) =>
        this.#omit('administrator', id, profile, reason, message);
      if (body.primary === true) {
        leaveOut(
          'PrimaryAdministrator',
          'what the primary administrator may do is fixed: no grant changes it',
        );
      } else if (source === 'row' && (body.primary === undefined || body.scopes === undefined)) {
        leaveOut('NotRead', 'the list does not show the privileges');
      } else if (!this.#exported.has(id)) leaveOut('Dependent', 'the user is left out');
      else {
        const found = grantParts(body, this.#account.privilegeTree);
        for (const what of found.lacking)
          this.#omit('administrator', id, profile, 'Inexpressible', what, 'sections');
        if (found.parts.length === 0) leaveOut('NoPrivileges', 'there are no privileges to grant');
        parts.push(...found.parts.map((part) => ({ userId: id, part })));
      }
    }
    const names = nameAll(parts, ({ part, userId }) => {
      const pbx = part.pbxes[0] === '*' ? 'all' : (part.pbxes[0] ?? '');
      const profile = this.#profiles.get(userId) ?? userId;
      return { wish: `${profile}-${pbx}`, fallback: 'grant', identity: `${profile} ${part.pbxes[0]}` };
    });
    for (const item of parts) {
      const { part, userId } = item;
      const draft = new SpecDraft();
      draft.set('userProfileRef', { name: this.#profiles.get(userId) ?? userId });
      draft.set('pbxes', part.pbxes);
      draft.set('sections', part.sections);
      const user = this.#userBody(userId);
      const site = siteName(user && textIn(user, 'basicInfo', 'site', 'id'), this.#references);
      const name = names.get(item) ?? userId;
      this.#add('PrivilegeGrant', { type: 'administrator', id: userId, name, site }, draft, {
        required: [],
        fields: [],
      });
    }
  }

  #userBody(id: string): JsonObject | undefined {
    const users = this.#account.collections.user;
    return users.state === 'read' ? users.objects.get(id)?.body : undefined;
  }

  #orders(): void {
    const orders = this.#objects('portingOrder');
    const names = orderNames(bodiesOf(orders));
    const extensionName = (id: string) => (this.#exported.has(id) ? this.#extensionNames.get(id) : undefined);
    for (const order of orders) {
      const { body, id } = order;
      const name = names.get(id) ?? id;
      if (isOver(body)) {
        this.#omit('portingOrder', id, name, 'Over', 'the port is over: nothing of it can be managed');
        continue;
      }
      const draft = new SpecDraft().read({ ...this.#seen(order), extensionName }, portingOrderFields);
      this.#add('PortingOrder', { type: 'portingOrder', id, name }, draft, {
        required: requiredOfOrder,
        fields: portingOrderFields,
        remarks: secretRemarks(body),
      });
    }
  }

  #add(
    kind: AccountKind,
    object: { readonly type: ObjectType; readonly id: string; readonly name: string; readonly site?: string },
    draft: SpecDraft,
    how: {
      readonly required: readonly string[];
      readonly fields: readonly Pick<FieldMapping, 'field'>[];
      readonly remarks?: Readonly<Record<string, string>>;
    },
  ): void {
    const { id, name, site, type } = object;
    const { namespace, phoneSystem = defaultPhoneSystem } = this.#options;
    if (phoneSystem !== defaultPhoneSystem) draft.set('phoneSystem', phoneSystem);
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      annotations: { [externalIdAnnotation]: id },
    };
    const lack = draft.lackOf(how.required);
    const fields = how.fields.map(({ field }) => field).filter((field) => !how.required.includes(field));
    const resource = lack ?? this.#admission.admit(kind, metadata, draft, fields);
    if (typeof resource === 'string') {
      const unread = how.required.some((field) => draft.unknown.includes(field));
      this.#omit(type, id, name, unread ? 'NotRead' : 'Inexpressible', resource);
      return;
    }
    for (const { field, why } of draft.omitted) this.#omit(type, id, name, 'Inexpressible', why, field);
    for (const field of draft.unknown) {
      this.#omit(type, id, name, 'NotRead', 'the list does not show it', field);
    }
    if (type !== 'administrator') this.#exported.add(id);
    this.#imported.push({
      resource,
      ...(site ? { site } : {}),
      ...(how.remarks ? { remarks: how.remarks } : {}),
    });
  }

  #omit(
    type: ObjectType,
    id: string,
    resource: string,
    reason: LeftOutReason,
    message: string,
    field?: string,
  ): void {
    this.#leftOut.push({ type, id, resource, reason, message, ...(field === undefined ? {} : { field }) });
  }
}

/** Every extension of the account, inside its user or of nobody's. */
export function placedExtensions(
  users: readonly ObservedObject[],
  extensions: readonly ObservedObject[],
): PlacedExtension[] {
  const placed = new Map<string, PlacedExtension>();
  for (const { body: user, id: userId, source } of users) {
    const siteId = textIn(user, 'basicInfo', 'site', 'id');
    for (const body of listIn(user, 'serviceInfo', 'extensions')) {
      const id = textIn(body, 'id');
      if (id === undefined) continue;
      const complete = source === 'single';
      placed.set(id, { id, body, complete, userId, user, ...(siteId === undefined ? {} : { siteId }) });
    }
  }
  for (const { body, id, source } of extensions) {
    const siteId = textIn(body, 'site', 'id');
    if (placed.has(id)) continue;
    placed.set(id, { id, body, complete: source === 'single', ...(siteId === undefined ? {} : { siteId }) });
  }
  return [...placed.values()];
}

function bodiesOf(objects: readonly ObservedObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(objects.map(({ body, id }) => [id, body]));
}

/** What the API never shows, with where it goes. */
function secretRemarks(order: JsonObject): Readonly<Record<string, string>> {
  const remarks: Record<string, string> = {};
  if (order.accountNumberSet === true) {
    remarks['losingCarrier.accountNumberSecretRef'] =
      'set, and never shown: accountNumberSecretRef: {name: …, key: …}';
  }
  if (order.pinSet === true) {
    remarks['losingCarrier.pinSecretRef'] = 'set, and never shown: pinSecretRef: {name: …, key: …}';
  }
  return remarks;
}

const kindOrder: readonly string[] = ['UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'];

function keyOf({ kind, metadata }: AccountResource): string {
  return `${kindOrder.indexOf(kind)} ${metadata.name}`;
}

function placeOf({ field, id, message, resource, type }: LeftOut): string {
  return `${type} ${resource} ${id} ${field ?? ''} ${message}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
