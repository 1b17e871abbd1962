import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { AccountKind } from '../../resources/kinds.ts';
import { textIn } from './references.ts';
import type { SpecDraft } from './spec.ts';

/** Parts of an address that YAML can give (8x8 guide: sites, addresses). */
const civicParts = [
  'organization',
  'building',
  'streetNumber',
  'streetName',
  'dependentStreet',
  'secondaryLocation',
  'city',
  'dependentCity',
  'state',
  'county',
  'postal',
  'zip4',
  'country',
];

const otherAccount = 'its id stands for nothing in another account';

/**
 * Takes out of a spec what only this account understands: ids. Addresses become the text that they stand for, and a
 * profile mails nobody, for a copy of a company must not invite its people a second time.
 *
 * @param addressOf the body of an address by its id
 */
export function makePortable(
  kind: AccountKind,
  draft: SpecDraft,
  addressOf: (id: string) => JsonObject | undefined,
): void {
  for (const [field, member] of addressFields) {
    const id = textIn(draft.spec, ...field.split('.'), member);
    if (id === undefined) continue;
    draft.drop(field);
    const civic = civicOf(addressOf(id));
    if (civic) draft.set(field, { civic });
    else omit(draft, field);
  }
  for (const field of ['site', 'userGroup', 'license', 'musicOnHold']) {
    if (textIn(draft.spec, field, 'id') === undefined) continue;
    draft.drop(field);
    omit(draft, field);
  }
  const { licenses } = draft.spec;
  if (isJsonArray(licenses)) {
    const named = licenses.filter((license) => !hasId(license));
    draft.drop('licenses');
    if (named.length > 0) draft.set('licenses', named);
    if (named.length < licenses.length) omit(draft, 'licenses');
  }
  if (kind === 'UserProfile') draft.set('invitation', 'Hold');
}

const addressFields = [
  ['address', 'id'],
  ['emergencyAddress', 'addressId'],
] as const;

function omit(draft: SpecDraft, field: string): void {
  draft.omitted.push({ field, why: otherAccount });
}

function hasId(license: Json): boolean {
  return isJsonObject(license) && license.id !== undefined;
}

/** Directions and suffixes are apart in what is read, and part of the street in what is sent (8x8 guide: sites). */
const joined: Readonly<Record<string, readonly string[]>> = {
  streetNumber: ['streetNumber', 'streetNumberSuffix'],
  streetName: ['preDirectional', 'streetName', 'streetNameSuffix', 'postDirectional'],
};

function civicOf(address: JsonObject | undefined): JsonObject | undefined {
  if (!address || textIn(address, 'country') === undefined) return undefined;
  return Object.fromEntries(
    civicParts.flatMap((part) => {
      const value = (joined[part] ?? [part]).flatMap((name) => textIn(address, name) ?? []).join(' ');
      return value === '' ? [] : [[part, value] as const];
    }),
  );
}
