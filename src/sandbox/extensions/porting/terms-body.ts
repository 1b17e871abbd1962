import type { JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import { e164 } from '../../vocabulary.ts';
import type { PortedNumber, PortingTerms, ServiceAddress } from './order.ts';

/** The order as a body gives it. `reader` collects the faults of form: call `reader.finish()`. */
export interface GivenOrder {
  readonly reader: BodyReader;
  readonly reference: string;
  readonly terms: PortingTerms;
}

/**
 * Reads the body of a POST or PUT. The write-only fields keep their value when left out and lose it by null;
 * all else is replaced. A draft may lack anything but its reference.
 */
export function readOrder(body: JsonObject, before: PortingTerms | undefined): GivenOrder {
  const reader = new BodyReader(body);
  const secret = (name: 'accountNumber' | 'pin') =>
    Object.hasOwn(body, name)
      ? (reader.text(name, { min: 1, max: name === 'pin' ? 15 : 64 }) ?? null)
      : (before?.[name] ?? null);
  const carrier = reader.object('losingCarrier');
  const documents = reader.object('documents');
  const portType = reader.text('portType', { oneOf: ['FULL', 'PARTIAL'] });
  const requestedDate = reader.text('requestedDate', { pattern: /^\d{4}-\d\d-\d\d$/ });
  if (requestedDate !== undefined && Number.isNaN(Date.parse(requestedDate))) {
    reader.fault('requestedDate', 'must be a date, such as 2026-10-15');
  }
  const terms: PortingTerms = {
    portType: portType === 'FULL' || portType === 'PARTIAL' ? portType : null,
    numbers: readNumbers(reader),
    losingCarrier: carrier ? { name: carrier.text('name', { min: 1, max: 128 }) ?? null } : null,
    accountNumber: secret('accountNumber'),
    pin: secret('pin'),
    billingTelephoneNumber: reader.text('billingTelephoneNumber', { pattern: e164 }) ?? null,
    remainingNumbers: readRemaining(reader),
    endUser: readEndUser(reader),
    documents: {
      letterOfAuthority: documents?.text('letterOfAuthority') ?? null,
      bill: documents?.text('bill') ?? null,
    },
    requestedDate: requestedDate ?? null,
  };
  return { reader, reference: reader.text('reference', { required: true, max: 128 }) ?? '', terms };
}

function readNumbers(reader: BodyReader): PortedNumber[] {
  const seen = new Set<string>();
  return reader.objects('numbers', { max: 200 }).flatMap((item) => {
    const phoneNumber = item.text('phoneNumber', { required: true, pattern: e164 });
    const temporaryNumber = item.text('temporaryNumber', { pattern: e164 }) ?? null;
    const extensionId = item.text('extensionId') ?? null;
    if (phoneNumber === undefined) return [];
    if (temporaryNumber !== null && extensionId !== null) {
      item.fault('extensionId', 'give either temporaryNumber or extensionId');
    }
    for (const [name, number] of [
      ['phoneNumber', phoneNumber],
      ['temporaryNumber', temporaryNumber],
    ] as const) {
      if (number === null) continue;
      if (seen.has(number)) item.fault(name, `Phone number ${number} is given twice`);
      seen.add(number);
    }
    return [{ phoneNumber, temporaryNumber, extensionId }];
  });
}

function readRemaining(reader: BodyReader): PortingTerms['remainingNumbers'] {
  const remaining = reader.object('remainingNumbers');
  if (!remaining) return null;
  const action = remaining.text('action', { required: true, oneOf: ['KEEP', 'DISCONNECT'] });
  const newBillingTelephoneNumber = remaining.text('newBillingTelephoneNumber', { pattern: e164 }) ?? null;
  return { action: action === 'DISCONNECT' ? 'DISCONNECT' : 'KEEP', newBillingTelephoneNumber };
}

function readEndUser(reader: BodyReader): PortingTerms['endUser'] {
  const endUser = reader.object('endUser');
  if (!endUser) return null;
  const text = (name: string) => endUser.text(name, { max: 128 }) ?? null;
  return {
    name: text('name'),
    businessName: text('businessName'),
    authorizedPerson: text('authorizedPerson'),
    serviceAddress: readAddress(endUser),
  };
}

function readAddress(endUser: BodyReader): ServiceAddress | null {
  const address = endUser.object('serviceAddress');
  if (!address) return null;
  const text = (name: string) => address.text(name, { max: 256 }) ?? null;
  return {
    street: text('street'),
    secondaryLocation: text('secondaryLocation'),
    city: text('city'),
    state: text('state'),
    postal: text('postal'),
    country: address.text('country', { pattern: /^[A-Z]{2}$/ }) ?? null,
  };
}
