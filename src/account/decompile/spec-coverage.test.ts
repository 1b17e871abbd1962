import { expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { readSchema } from '../../resources/definition-file.ts';
import type { AccountKind } from '../../resources/kinds.ts';
import { extensionFields, extensionSettingsFields } from './extension.ts';
import { portingOrderFields } from './porting-order.ts';
import { profileFields, profileSettingsFields } from './user-profile.ts';

/** Rules for dialops itself, one-shot requests, and what import sets otherwise than by a mapping. */
const decided: Readonly<Record<AccountKind, readonly string[]>> = {
  UserProfile: ['phoneSystem', 'invitation', 'deletionPolicy', 'adoptionPolicy', 'consent'],
  Extension: ['phoneSystem', 'site', 'userProfileRef', 'deletionPolicy', 'adoptionPolicy', 'consent'],
  PrivilegeGrant: [
    ...['phoneSystem', 'userProfileRef', 'pbxes', 'sections', 'copyFrom', 'expiresAt'],
    ...['adoptionPolicy', 'deletionPolicy', 'consent'],
  ],
  PortingOrder: [
    'phoneSystem',
    'cancel',
    'deletionPolicy',
    'adoptionPolicy',
    'losingCarrier.accountNumberSecretRef',
    'losingCarrier.pinSecretRef',
  ],
};

const mapped: Readonly<Record<AccountKind, readonly string[]>> = {
  UserProfile: [...profileFields, ...profileSettingsFields].map(({ field }) => field),
  Extension: [...extensionFields, ...extensionSettingsFields].map(({ field }) => field),
  PrivilegeGrant: [],
  PortingOrder: portingOrderFields.map(({ field }) => field),
};

/** Fields of a spec: of an object its members, unless the object itself is decided about. */
function undecided(schema: JsonObject, known: ReadonlySet<string>, above = ''): string[] {
  const { properties } = schema;
  if (properties === undefined || !isJsonObject(properties)) return [above];
  return Object.entries(properties).flatMap(([name, member]) => {
    const field = above === '' ? name : `${above}.${name}`;
    return known.has(field) || !isJsonObject(member) ? [] : undecided(member, known, field);
  });
}

const kinds: readonly AccountKind[] = ['UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'];

it.each(kinds)('import has an answer for every field of %s', async (kind) => {
  const schema = await readSchema(kind);
  const { properties } = schema;
  const spec = properties !== undefined && isJsonObject(properties) ? properties.spec : undefined;
  if (spec === undefined || !isJsonObject(spec)) throw new Error(`${kind} has no spec`);
  expect(undecided(spec, new Set([...decided[kind], ...mapped[kind]]))).toEqual([]);
});
