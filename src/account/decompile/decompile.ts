import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import { type AccountKind, type AccountResource, defaultPhoneSystem } from '../../resources/kinds.ts';
import type { ObjectType, ObservedAccount, ObservedObject } from '../objects.ts';
import type { Decompiled, Imported, LeftOut, LeftOutReason } from './decompiled.ts';
import { extensionFields, extensionSettingsFields, isMirrored, requiredOfExtension } from './extension.ts';
import { nameAll } from './names.ts';
import { placedExtensions } from './placed-extensions.ts';
import { makePortable } from './portable.ts';
import { isOver, portingOrderFields, requiredOfOrder } from './porting-order.ts';
import { type GrantPart, grantParts } from './privilege-grant.ts';
import { type FieldMapping, look, type Seen } from './reading.ts';
import { AccountReferences, textIn } from './references.ts';
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
  /** For another account that has the same sites, numbers and licences: without ids, and without ports. */
  readonly portable?: boolean;
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
    if (look(this.#seen(user), ['serviceInfo', 'extensions']).kind === 'unknown') {
      this.#omit('user', id, name, 'NotRead', 'the list does not show its extensions', 'extensions');
    }
    const settings = this.#settings('profileSettings', id);
    if (settings) draft.read(settings, profileSettingsFields);
    if (directory !== undefined) {
      for (const field of leftToDirectory) draft.drop(field);
      const message = `${leftToDirectory.join(', ')}: owned by the directory ${directory}`;
      this.#omit('user', id, name, 'Directory', message, leftToDirectory.join(', '));
    }
    if (this.#options.portable && this.#isPrimary(id)) draft.set('adoptionPolicy', 'IfUnclaimed');
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
    const draft = new SpecDraft();
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
    draft.read(
      seen,
      extensionFields.filter(({ field }) => !isMirrored(field, seen)),
    );
    const settings = this.#settings('extensionSettings', id);
    if (settings) draft.read(settings, extensionSettingsFields);
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

  /** Each account has one from its beginning. */
  #isPrimary(userId: string): boolean {
    const administrators = this.#account.collections.administrator;
    return administrators.state === 'read' && administrators.objects.get(userId)?.body.primary === true;
  }

  /** As the list of addresses has it, else as the extension shows its own. */
  #addressOf(address: string, extension: string): JsonObject | undefined {
    const addresses = this.#account.collections.address;
    const listed = addresses.state === 'read' ? addresses.objects.get(address)?.body : undefined;
    const own = this.#extensions.find(({ id }) => id === extension)?.body.emergencyAddress;
    return listed ?? (isJsonObject(own) && own.id === address ? own : undefined);
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
      if (this.#options.portable) {
        this.#omit('portingOrder', id, name, 'OneAccount', 'a port is ordered once, for one account');
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
    const { namespace, phoneSystem = defaultPhoneSystem, portable } = this.#options;
    if (portable) makePortable(kind, draft, (address) => this.#addressOf(address, id));
    if (phoneSystem !== defaultPhoneSystem) draft.set('phoneSystem', phoneSystem);
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(portable ? {} : { annotations: { [externalIdAnnotation]: id } }),
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
      externalId: id,
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
