import type { BodyReader } from './body-reader.ts';
import type { PhoneSystem } from './phone-system.ts';
import type { AssignedNumber } from './records.ts';

interface GivenNumber {
  readonly phoneNumber: string;
  readonly primary: boolean;
  readonly index: number;
}

/**
 * Checks the numbers that something is to hold: in the inventory, and free or held by `holders` (ids of
 * extensions or ring groups whose numbers the same write decides). One of them is primary: the named one,
 * else the flagged one, else the first.
 */
export function assignNumbers(
  system: PhoneSystem,
  reader: BodyReader,
  given: readonly GivenNumber[],
  primaryNumber: string | undefined,
  holders: ReadonlySet<string>,
): AssignedNumber[] {
  for (const { index, phoneNumber } of given) {
    const field = `phoneNumbers[${index}].phoneNumber`;
    const number = system.phoneNumbers.get(phoneNumber);
    const owner = system.numberOwner(phoneNumber);
    if (!number) reader.fault(field, `Phone number ${phoneNumber} is not in the inventory`);
    else if (owner && !holders.has(owner.record.id)) {
      reader.fault(field, `Phone number ${phoneNumber} is already assigned`);
    } else if (!owner && number.origin === 'PORTING' && number.porting !== null) {
      reader.fault(field, `Phone number ${phoneNumber} is being ported`);
    }
    if (given.findIndex((other) => other.phoneNumber === phoneNumber) !== index) {
      reader.fault(field, `Phone number ${phoneNumber} is given twice`);
    }
  }
  if (primaryNumber !== undefined && !given.some((number) => number.phoneNumber === primaryNumber)) {
    reader.fault('primaryPhoneNumber', 'must be one of phoneNumbers');
  }
  const primary = primaryNumber ?? (given.find((number) => number.primary) ?? given[0])?.phoneNumber;
  return given.map(({ phoneNumber }) => ({ phoneNumber, primary: phoneNumber === primary }));
}
