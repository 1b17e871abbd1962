import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';
import { checkText, locales, type textRules } from '../compile/checks.ts';
import { isDidLicense } from '../did-license.ts';
import {
  choice,
  type FieldMapping,
  flag,
  inexpressible,
  look,
  type Reading,
  type Seen,
  shown,
  text,
  unknown,
  unset,
} from './reading.ts';
import { listIn, textIn } from './references.ts';

const checked = (rule: keyof typeof textRules) => (value: string) => checkText(rule, value);
const required = (field: string, path: readonly string[], rule: keyof typeof textRules) =>
  text(field, path, { fault: checked(rule) });
const optional = (field: string, path: readonly string[], rule: keyof typeof textRules) =>
  text(field, path, { cleared: '', fault: checked(rule) });

/** UserProfile fields that the schema requires: without them there is no resource. */
export const requiredOfProfile = ['firstName', 'lastName', 'email', 'site', 'userName'];

/** Fields that a SCIM directory owns and YAML can do without. */
export const leftToDirectory = ['status', 'jobTitle', 'department'];

/** UserProfile on `/users`, in the order of the schema. */
export const profileFields: readonly FieldMapping[] = [
  required('firstName', ['basicInfo', 'firstName'], 'firstName'),
  required('lastName', ['basicInfo', 'lastName'], 'lastName'),
  required('email', ['basicInfo', 'primaryEmail'], 'email'),
  { field: 'site', wire: ['basicInfo.site.id'], read: readSite },
  required('userName', ['basicInfo', 'userName'], 'userName'),
  choice('status', ['basicInfo', 'status'], { ACTIVE: 'Active', INACTIVE: 'Inactive' }),
  text('locale', ['basicInfo', 'locale'], {
    cleared: '',
    fault: (value) =>
      locales.has(value) ? undefined : 'is a locale that the phone system takes from nobody',
  }),
  text('timezone', ['basicInfo', 'timezone']),
  optional('jobTitle', ['directoryInfo', 'jobTitle'], 'jobTitle'),
  optional('department', ['directoryInfo', 'department'], 'department'),
  flag('directory.visible', ['directoryInfo', 'displayInDirectory']),
  choice('directory.scope', ['directoryInfo', 'directoryScope'], {
    CUSTOMER: 'Customer',
    PBX: 'PBX',
    SITE: 'Site',
  }),
  {
    field: 'personalPhoneNumbers',
    wire: ['directoryInfo.personalPhoneNumbers[].number', 'directoryInfo.personalPhoneNumbers[].type'],
    cleared: [],
    read: readPersonalNumbers,
  },
  text('sso.provider', ['basicInfo', 'ssoProvider']),
  text('sso.federationId', ['basicInfo', 'ssoFederationId']),
  {
    field: 'licenses',
    wire: ['serviceInfo.licenses[].id', 'serviceInfo.licenses[].name', 'serviceInfo.licenses[].country'],
    read: readLicenses,
  },
  {
    field: 'profilePolicy',
    wire: ['assignmentInfo.profilePolicy.name'],
    cleared: '',
    read: (seen) => {
      const found = look(seen, ['assignmentInfo', 'profilePolicy', 'name']);
      if (found.kind !== 'value') return found;
      if (typeof found.value === 'string' && seen.references.isOne('profilePolicy', found.value))
        return found;
      return inexpressible('the account lists no profile policy, or several, of this name');
    },
  },
  {
    field: 'userGroup',
    wire: ['assignmentInfo.userGroups[].id', 'assignmentInfo.userGroups[].name'],
    cleared: { name: '' },
    read: readUserGroup,
  },
];

/** UserProfile on `/profile-settings`. */
export const profileSettingsFields: readonly FieldMapping[] = [
  {
    field: 'address',
    wire: ['address.id'],
    cleared: { id: '' },
    read: (seen) => {
      const found = look(seen, ['address', 'id']);
      return found.kind === 'value' ? shown({ id: found.value }) : found;
    },
  },
];

function readSite(seen: Seen): Reading {
  const found = look(seen, ['basicInfo', 'site', 'id']);
  if (found.kind !== 'value' || typeof found.value !== 'string') return found;
  const reference = seen.references.to('site', found.value);
  return reference
    ? shown({ ...reference })
    : inexpressible('its site is not among the sites of the account');
}

function readPersonalNumbers(seen: Seen): Reading {
  const found = look(seen, ['directoryInfo', 'personalPhoneNumbers']);
  if (found.kind !== 'value' || !isJsonArray(found.value)) return found;
  const types = new Map([
    ['WORK', 'Work'],
    ['MOBILE', 'Mobile'],
  ]);
  const numbers: Json[] = [];
  for (const item of found.value) {
    const number = isJsonObject(item) ? item.number : undefined;
    const type = isJsonObject(item) ? types.get(String(item.type)) : undefined;
    if (typeof number !== 'string' || number === '' || type === undefined) {
      return inexpressible('one of them has no number, or is neither WORK nor MOBILE');
    }
    numbers.push({ number, type });
  }
  return shown(numbers);
}

/**
 * Licences beside those of extensions, which name their own. DID licences come and go with numbers (8x8 guide:
 * users).
 */
function readLicenses(seen: Seen): Reading {
  const found = look(seen, ['serviceInfo', 'licenses']);
  if (found.kind !== 'value') return found;
  const extensions = look(seen, ['serviceInfo', 'extensions']);
  if (extensions.kind === 'unknown') return unknown;
  const held = new Set<Json>();
  for (const extension of listIn(seen.body, 'serviceInfo', 'extensions')) {
    const seat = look({ body: extension, complete: seen.complete }, ['licenseId']);
    if (seat.kind === 'unknown') return unknown;
    if (seat.kind === 'value') held.add(seat.value);
  }
  const licenses = listIn(seen.body, 'serviceInfo', 'licenses').filter((license) => !isDidLicense(license));
  const ofExtensions = new Set(
    [...held].map((seat) => (typeof seat === 'string' ? seen.references.licenseName(seat, seen.body) : null)),
  );
  const entries: Json[] = [];
  const lacking: string[] = [];
  for (const license of licenses) {
    const id = textIn(license, 'id');
    const name = textIn(license, 'name') ?? (id && seen.references.licenseName(id, undefined));
    if (id !== undefined && held.has(id)) continue;
    const several = name !== undefined && licenses.filter((other) => other.name === name).length > 1;
    if (name !== undefined && ofExtensions.has(name)) {
      lacking.push(`a second seat of ${name}, which an extension of the user names`);
    } else if (name !== undefined && !several) {
      const country = textIn(license, 'country');
      const needed = country !== undefined && seen.references.isInSeveralCountries(name);
      entries.push(needed ? { name, country } : { name });
    } else if (id !== undefined) entries.push({ id });
    else lacking.push('a licence without id, beside others of its name');
  }
  if (entries.length === 0 && lacking.length === 0) return unset;
  if (entries.length === 0) return inexpressible(lacking.join('; '));
  return { kind: 'value', value: entries, ...(lacking.length > 0 ? { lacking } : {}) };
}

function readUserGroup(seen: Seen): Reading {
  const found = look(seen, ['assignmentInfo', 'userGroups']);
  if (found.kind !== 'value') return found;
  const groups = listIn(seen.body, 'assignmentInfo', 'userGroups');
  const [group] = groups;
  if (!group || groups.length > 1) return inexpressible('the user is in several groups, and YAML has one');
  const id = textIn(group, 'id');
  const name = textIn(group, 'name');
  const reference = id === undefined ? undefined : seen.references.to('userGroup', id);
  if (!seen.references.isRead('userGroup') && name !== undefined) return shown({ name });
  return reference ? shown({ ...reference }) : inexpressible('its group is not among those of the account');
}
