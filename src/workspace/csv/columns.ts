import { listIn, textIn } from '../../account/decompile/references.ts';
import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import {
  type CellReading,
  entriesOf,
  readExtensionNumber,
  readFlag,
  readPhoneNumber,
  readWord,
} from './cell-text.ts';

export interface CellContext {
  /** Of numbers without one, digits alone. */
  readonly callingCode?: string;
  /** Extension numbers with fewer digits get zeros before them. */
  readonly extensionLength?: number;
}

/** One column of the table of people. */
export interface Column {
  /** As `--map` names it. */
  readonly key: string;
  /** As the template heads it. */
  readonly title: string;
  /** Other heads that say the same. */
  readonly aliases: readonly string[];
  readonly of: 'UserProfile' | 'Extension';
  /** Of the spec, or of the metadata where it begins with `metadata.`. */
  readonly field: string;
  readonly required: boolean;
  /** In the template. */
  readonly example: string;
  readonly read: (text: string, context: CellContext) => CellReading<Json>;
  readonly print: (value: Json | undefined, spec: JsonObject) => string;
}

type Parts = Partial<Pick<Column, 'aliases' | 'example' | 'print' | 'read' | 'required'>>;

const asText = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const plain = (text: string): CellReading<Json> => ({ value: text });

const column =
  (of: Column['of']) =>
  (title: string, field: string, parts: Parts = {}): Column => ({
    key: keyOf(title),
    title,
    of,
    field,
    aliases: [],
    required: false,
    example: '',
    read: plain,
    print: asText,
    ...parts,
  });

/** `Work email`: `workEmail`. */
function keyOf(title: string): string {
  return title
    .split(' ')
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join('');
}

const words = (...all: readonly string[]): Parts => ({ read: (text) => readWord(text, all) });
const flag: Parts = { read: readFlag, print: (value) => (value === undefined ? '' : value ? 'yes' : 'no') };

/** By name, or as `id:…` where nothing else tells it. */
const reference: Parts = {
  read: (text) => ({ value: referenceOf(text) }),
  print: (value) => (isJsonObject(value) ? referenceText(value) : ''),
};

function referenceOf(text: string): JsonObject {
  return text.startsWith('id:') ? { id: text.slice(3) } : { name: text };
}

function referenceText({ id, name }: JsonObject): string {
  return typeof name === 'string' ? name : typeof id === 'string' ? `id:${id}` : '';
}

const phone: Parts = { read: (text, { callingCode }) => readPhoneNumber(text, callingCode) };

/** Several values in one cell, each read by itself. */
function list(read: (entry: string, context: CellContext) => CellReading<Json>): Column['read'] {
  return (text, context) => {
    const readings = entriesOf(text).map((entry) => read(entry, context));
    const faults = readings.flatMap((reading) => ('fault' in reading ? [reading.fault] : []));
    if (faults.length > 0) return { fault: faults.join('; ') };
    const notes = readings.flatMap((reading) =>
      'note' in reading && reading.note !== undefined ? [reading.note] : [],
    );
    const value = readings.flatMap((reading) => ('value' in reading ? [reading.value] : []));
    return notes.length > 0 ? { value, note: notes.join('; ') } : { value };
  };
}

/** Personal numbers of one type; the two columns together are the list of the spec. */
const personal = (type: 'Work' | 'Mobile'): Parts => ({
  read: list((entry) => ({ value: { number: entry, type } })),
  print: (_value, spec) =>
    listIn(spec, 'personalPhoneNumbers')
      .filter((number) => number.type === type)
      .map(({ number }) => asText(number))
      .join('; '),
});

const device = /^(.*?)(?:\s*\((.*)\))?$/;

const profile = column('UserProfile');
const extension = column('Extension');

/** All columns, in the order of the template. */
export const columns: readonly Column[] = [
  profile('First name', 'firstName', {
    required: true,
    example: 'Jane',
    aliases: ['given name', 'forename'],
  }),
  profile('Last name', 'lastName', {
    required: true,
    example: 'Example',
    aliases: ['surname', 'family name'],
  }),
  profile('Email', 'email', {
    required: true,
    example: 'jane@example.com',
    aliases: ['e-mail', 'mail', 'email address'],
  }),
  profile('User name', 'userName', { aliases: ['login'] }),
  profile('Site', 'site', {
    ...reference,
    required: true,
    example: 'Headquarters',
    aliases: ['location', 'office'],
  }),
  profile('Status', 'status', words('Active', 'Inactive')),
  profile('Job title', 'jobTitle', { example: 'Associate', aliases: ['title', 'position'] }),
  profile('Department', 'department', { example: 'Sales' }),
  profile('Locale', 'locale', { aliases: ['language'] }),
  profile('Time zone', 'timezone', { aliases: ['tz'] }),
  profile('Work phones', 'personalPhoneNumbers', { ...personal('Work'), aliases: ['work phone'] }),
  profile('Mobile phones', 'personalPhoneNumbers', {
    ...personal('Mobile'),
    example: '+14085550199',
    aliases: ['mobile', 'mobile phone', 'cell phone'],
  }),
  profile('Profile policy', 'profilePolicy'),
  profile('User group', 'userGroup', reference),
  profile('Directory visible', 'directory.visible', flag),
  profile('Directory scope', 'directory.scope', words('Customer', 'PBX', 'Site')),
  profile('Licenses', 'licenses', {
    read: list((entry) => ({ value: referenceOf(entry) })),
    print: (_value, spec) => listIn(spec, 'licenses').map(referenceText).join('; '),
    aliases: ['licences'],
  }),
  profile('SSO provider', 'sso.provider'),
  profile('SSO federation ID', 'sso.federationId'),
  profile('Invitation', 'invitation', words('Send', 'Hold')),
  profile('Adoption policy', 'adoptionPolicy', words('Never', 'IfUnclaimed')),
  profile('Resource name', 'metadata.name'),
  profile('External ID', 'metadata.externalId'),
  extension('Extension', 'number', {
    read: (text, { extensionLength }) => readExtensionNumber(text, extensionLength),
    example: '1001',
    aliases: ['extension number', 'ext'],
  }),
  extension('Extension type', 'type', words('UC', 'CC')),
  extension('Extension license', 'license', {
    ...reference,
    example: 'X2',
    aliases: ['license', 'licence', 'extension licence'],
  }),
  extension('Phone numbers', 'phoneNumbers', {
    read: list((entry, context) => {
      const reading = readPhoneNumber(entry, context.callingCode);
      return 'fault' in reading ? reading : { ...reading, value: { number: reading.value } };
    }),
    print: (_value, spec) =>
      listIn(spec, 'phoneNumbers')
        .map(({ number }) => asText(number))
        .join('; '),
    example: '+14085550123',
    aliases: ['phone number', 'direct number', 'did', 'ddi'],
  }),
  extension('Primary phone number', 'primaryPhoneNumber', phone),
  extension('Caller ID name', 'callerId.externalName'),
  extension('Caller ID number', 'callerId.externalNumber', phone),
  extension('Voicemail email', 'voicemail.email'),
  extension('Call waiting', 'callWaiting', flag),
  extension('Emergency address', 'emergencyAddress', {
    read: (text) => ({
      value: text.toLowerCase() === 'site' ? { fromSite: true } : { addressId: text.replace(/^id:/, '') },
    }),
    print: (value) => {
      if (!isJsonObject(value)) return '';
      return value.fromSite === true
        ? 'Site'
        : textIn(value, 'addressId') === undefined
          ? ''
          : `id:${value.addressId}`;
    },
    example: 'Site',
  }),
  extension('Devices', 'devices', {
    read: list((entry) => {
      const [, macAddress = '', model] = device.exec(entry) ?? [];
      return { value: { macAddress, ...(model === undefined ? {} : { model }) } };
    }),
    print: (_value, spec) =>
      listIn(spec, 'devices')
        .map(({ macAddress, model }) =>
          model === undefined ? asText(macAddress) : `${macAddress} (${model})`,
        )
        .join('; '),
    aliases: ['device', 'mac address'],
  }),
  extension('Extension adoption policy', 'adoptionPolicy', words('Never', 'IfUnclaimed')),
  extension('Extension resource name', 'metadata.name'),
  extension('Extension external ID', 'metadata.externalId'),
];
