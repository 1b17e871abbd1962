import { registeredAddress } from './address.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import type { ExtensionPools } from './extension-pools.ts';
import { FieldWriter } from './field.ts';

/** The fields that an extension has on the published API, below the path that the writer stands at. */
export function declareExtensionFields(
  work: Compilation,
  extension: CompiledExtension,
  writer: FieldWriter,
  { claims, devices, shortNumbers }: ExtensionPools,
): void {
  const { spec } = extension.resource;
  shortNumbers.declare(extension, writer);
  writer.declare('type', ['extensionType'], spec.type, { createOnly: true });
  checkFixed(work, extension);
  claims.declare(work, extension, writer);
  writer.declare('callerId.externalName', ['externalCallerIdName'], spec.callerId?.externalName);
  writer.declare(
    'callerId.externalNumber',
    ['externalCallerIdNumber'],
    claims.current(spec.callerId?.externalNumber),
  );
  writer.declare(
    'callerId.internalFirstName',
    ['internalCallerIdFirstName'],
    spec.callerId?.internalFirstName,
  );
  writer.declare('callerId.internalLastName', ['internalCallerIdLastName'], spec.callerId?.internalLastName);
  writer.declare('callerId.blockOutbound', ['blockOutboundCallerId'], spec.callerId?.blockOutbound);
  writer.declare('callerId.showInbound', ['showInboundCallerId'], spec.callerId?.showInbound);
  writer.declare('callWaiting', ['callWaitingEnabled'], spec.callWaiting);
  writer.declare('maxConcurrentCalls', ['maxConcurrentCalls'], spec.maxConcurrentCalls);
  writer.declare('dialPlan.country', ['dialPlanCallingCountry'], spec.dialPlan?.country);
  writer.declare('dialPlan.ruleset', ['dialPlanRuleset'], spec.dialPlan?.ruleset);
  declareDirectory(work, extension, writer);
  writer.declare('allowInAutoAttendant', ['allowInAutoAttendant'], spec.allowInAutoAttendant);
  writer.declare('hotDesk', ['hotDeskEnabled'], spec.hotDesk);
  writer.declare('recording.mode', ['recordingMode'], spec.recording?.mode);
  writer.declare(
    'recording.announceToUser',
    ['recordingPlayAnnouncementToUser'],
    spec.recording?.announceToUser,
  );
  writer.declare(
    'recording.announceToOtherParty',
    ['recordingPlayAnnouncementToOtherParty'],
    spec.recording?.announceToOtherParty,
  );
  writer.declare('voicemail.email', ['voicemailEmail'], spec.voicemail?.email, { comparison: 'caseless' });
  writer.declare('voicemail.notification', ['voicemailNotification'], spec.voicemail?.notification);
  writer.declare(
    'voicemail.zeroOutDestination',
    ['voicemailZeroOutDestination'],
    spec.voicemail?.zeroOutDestination,
  );
  const hold = spec.musicOnHold;
  if (hold?.name === '') writer.declare('musicOnHold', ['musicOnHold'], null);
  else if (hold)
    writer.declare(
      'musicOnHold',
      ['musicOnHold', hold.id === undefined ? 'name' : 'id'],
      hold.id ?? hold.name,
      { refers: true },
    );
  declareEmergencyAddress(extension, writer);
  devices.declare(work, extension, writer);
}

/** What is decided when an extension is made: another value in the YAML is said, since it can't be written. */
function checkFixed(work: Compilation, extension: CompiledExtension): void {
  const { ref, resource, seen, siteId, profile } = extension;
  const type = seen?.body.extensionType;
  if (typeof type === 'string' && type !== resource.spec.type) {
    const message = `the extension is of type ${type}, which the phone system can't change; correct it, or delete the extension and make another`;
    work.omit(ref, 'type', 'InvalidField', message);
  }
  if (!profile && seen?.siteId !== undefined && siteId !== undefined && seen.siteId !== siteId) {
    const name = work.index.body('site', seen.siteId)?.name;
    const message = `the extension is at the site "${typeof name === 'string' ? name : seen.siteId}", and the phone system can't move it; correct it, or delete the extension and make another`;
    work.omit(ref, 'site', 'InvalidField', message);
  }
}

/**
 * The flag of a UC extension and its user's mirror each other on the phone system: written apart they would flip
 * for ever. Where only the extension declares it, the user's follows; where both do and differ, neither is right.
 */
function declareDirectory(work: Compilation, extension: CompiledExtension, writer: FieldWriter): void {
  const { spec } = extension.resource;
  const visible = spec.directory?.visible;
  if (visible === undefined) return;
  const users = extension.profile?.resource.spec.directory?.visible;
  if (spec.type === 'UC' && users !== undefined && users !== visible) {
    work.omit(
      extension.ref,
      'directory.visible',
      'Conflict',
      'contradicts spec.directory.visible of its UserProfile; the phone system keeps the two equal',
    );
    return;
  }
  writer.declare('directory.visible', ['displayInDirectory'], visible);
  if (spec.type !== 'UC' || users !== undefined || !extension.profile) return;
  const mirror = new FieldWriter(extension.ref);
  mirror.declare('directory.visible#user', ['directoryInfo', 'displayInDirectory'], visible);
  writer.fields.push(...mirror.fields);
}

function declareEmergencyAddress(extension: CompiledExtension, writer: FieldWriter): void {
  const address = extension.resource.spec.emergencyAddress;
  if (!address) return;
  const inherit = ['emergencyAddressInheritFromSite'];
  if (address.fromSite) {
    writer.declare('emergencyAddress.fromSite', inherit, true);
    return;
  }
  writer.declare('emergencyAddress.fromSite', inherit, false);
  const path = ['emergencyAddress', 'id'];
  if (address.addressId !== undefined)
    writer.declare('emergencyAddress', path, address.addressId, { refers: true });
  else if (address.civic)
    registeredAddress(writer, 'emergencyAddress', path, address.civic, extension.memory);
}

/** What the published extension lacks: an object of its own where the endpoint offers it, else manual steps. */
export function declareExtensionSettings(
  work: Compilation,
  extension: CompiledExtension,
  handle: string,
): void {
  const { resource, ref, externalId } = extension;
  const { timezone, communicationPreferences: preferences, work: app } = resource.spec;
  if (timezone === undefined && preferences === undefined && app === undefined) return;
  if (work.input.observed.collections.extensionSettings.state === 'unsupported') {
    const field =
      timezone === undefined ? (preferences === undefined ? 'work' : 'communicationPreferences') : 'timezone';
    work.omit(
      ref,
      field,
      'Unsupported',
      'the endpoint has no API for time zone, communication preferences and 8x8 Work settings of an extension; set them in Admin Console under Extensions and take the fields out',
    );
    return;
  }
  work.begin(
    {
      type: 'extensionSettings',
      handle,
      presence: 'present',
      naturalKey: externalId ?? '',
      after: [],
      waits: [],
      ...(externalId === undefined ? {} : { id: externalId }),
    },
    ref,
  );
  const writer = new FieldWriter(ref);
  writer.declare('timezone', ['timezone'], timezone);
  writer.declare(
    'communicationPreferences.language',
    ['communicationPreferences', 'language'],
    preferences?.language,
  );
  writer.declare(
    'communicationPreferences.dateFormat',
    ['communicationPreferences', 'dateFormat'],
    preferences?.dateFormat,
  );
  writer.declare(
    'communicationPreferences.timeFormat',
    ['communicationPreferences', 'timeFormat'],
    preferences?.timeFormat,
  );
  writer.declare('work.desktopApp', ['workSettings', 'desktopApp'], app?.desktopApp);
  writer.declare('work.mobileApp', ['workSettings', 'mobileApp'], app?.mobileApp);
  writer.declare('work.webApp', ['workSettings', 'webApp'], app?.webApp);
  writer.declare('work.sms', ['workSettings', 'smsEnabled'], app?.sms);
  writer.declare('work.fax', ['workSettings', 'faxEnabled'], app?.fax);
  writer.declare('work.screenPopUrl', ['workSettings', 'screenPopUrl'], app?.screenPopUrl);
  work.contribute(handle, ref, writer.fields);
}
