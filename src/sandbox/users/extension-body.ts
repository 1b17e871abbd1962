import type { JsonObject } from '../../foundation/json.ts';
import type { BodyReader } from '../body-reader.ts';
import { dialPlanRulesets } from '../vocabulary.ts';

/** An extension as a body gives it: of the right form, not yet checked against the phone system. */
export interface ExtensionDraft {
  /** For faults that only the phone system can find. */
  readonly reader: BodyReader;
  readonly id: string | undefined;
  readonly extensionNumber: string | undefined;
  readonly extensionType: string;
  readonly licenseId: string | undefined;
  readonly emergencyAddressId: string | undefined;
  readonly phoneNumbers: readonly {
    readonly phoneNumber: string;
    readonly primary: boolean;
    readonly index: number;
  }[];
  readonly primaryPhoneNumber: string | undefined;
  readonly devices: readonly BodyReader[];
  /** All the rest, as given. */
  readonly settings: JsonObject;
}

const flags = [
  'allowInAutoAttendant',
  'analogFaxEnabled',
  'blockOutboundCallerId',
  'callWaitingEnabled',
  'dedicatedAgent',
  'displayInDirectory',
  'doNotDisturb',
  'emergencyAddressInheritFromSite',
  'hotDeskEnabled',
  'msTeamsEnabled',
  'nomadic911Enabled',
  'overheadPagingEnabled',
  'recordingPlayAnnouncementToUser',
  'recordingPlayAnnouncementToOtherParty',
  'showInboundCallerId',
] as const;

/** Reads the published Extension schema; faults of form go to the reader. */
export function readExtension(reader: BodyReader): ExtensionDraft {
  for (const flag of flags) reader.boolean(flag);
  for (const name of ['externalCallerIdName', 'externalCallerIdNumber', 'dialPlanCallingCountry'])
    reader.text(name);
  for (const name of ['internalCallerIdFirstName', 'internalCallerIdLastName']) reader.text(name);
  for (const name of ['voicemailNotification', 'voicemailZeroOutDestination']) reader.text(name);
  reader.text('voicemailEmail', { email: true });
  reader.text('dialPlanRuleset', { oneOf: dialPlanRulesets });
  reader.text('recordingMode', { oneOf: ['OFF', 'ALWAYS', 'ON_DEMAND', 'ALWAYS_ALLOW_PAUSE'] });
  reader.integer('maxConcurrentCalls', { min: 1 });
  reader.object('musicOnHold');
  return {
    reader,
    id: reader.text('id'),
    extensionNumber: reader.text('extensionNumber', { pattern: /^\d{1,10}$/ }),
    extensionType: reader.text('extensionType', { oneOf: ['UC', 'CC'] }) ?? 'UC',
    licenseId: reader.text('licenseId'),
    emergencyAddressId: reader.object('emergencyAddress')?.text('id'),
    phoneNumbers: readNumbers(reader),
    primaryPhoneNumber: reader.text('primaryPhoneNumber'),
    devices: reader.objects('devices'),
    settings: reader.rest(
      'id',
      'extensionNumber',
      'extensionType',
      'fqExtensionNumber',
      'licenseId',
      'emergencyAddress',
      'phoneNumbers',
      'primaryPhoneNumber',
      'devices',
      // What the extension resource shows beside the published schema.
      'userId',
      'site',
    ),
  };
}

/** The phone numbers of an extension or ring group. */
export function readNumbers(reader: BodyReader): { phoneNumber: string; primary: boolean; index: number }[] {
  return reader.objects('phoneNumbers').flatMap((item, index) => {
    const phoneNumber = item.text('phoneNumber', { required: true, pattern: /^\+\d+$/ });
    return phoneNumber === undefined
      ? []
      : [{ phoneNumber, primary: item.boolean('primary') ?? false, index }];
  });
}
