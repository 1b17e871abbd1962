import type { FieldError } from '../../problem.ts';
import type { PortingTerms } from './order.ts';

/** What the submit check needs to know of a document. */
export interface DocumentFacts {
  readonly type: 'LETTER_OF_AUTHORITY' | 'BILL';
  readonly contentType: string;
}

/**
 * What is missing or wrong for submission, each with its field; empty when the order can go. A missing bill is
 * not among it: that leaves an order AWAITING_DOCUMENTS.
 * @param today YYYY-MM-DD
 */
export function submitFaults(
  terms: PortingTerms,
  today: string,
  document: (id: string) => DocumentFacts | undefined,
): FieldError[] {
  const faults: FieldError[] = [];
  const fault = (field: string, message: string) => faults.push({ code: 'VALIDATION_ERROR', field, message });
  const required = (field: string, value: string | null | undefined) => {
    if (value === null || value === undefined || value.trim() === '') fault(field, 'must not be blank');
  };
  if (terms.numbers.length === 0) fault('numbers', 'must not be empty');
  if (new Set(terms.numbers.map((number) => isTollFree(number.phoneNumber))).size > 1) {
    fault('numbers', 'Toll-free and local numbers need separate orders');
  }
  required('portType', terms.portType);
  required('losingCarrier.name', terms.losingCarrier?.name);
  required('accountNumber', terms.accountNumber);
  required('billingTelephoneNumber', terms.billingTelephoneNumber);
  required('endUser.name', terms.endUser?.name);
  required('endUser.authorizedPerson', terms.endUser?.authorizedPerson);
  for (const name of ['street', 'city', 'state', 'postal', 'country'] as const) {
    required(`endUser.serviceAddress.${name}`, terms.endUser?.serviceAddress?.[name]);
  }
  checkRemaining(terms, fault);
  checkDocuments(terms, document, fault);
  if (terms.requestedDate !== null && terms.requestedDate <= today) {
    fault('requestedDate', 'must be in the future');
  }
  return faults;
}

type Fault = (field: string, message: string) => void;

function checkRemaining(terms: PortingTerms, fault: Fault): void {
  const { billingTelephoneNumber: billing, numbers, portType, remainingNumbers: remaining } = terms;
  if (portType === 'FULL' && remaining) fault('remainingNumbers', 'goes with portType PARTIAL only');
  if (portType !== 'PARTIAL') return;
  if (!remaining) {
    fault('remainingNumbers', 'is required with portType PARTIAL');
    return;
  }
  const ported = new Set(numbers.map((number) => number.phoneNumber));
  const field = 'remainingNumbers.newBillingTelephoneNumber';
  const { action, newBillingTelephoneNumber: next } = remaining;
  if (action === 'DISCONNECT' && next !== null) fault(field, 'goes with action KEEP only');
  if (action === 'KEEP' && next === null && billing !== null && ported.has(billing)) {
    fault(field, 'is required when the billing telephone number is ported');
  }
  if (next !== null && (next === billing || ported.has(next))) {
    fault(field, 'must be neither the present billing telephone number nor a ported number');
  }
}

function checkDocuments(
  terms: PortingTerms,
  document: (id: string) => DocumentFacts | undefined,
  fault: Fault,
): void {
  const { bill, letterOfAuthority } = terms.documents;
  const letterField = 'documents.letterOfAuthority';
  if (letterOfAuthority === null) fault(letterField, 'must not be blank');
  else {
    const letter = document(letterOfAuthority);
    if (letter?.type !== 'LETTER_OF_AUTHORITY') fault(letterField, 'is no letter of authority');
    else if (
      terms.numbers.some((number) => isTollFree(number.phoneNumber)) &&
      letter.contentType.startsWith('image/') &&
      letter.contentType !== 'image/tiff'
    ) {
      fault(letterField, 'A letter for toll-free numbers must be PDF or TIFF');
    }
  }
  if (bill !== null && document(bill)?.type !== 'BILL') fault('documents.bill', 'is no bill');
}

export function isTollFree(phoneNumber: string): boolean {
  return /^\+18(00|33|44|55|66|77|88)/.test(phoneNumber);
}
