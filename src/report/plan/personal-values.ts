import type { WirePath } from '../../account/objects.ts';
import type { Json } from '../../foundation/json.ts';

/** Members whose text says nothing about a person. Everything else that is text is taken for personal. */
const impersonal: ReadonlySet<string> = new Set([
  'status',
  'locale',
  'timezone',
  'directoryScope',
  'ssoProvider',
  'licenseId',
  'dialPlanCallingCountry',
  'dialPlanRuleset',
  'recordingMode',
  'extensionNumber',
  'portType',
  'requestedDate',
  'privileges',
  'action',
]);

/** Whether a value of the account may tell something about a person: names, addresses, numbers of phones. */
export function isPersonal(path: WirePath, value: Json): boolean {
  if (value === null || value === '' || typeof value === 'boolean' || typeof value === 'number') return false;
  const name = path.findLast((segment) => typeof segment === 'string');
  return name === undefined || !impersonal.has(name);
}
