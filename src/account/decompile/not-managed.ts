import type { ObjectType } from '../objects.ts';

/** A place on the wire that import does not take over, with what lies below it. */
export interface NotManaged {
  readonly type: ObjectType;
  /** Lists as `[]`; '' is the whole object. */
  readonly path: string;
  /** Why not, as a person who looks for it in the YAML wants to know. */
  readonly reason: string;
}

const fromPhoneSystem = 'set by the phone system itself';
const live = 'live state: it changes by itself';
const names = 'the name of what the id beside it stands for';
const atExtension = 'nobody yet: no field of Extension stands for it';
const ofNumber = 'a fact of the phone number, not of the extension';
const ofDevice = 'the phone system tells it of the device; YAML names devices by MAC address';
const addressText = 'the text of the address, whose id is exported';
const ofPort = 'the course of the port: PortingOrder status shows it';
const links = 'the way to the object on the API';

/** Members of an extension, inside its user or without one. */
const ofExtension: readonly (readonly [string, string])[] = [
  ['id', 'exported as the annotation dialops.dev/external-id'],
  ['fqExtensionNumber', 'the number with the prefix of its site; read-only'],
  ['phoneNumbers[].country', ofNumber],
  ['phoneNumbers[].origin', ofNumber],
  ['phoneNumbers[].portingNumber', 'of a port, which PortingOrder declares'],
  ['phoneNumbers[].primary', 'exported as primaryPhoneNumber'],
  ['doNotDisturb', live],
  ['analogFaxEnabled', atExtension],
  ['dedicatedAgent', atExtension],
  ['msTeamsEnabled', atExtension],
  ['nomadic911Enabled', atExtension],
  ['overheadPagingEnabled', atExtension],
  ['devices[].id', ofDevice],
  ['devices[].activationCode', 'a secret: whoever has it can take the line'],
  ['devices[].status', live],
  ['devices[].lastUpdatedTime', fromPhoneSystem],
  ['devices[].lines', ofDevice],
  ['devices[].port', ofDevice],
  ['devices[].baseDevice', ofDevice],
  ['emergencyAddress.displayForm', addressText],
  ['emergencyAddress.organization', addressText],
  ['emergencyAddress.building', addressText],
  ['emergencyAddress.streetNumber', addressText],
  ['emergencyAddress.streetNumberSuffix', addressText],
  ['emergencyAddress.preDirectional', addressText],
  ['emergencyAddress.streetName', addressText],
  ['emergencyAddress.streetNameSuffix', addressText],
  ['emergencyAddress.postDirectional', addressText],
  ['emergencyAddress.dependentStreet', addressText],
  ['emergencyAddress.secondaryLocation', addressText],
  ['emergencyAddress.city', addressText],
  ['emergencyAddress.dependentCity', addressText],
  ['emergencyAddress.state', addressText],
  ['emergencyAddress.county', addressText],
  ['emergencyAddress.postal', addressText],
  ['emergencyAddress.zip4', addressText],
  ['emergencyAddress.country', addressText],
];

const below = (type: ObjectType, entries: readonly (readonly [string, string])[]): readonly NotManaged[] =>
  entries.map(([path, reason]) => ({ type, path, reason }));

const whole = (type: ObjectType, reason: string): NotManaged => ({ type, path: '', reason });

/** What import leaves in the account. docs/import.md shows it; everything else that an object holds is exported. */
export const notManaged: readonly NotManaged[] = [
  ...below('user', [
    ['_links', links],
    ['basicInfo.userId', 'exported as the annotation dialops.dev/external-id'],
    ['basicInfo.customerId', 'the account: exported as customerId of the PhoneSystem'],
    ['basicInfo.createdTime', fromPhoneSystem],
    ['basicInfo.lastUpdatedTime', fromPhoneSystem],
    ['basicInfo.scimProvider', 'the directory that owns the user; read-only'],
    ['basicInfo.site.name', names],
    ['basicInfo.site.pbxName', 'follows the site'],
    ['assignmentInfo.ringGroups', 'the ring group owns its members'],
    ['assignmentInfo.ucCallQueues', 'the call queue owns its members'],
  ]),
  ...below('extension', [
    ['_links', links],
    ['userId', 'exported as userProfileRef'],
    ['site.name', names],
    ['site.pbxName', 'follows the site'],
    ...ofExtension,
  ]),
  ...below('extensionSettings', [
    ['_links', links],
    ['extensionId', 'the extension that the settings are of'],
  ]),
  ...below('profileSettings', [
    ['_links', links],
    ['userId', 'the user that the settings are of'],
  ]),
  ...below('administrator', [
    ['_links', links],
    ['userId', 'exported as userProfileRef'],
    ['userName', 'exported as userProfileRef'],
    ['primary', 'read-only; what the primary administrator may do is fixed'],
    ['supportPassphrase', 'only the person can set it'],
  ]),
  ...below('portingOrder', [
    ['_links', links],
    ['id', 'exported as the annotation dialops.dev/external-id'],
    ['accountNumberSet', 'a secret that the API never shows: name a Secret'],
    ['pinSet', 'a secret that the API never shows: name a Secret'],
    ['numbers[].status', ofPort],
    ['numbers[].exception', ofPort],
    ['providerStatus', ofPort],
    ['confirmedDate', ofPort],
    ['exceptions', ofPort],
    ['comments', ofPort],
    ['history', ofPort],
    ['children', ofPort],
    ['createdTime', fromPhoneSystem],
    ['lastUpdatedTime', fromPhoneSystem],
  ]),
  whole('ringGroup', 'there is no kind for it yet'),
  whole('site', 'there is no kind for it yet: resources name their site'),
  whole('address', 'registered addresses are never changed: resources refer to them by id'),
  whole('phoneNumber', 'the inventory: extensions and ports name their numbers'),
  whole('license', 'the seats that the account has: profiles and extensions name their licences'),
  whole('userGroup', 'there is no kind for it yet: profiles name their group'),
  whole('profilePolicy', 'there is no kind for it yet: profiles name their policy'),
  whole('invitation', 'mail that was sent: it happens once and is no state'),
];
