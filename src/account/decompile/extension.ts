import { isJsonArray, type Json } from '../../foundation/json.ts';
import { normaliseMac } from '../compare.ts';
import { e164 } from '../compile/checks.ts';
import {
  choice,
  count,
  type FieldMapping,
  flag,
  inexpressible,
  look,
  type Reading,
  type Seen,
  shown,
  text,
} from './reading.ts';
import { listIn, textIn } from './references.ts';

const number = (field: string, path: readonly string[]) =>
  text(field, path, {
    cleared: '',
    fault: (value) => (e164.test(value) ? undefined : 'is no E.164 number such as +14085550123'),
  });

/** Extension fields without which there is no resource. */
export const requiredOfExtension = ['number', 'type'];

/** Extension on `/extensions`, and inside its user on `/users`, in the order of the schema. */
export const extensionFields: readonly FieldMapping[] = [
  text('number', ['extensionNumber'], {
    fault: (value) => (/^[0-9]{1,15}$/.test(value) ? undefined : 'is no number of 1 to 15 digits'),
  }),
  choice('type', ['extensionType'], { UC: 'UC', CC: 'CC' }),
  { field: 'license', wire: ['licenseId'], cleared: { name: '' }, read: readLicense },
  {
    field: 'phoneNumbers',
    wire: ['phoneNumbers[].phoneNumber'],
    cleared: [],
    read: readPhoneNumbers,
  },
  number('primaryPhoneNumber', ['primaryPhoneNumber']),
  text('callerId.externalName', ['externalCallerIdName']),
  number('callerId.externalNumber', ['externalCallerIdNumber']),
  text('callerId.internalFirstName', ['internalCallerIdFirstName']),
  text('callerId.internalLastName', ['internalCallerIdLastName']),
  flag('callerId.blockOutbound', ['blockOutboundCallerId']),
  flag('callerId.showInbound', ['showInboundCallerId']),
  flag('callWaiting', ['callWaitingEnabled']),
  count('maxConcurrentCalls', ['maxConcurrentCalls']),
  text('dialPlan.country', ['dialPlanCallingCountry']),
  text('dialPlan.ruleset', ['dialPlanRuleset']),
  flag('directory.visible', ['displayInDirectory']),
  flag('allowInAutoAttendant', ['allowInAutoAttendant']),
  flag('hotDesk', ['hotDeskEnabled']),
  text('recording.mode', ['recordingMode']),
  flag('recording.announceToUser', ['recordingPlayAnnouncementToUser']),
  flag('recording.announceToOtherParty', ['recordingPlayAnnouncementToOtherParty']),
  text('voicemail.email', ['voicemailEmail']),
  text('voicemail.notification', ['voicemailNotification']),
  text('voicemail.zeroOutDestination', ['voicemailZeroOutDestination']),
  {
    field: 'musicOnHold',
    wire: ['musicOnHold.id', 'musicOnHold.name'],
    cleared: { name: '' },
    read: readMusic,
  },
  {
    field: 'emergencyAddress',
    wire: ['emergencyAddressInheritFromSite', 'emergencyAddress.id'],
    read: readEmergencyAddress,
  },
  {
    field: 'devices',
    wire: ['devices[].macAddress', 'devices[].model'],
    read: readDevices,
  },
];

/** Extension on `/extension-settings`. */
export const extensionSettingsFields: readonly FieldMapping[] = [
  text('timezone', ['timezone']),
  text('communicationPreferences.language', ['communicationPreferences', 'language']),
  choice('communicationPreferences.dateFormat', ['communicationPreferences', 'dateFormat'], {
    MDY: 'MDY',
    DMY: 'DMY',
    YMD: 'YMD',
  }),
  choice('communicationPreferences.timeFormat', ['communicationPreferences', 'timeFormat'], {
    H12: 'H12',
    H24: 'H24',
  }),
  flag('work.desktopApp', ['workSettings', 'desktopApp']),
  flag('work.mobileApp', ['workSettings', 'mobileApp']),
  flag('work.webApp', ['workSettings', 'webApp']),
  flag('work.sms', ['workSettings', 'smsEnabled']),
  flag('work.fax', ['workSettings', 'faxEnabled']),
  text('work.screenPopUrl', ['workSettings', 'screenPopUrl']),
];

/** The flag of a UC extension mirrors its user's, which the UserProfile declares (8x8 guide: users). */
export function isMirrored(field: string, { body, user }: Pick<Seen, 'body' | 'user'>): boolean {
  return field === 'directory.visible' && user !== undefined && body.extensionType === 'UC';
}

function readLicense(seen: Seen): Reading {
  const found = look(seen, ['licenseId']);
  if (found.kind !== 'value' || typeof found.value !== 'string') return found;
  const name = seen.references.licenseName(found.value, seen.user);
  return shown(name === undefined ? { id: found.value } : { name });
}

function readPhoneNumbers(seen: Seen): Reading {
  const found = look(seen, ['phoneNumbers']);
  if (found.kind !== 'value' || !isJsonArray(found.value)) return found;
  const entries: Json[] = [];
  const lacking: string[] = [];
  for (const item of listIn(seen.body, 'phoneNumbers')) {
    const digits = textIn(item, 'phoneNumber') ?? '';
    if (!e164.test(digits)) lacking.push('a number that is not in E.164');
    else if (seen.references.isTwice('number', digits)) lacking.push('a number that two extensions have');
    else entries.push({ number: digits });
  }
  return listReading(entries, lacking);
}

/** The numbers and devices that YAML can say, and why not the others. */
function listReading(entries: readonly Json[], lacking: readonly string[]): Reading {
  if (entries.length === 0) return inexpressible(lacking.join('; '));
  return { kind: 'value', value: entries, ...(lacking.length > 0 ? { lacking } : {}) };
}

function readMusic(seen: Seen): Reading {
  const name = look(seen, ['musicOnHold', 'name']);
  if (name.kind === 'value') return shown({ name: name.value });
  const id = look(seen, ['musicOnHold', 'id']);
  if (name.kind === 'unknown' && id.kind !== 'value') return name;
  return id.kind === 'value' ? shown({ id: id.value }) : id;
}

function readEmergencyAddress(seen: Seen): Reading {
  const inherits = look(seen, ['emergencyAddressInheritFromSite']);
  if (inherits.kind === 'unknown') return inherits;
  if (inherits.kind === 'value' && inherits.value === true) return shown({ fromSite: true });
  const id = look(seen, ['emergencyAddress', 'id']);
  if (id.kind === 'unknown') return id;
  if (inherits.kind !== 'value') {
    return id.kind === 'unset' ? id : inexpressible('whether it follows the site is not said');
  }
  if (id.kind === 'value') return shown({ addressId: id.value });
  return inexpressible("it has no emergency address: neither the site's nor one of its own");
}

const macAddress = /^[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5}$/;

function readDevices(seen: Seen): Reading {
  const found = look(seen, ['devices']);
  if (found.kind !== 'value') return found;
  const entries: Json[] = [];
  const lacking: string[] = [];
  const known = new Set<string>();
  for (const device of listIn(seen.body, 'devices')) {
    const mac = textIn(device, 'macAddress') ?? '';
    const model = textIn(device, 'model');
    if (!macAddress.test(mac)) lacking.push('a device without MAC address');
    else if (seen.references.isTwice('device', normaliseMac(mac)) || known.has(normaliseMac(mac))) {
      lacking.push('a device with several lines');
    } else {
      known.add(normaliseMac(mac));
      entries.push(model === undefined ? { macAddress: mac } : { macAddress: mac, model });
    }
  }
  return listReading(entries, lacking);
}
