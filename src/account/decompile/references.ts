import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { normaliseMac } from '../compare.ts';
import { AccountIndex, listOf } from '../compile/account-index.ts';
import type { ObjectType, ObservedAccount } from '../objects.ts';

/** As YAML refers to what has no resource of its own. */
export type Reference = { readonly name: string } | { readonly id: string };

/** Finds the words by which YAML refers to objects of the phone system. Made once for each account. */
export class AccountReferences {
  readonly account: ObservedAccount;
  readonly #index: AccountIndex;
  #twice: ReadonlySet<string> | undefined;
  #licenseCountries: ReadonlyMap<string, number> | undefined;

  constructor(account: ObservedAccount) {
    this.account = account;
    this.#index = new AccountIndex(account);
  }

  isRead(type: ObjectType): boolean {
    return this.#index.isRead(type);
  }

  /**
   * By name where the name is that of one object alone, else by id.
   * @returns undefined when the account has no object of this id
   */
  to(type: ObjectType, id: string): Reference | undefined {
    if (!this.isRead(type)) return { id };
    const body = this.#index.body(type, id);
    if (!body) return undefined;
    const { name } = body;
    if (typeof name !== 'string' || name === '') return { id };
    const found = this.#index.named(type, name);
    return 'found' in found && found.found === id ? { name } : { id };
  }

  /** True when the collection is not known, or exactly one object in it has this name. */
  isOne(type: ObjectType, name: string): boolean {
    return !this.isRead(type) || 'found' in this.#index.named(type, name);
  }

  /** The name of a licence seat: as its user shows it, else as the list of seats does. */
  licenseName(seat: string, user: JsonObject | undefined): string | undefined {
    const own = listIn(user, 'serviceInfo', 'licenses').find(({ id }) => id === seat)?.name;
    const name = typeof own === 'string' ? own : this.#index.licenseName(seat);
    return name === '' ? undefined : name;
  }

  /** Are there seats of this name in several countries? */
  isInSeveralCountries(license: string): boolean {
    this.#licenseCountries ??= this.#countCountries();
    return (this.#licenseCountries.get(license) ?? 0) > 1;
  }

  #countCountries(): ReadonlyMap<string, number> {
    const countries = new Map<string, Set<Json | undefined>>();
    const seats = this.account.collections.license;
    if (seats.state !== 'read') return new Map();
    for (const { body } of seats.objects.values()) {
      if (typeof body.name !== 'string') continue;
      const known = countries.get(body.name) ?? new Set();
      countries.set(body.name, known.add(body.country));
    }
    return new Map([...countries].map(([name, known]) => [name, known.size]));
  }

  /** Does another extension have this device or number, or this one's place, too? One resource can't say that. */
  isTwice(what: 'device' | 'number' | 'place', key: string): boolean {
    this.#twice ??= this.#findTwice();
    return this.#twice.has(`${what} ${key}`);
  }

  #findTwice(): ReadonlySet<string> {
    const seen = new Set<string>();
    const twice = new Set<string>();
    const note = (key: string) => {
      if (seen.has(key)) twice.add(key);
      seen.add(key);
    };
    for (const { body, number, siteId } of this.#index.extensionsById.values()) {
      const devices = listOf(body.devices).flatMap(({ macAddress }) =>
        typeof macAddress === 'string' ? [normaliseMac(macAddress)] : [],
      );
      for (const mac of new Set(devices)) note(`device ${mac}`);
      for (const { phoneNumber } of listOf(body.phoneNumbers)) note(`number ${phoneNumber}`);
      note(`place ${siteId}/${number}`);
    }
    return twice;
  }
}

export function textIn(body: JsonObject, ...path: readonly string[]): string | undefined {
  let value: Json | undefined = body;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Objects of a list; empty when there is none. */
export function listIn(body: JsonObject | undefined, ...path: readonly string[]): readonly JsonObject[] {
  let value: Json | undefined = body;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
