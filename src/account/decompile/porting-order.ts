import type { Json, JsonObject } from '../../foundation/json.ts';
import {
  choice,
  type FieldMapping,
  inexpressible,
  look,
  type Reading,
  type Seen,
  shown,
  text,
  unset,
} from './reading.ts';
import { listIn, textIn } from './references.ts';

/** PortingOrder fields without which there is no resource. */
export const requiredOfOrder = ['reference', 'numbers', 'portType'];

const addressParts = ['street', 'secondaryLocation', 'city', 'state', 'postal', 'country'];

/** PortingOrder on `/porting-orders`, in the order of the schema. Account number and PIN are never shown. */
export const portingOrderFields: readonly FieldMapping[] = [
  text('reference', ['reference'], {}),
  {
    field: 'numbers',
    wire: ['numbers[].phoneNumber', 'numbers[].temporaryNumber', 'numbers[].extensionId'],
    read: readNumbers,
  },
  choice('portType', ['portType'], { FULL: 'Full', PARTIAL: 'Partial' }),
  choice('remainingNumbers.action', ['remainingNumbers', 'action'], {
    KEEP: 'Keep',
    DISCONNECT: 'Disconnect',
  }),
  text('remainingNumbers.newBillingTelephoneNumber', ['remainingNumbers', 'newBillingTelephoneNumber'], {}),
  text('losingCarrier.name', ['losingCarrier', 'name'], {}),
  text('losingCarrier.billingTelephoneNumber', ['billingTelephoneNumber'], {}),
  text('endUser.name', ['endUser', 'name'], {}),
  text('endUser.businessName', ['endUser', 'businessName'], {}),
  text('endUser.authorizedPerson', ['endUser', 'authorizedPerson'], {}),
  {
    field: 'endUser.serviceAddress',
    wire: addressParts.map((part) => `endUser.serviceAddress.${part}`),
    read: readServiceAddress,
  },
  document('letterOfAuthority'),
  document('bill'),
  text('requestedDate', ['requestedDate'], {}),
  {
    field: 'submit',
    wire: ['status'],
    read: (seen) => {
      const found = look(seen, ['status']);
      if (found.kind !== 'value') return found;
      return found.value === 'DRAFT' ? unset : shown(true);
    },
  },
];

/** Over for good or ill, or about to be: nothing of it can be changed or declared. */
export function isOver({ status }: JsonObject): boolean {
  return status === 'COMPLETED' || status === 'CANCELLED' || status === 'CANCEL_PENDING';
}

function document(name: 'letterOfAuthority' | 'bill'): FieldMapping {
  return {
    field: `documents.${name}`,
    wire: [`documents.${name}`],
    read: (seen) => {
      const found = look(seen, ['documents', name]);
      return found.kind === 'value' ? shown({ documentId: found.value }) : found;
    },
  };
}

function readNumbers(seen: Seen): Reading {
  const found = look(seen, ['numbers']);
  if (found.kind !== 'value') return found;
  const entries: Json[] = [];
  const lacking: string[] = [];
  for (const item of listIn(seen.body, 'numbers')) {
    const number = textIn(item, 'phoneNumber');
    if (number === undefined) return inexpressible('one of its numbers is not shown');
    const temporaryNumber = textIn(item, 'temporaryNumber');
    const extensionId = textIn(item, 'extensionId');
    const name = extensionId === undefined ? undefined : seen.extensionName?.(extensionId);
    if (temporaryNumber !== undefined) entries.push({ number, replaces: { temporaryNumber } });
    else if (name !== undefined) entries.push({ number, replaces: { extensionRef: { name } } });
    else entries.push({ number });
    if (extensionId !== undefined && name === undefined) {
      lacking.push(`the extension that ${number} goes to, which is left out itself`);
    }
  }
  return { kind: 'value', value: entries, ...(lacking.length > 0 ? { lacking } : {}) };
}

function readServiceAddress(seen: Seen): Reading {
  const found = look(seen, ['endUser', 'serviceAddress']);
  if (found.kind !== 'value') return found;
  const parts = addressParts.flatMap((part): [string, string][] => {
    const value = textIn(seen.body, 'endUser', 'serviceAddress', part);
    return value === undefined ? [] : [[part, value]];
  });
  const missing = addressParts.filter(
    (part) => part !== 'secondaryLocation' && !parts.some(([name]) => name === part),
  );
  if (missing.length > 0) return inexpressible(`it lacks ${missing.join(', ')}`);
  return shown(Object.fromEntries(parts));
}
