import type { JsonObject } from '../foundation/json.ts';
import type { PhoneSystem } from './phone-system.ts';
import type { AddressRecord } from './records.ts';

/** An address as another object shows it: id, displayForm and normalised parts. */
export function renderAddressParts(address: AddressRecord): JsonObject {
  return { id: address.id, displayForm: address.displayForm, ...address.parts };
}

/** Who uses an address (8x8 guide: addresses); the sandbox has no trunks, operator connect or licence addresses. */
export function addressUsage(system: PhoneSystem, id: string): Record<string, number> {
  return {
    customer: 0,
    site: system.sitesByAddress.count(id),
    userPersonal: system.personalAddressUse(id),
    userExtension: system.extensionsByAddress.count(id),
    trunk: 0,
    operatorConnect: 0,
    license: 0,
  };
}
