import type { Json, JsonObject } from '../../foundation/json.ts';
import { renderAddressParts } from '../address-view.ts';
import type { View } from '../collection.ts';
import type { PhoneSystem } from '../phone-system.ts';
import type { AssignedNumber, ExtensionRecord } from '../records.ts';

/** Fields without a default of their own, shown as null when unset. */
const unset: JsonObject = {
  externalCallerIdName: null,
  externalCallerIdNumber: null,
  voicemailEmail: null,
  voicemailNotification: null,
  voicemailZeroOutDestination: null,
  musicOnHold: { id: null, name: null },
};

/** An extension in the published Extension schema. */
export function renderExtension(system: PhoneSystem, extension: ExtensionRecord, view: View): JsonObject {
  const phoneNumbers = renderAssignedNumbers(system, extension.phoneNumbers, true);
  const { extensionNumber, extensionType, id } = extension;
  if (view.sparse) return { id, extensionNumber, extensionType, phoneNumbers };
  const site = system.sites.get(extension.siteId);
  const inherits = extension.settings.emergencyAddressInheritFromSite === true;
  const addressId = inherits ? site?.addressId : extension.emergencyAddressId;
  const address = addressId ? system.addresses.get(addressId) : undefined;
  return {
    ...unset,
    ...extension.settings,
    id,
    extensionNumber,
    extensionType,
    fqExtensionNumber: `${site?.siteCode ?? ''}${extensionNumber}`,
    licenseId: extension.licenseId,
    phoneNumbers,
    primaryPhoneNumber: extension.phoneNumbers.find((number) => number.primary)?.phoneNumber ?? null,
    ...(address ? { emergencyAddress: renderAddressParts(address) } : {}),
  };
}

/** Numbers as users (with the country) and ring groups (without) show them. */
export function renderAssignedNumbers(
  system: PhoneSystem,
  numbers: readonly AssignedNumber[],
  withCountry: boolean,
): JsonObject[] {
  return numbers.map(({ phoneNumber, primary }) => {
    const number = system.phoneNumbers.get(phoneNumber);
    const rendered: Record<string, Json> = {
      origin: number?.origin ?? 'CLAIMED',
      phoneNumber,
      portingNumber: { phoneNumber: number?.portingNumber ?? null },
      primary,
    };
    if (withCountry) rendered.country = number?.country ?? null;
    return rendered;
  });
}
