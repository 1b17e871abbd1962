import type { JsonObject } from '../foundation/json.ts';
import { registerCollection } from './collection.ts';
import type { SandboxModule } from './core.ts';
import type { Fields } from './filter.ts';
import type { PhoneSystem } from './phone-system.ts';
import { ApiProblem, notFound } from './problem.ts';
import type { PhoneNumberRecord } from './records.ts';
import { mediaTypeNames } from './vocabulary.ts';

/** /phone-numbers of the published API: the inventory, read-only. */
export const phoneNumbersModule: SandboxModule = (core) => {
  const { system } = core;
  const sortFields: Fields<PhoneNumberRecord> = {
    phoneNumber: (number) => number.id,
    country: (number) => number.country,
    category: (number) => number.category,
  };
  registerCollection<PhoneNumberRecord>(core, {
    path: '/phone-numbers',
    idName: 'phoneNumber',
    mediaTypes: { response: [mediaTypeNames.phoneNumbers] },
    scopes: ['UC & CC Number Admin'],
    paging: { style: 'scroll', max: 100 },
    rows: () => system.phoneNumbers.all(),
    find: (id) => system.phoneNumbers.get(id),
    render: (number) => renderPhoneNumber(system, number),
    filterFields: {
      ...sortFields,
      origin: (number) => number.origin,
      status: (number) => system.numberStatus(number),
    },
    sortFields,
    singleSort: true,
    checkId: (id) => {
      if (/^\+\d+$/.test(id)) return;
      throw new ApiProblem(400, 'Invalid phone number', [
        { field: 'phoneNumber', code: 'VALIDATION_ERROR', message: `Invalid phone number ${id}` },
      ]);
    },
    missing: (id) => notFound(`Phone number not found: customerId: ${core.customerId} phoneNumber: ${id}`),
  });
};

export function renderPhoneNumber(system: PhoneSystem, number: PhoneNumberRecord): JsonObject {
  const { category, country, id, origin, portingNumber, temporaryNumber } = number;
  return {
    phoneNumber: id,
    nationalFormattedNumber: nationalFormat(id),
    country,
    category,
    origin,
    portingNumber,
    temporaryNumber,
    status: system.numberStatus(number),
  };
}

/** `(408) 555-0123` for North America; elsewhere the digits as they are. */
function nationalFormat(phoneNumber: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phoneNumber);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : phoneNumber.slice(1);
}
