import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { BodyReader } from '../body-reader.ts';
import type { SandboxCore } from '../core.ts';
import { assignNumbers } from '../number-assignment.ts';
import type { ExtensionRecord, SiteRecord } from '../records.ts';
import type { ExtensionDraft } from './extension-body.ts';

/** What an extension is to become part of. */
export interface ExtensionSetting {
  readonly site: SiteRecord;
  readonly userId: string | null;
  /** For the internal caller id when none is given. */
  readonly firstName: string;
  readonly lastName: string;
  /** Seats of the user after the write; an extension without a user may have any free seat. */
  readonly seatIds: readonly string[];
  readonly existing: ExtensionRecord | undefined;
  /** Ids of the extensions that the same write rewrites or removes, this one among them. */
  readonly rewritten: ReadonlySet<string>;
  /** ISO 8601. */
  readonly time: string;
}

/**
 * Turns a draft into the extension that a whole-resource write makes of it: what the draft leaves out gets
 * its default, whatever it was before (8x8 guide: updates replace the whole resource). Faults go to the
 * draft's reader; the record counts only when there are none.
 */
export function buildExtension(
  core: SandboxCore,
  draft: ExtensionDraft,
  setting: ExtensionSetting,
): ExtensionRecord {
  const { system } = core;
  const { existing, site } = setting;
  const extensionNumber =
    draft.extensionNumber ?? existing?.extensionNumber ?? system.freeShortNumber(site.id);
  const owner = system.shortNumberOwner(site.id, extensionNumber);
  if (owner && !setting.rewritten.has(owner.id)) {
    draft.reader.fault(
      'extensionNumber',
      `Extension number ${extensionNumber} is already in use at site ${site.name}`,
    );
  }
  if (draft.emergencyAddressId !== undefined && !system.addresses.get(draft.emergencyAddressId)) {
    draft.reader.fault('emergencyAddress.id', 'Address not found');
  }
  if (draft.licenseId !== undefined && !system.licenses.get(draft.licenseId)) {
    draft.reader.fault('licenseId', 'Unknown license');
  }
  const phoneNumbers = assignNumbers(
    system,
    draft.reader,
    draft.phoneNumbers,
    draft.primaryPhoneNumber,
    setting.rewritten,
  );
  const settings = { ...defaultExtensionSettings(site, setting), ...draft.settings };
  const inherits = settings.emergencyAddressInheritFromSite === true;
  return {
    id: existing?.id ?? core.ids.opaque(),
    userId: setting.userId,
    siteId: site.id,
    extensionNumber,
    extensionType: draft.extensionType,
    licenseId: seatOf(core, draft, setting),
    emergencyAddressId: inherits ? null : (draft.emergencyAddressId ?? null),
    phoneNumbers,
    settings: { ...settings, devices: draft.devices.map((device) => buildDevice(core, device, setting)) },
  };
}

/** The named seat if the user holds it, else the first of the right type that the user holds. */
function seatOf(core: SandboxCore, draft: ExtensionDraft, setting: ExtensionSetting): string | null {
  const { licenses } = core.system;
  const wanted = draft.licenseId;
  if (wanted !== undefined && (setting.userId === null || setting.seatIds.includes(wanted))) return wanted;
  return setting.seatIds.find((id) => licenses.get(id)?.type === draft.extensionType) ?? null;
}

/** What an extension has when nothing else is said; the dial plan follows the site. */
export function defaultExtensionSettings(
  site: SiteRecord,
  setting: { readonly firstName: string; readonly lastName: string },
): Record<string, Json> {
  return {
    allowInAutoAttendant: true,
    analogFaxEnabled: false,
    blockOutboundCallerId: false,
    callWaitingEnabled: true,
    dedicatedAgent: false,
    dialPlanCallingCountry: site.settings.defaultDialPlanCallingCountry ?? 'NANP',
    dialPlanRuleset: site.settings.defaultDialPlanRuleset ?? 'INTERNATIONAL',
    displayInDirectory: true,
    doNotDisturb: false,
    emergencyAddressInheritFromSite: true,
    hotDeskEnabled: false,
    internalCallerIdFirstName: setting.firstName,
    internalCallerIdLastName: setting.lastName,
    maxConcurrentCalls: 2,
    msTeamsEnabled: false,
    nomadic911Enabled: false,
    overheadPagingEnabled: false,
    recordingPlayAnnouncementToUser: false,
    recordingPlayAnnouncementToOtherParty: false,
    recordingMode: 'OFF',
    showInboundCallerId: true,
  };
}

/** A device keeps its identity by id or MAC address; punctuation of the address is ignored. */
function buildDevice(core: SandboxCore, device: BodyReader, setting: ExtensionSetting): JsonObject {
  const given = device.text('macAddress');
  const macAddress = given?.replace(/[^0-9A-Za-z]/g, '').toLowerCase();
  if (macAddress !== undefined && !/^[0-9a-f]{12}$/.test(macAddress)) {
    device.fault('macAddress', 'must have 12 hexadecimal digits');
  }
  const rival = macAddress === undefined ? undefined : core.system.extensionsByMac.first(macAddress);
  if (rival && !setting.rewritten.has(rival.id)) {
    device.fault('macAddress', 'Device is already assigned to another extension');
  }
  const id = device.text('id');
  const known = devicesOf(rival ?? setting.existing).find(
    (candidate) => (id !== undefined && candidate.id === id) || candidate.macAddress === macAddress,
  );
  return {
    id: core.ids.opaque(),
    status: 'AVAILABLE',
    lines: 1,
    port: 0,
    lastUpdatedTime: setting.time,
    ...known,
    ...device.rest('id', 'macAddress', 'status', 'lastUpdatedTime', 'activationCode'),
    ...(macAddress === undefined ? {} : { macAddress }),
  };
}

function devicesOf(extension: ExtensionRecord | undefined): JsonObject[] {
  const devices = extension?.settings.devices;
  return Array.isArray(devices) ? devices.filter(isJsonObject) : [];
}
