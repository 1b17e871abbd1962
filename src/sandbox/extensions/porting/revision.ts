import { type JsonObject, jsonEqual } from '../../../foundation/json.ts';
import { conflict, invalid, validation } from '../../problem.ts';
import { isClosed, type PortingOrderRecord, type PortingStatus, type PortingTerms } from './order.ts';
import { type DocumentFacts, submitFaults } from './submit-checks.ts';
import { readOrder } from './terms-body.ts';
import { cancel, isFrozen, submit } from './transitions.ts';

/** What a change of an order has to know beside the order. */
export interface Surroundings {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  document(id: string): DocumentFacts | undefined;
  /** Checks numbers against inventory, extensions and other orders. Throws ApiProblem. */
  checkNumbers(terms: PortingTerms, orderId: string | null): void;
}

/** What may change in each status; a draft may change in all. */
const correctable: ReadonlySet<keyof PortingTerms> = new Set([
  'accountNumber',
  'pin',
  'endUser',
  'documents',
  'requestedDate',
]);
const changeable: Partial<Record<PortingStatus, ReadonlySet<keyof PortingTerms>>> = {
  AWAITING_DOCUMENTS: correctable,
  EXCEPTION: correctable,
  SUBMITTED: new Set(['requestedDate']),
  SCHEDULED: new Set(['requestedDate']),
};

/** The order after a PUT. Throws ApiProblem: 400 on what is frozen, 409 when nothing may change any more. */
export function revise(
  order: PortingOrderRecord,
  body: JsonObject,
  around: Surroundings,
): PortingOrderRecord {
  const { reader, reference, terms } = readOrder(body, order.terms);
  if (reference !== '' && reference !== order.reference) reader.fault('reference', 'cannot be changed');
  reader.finish();
  const changed = changedTerms(order.terms, terms);
  if (changed.length === 0) return order;
  if (order.status === 'DRAFT') {
    requireDocuments(terms, around);
    around.checkNumbers(terms, order.id);
    const numbers = terms.numbers.map((number) => number.phoneNumber);
    const parts = order.parts.map((part) => ({ ...part, numbers }));
    return { ...order, terms, parts, lastUpdatedTime: new Date(around.now).toISOString() };
  }
  refuseLate(order, around.now);
  const allowed = changeable[order.status] ?? new Set();
  const frozen = changed.filter((name) => !allowed.has(name));
  if (frozen.length > 0) {
    const message = `cannot be changed while the order is ${order.status}`;
    throw validation(
      frozen.map((name) => ({ code: 'VALIDATION_ERROR', field: fieldOf[name] ?? name, message })),
    );
  }
  // A wanted date that has passed meanwhile is no fault of this change.
  refuseFaults(terms, changed.includes('requestedDate'), around);
  const revised = { ...order, terms, lastUpdatedTime: new Date(around.now).toISOString() };
  const { status } = order;
  if (status === 'AWAITING_DOCUMENTS' && terms.documents.bill === null) return revised;
  return submit(revised, around.now, (part) =>
    status === 'EXCEPTION' ? part.status === 'EXCEPTION' : !isClosed(part.status),
  );
}

/** The order after `submit`. Throws 409 when it is no draft, 400 naming all that is missing. */
export function submitOrder(order: PortingOrderRecord, around: Surroundings): PortingOrderRecord {
  if (order.status !== 'DRAFT') throw conflict(`The order is ${order.status}, not DRAFT`);
  refuseFaults(order.terms, true, around);
  around.checkNumbers(order.terms, order.id);
  return submit(order, around.now);
}

/** The order after `cancel`. Throws 409 when it is too late. */
export function cancelOrder(order: PortingOrderRecord, now: number): PortingOrderRecord {
  refuseLate(order, now);
  return cancel(order, now);
}

function refuseLate(order: PortingOrderRecord, now: number): void {
  if (isClosed(order.status) || order.status === 'CANCEL_PENDING') {
    throw conflict(`The order is ${order.status}`);
  }
  if (isFrozen(order, now)) {
    throw conflict('Within 48 hours of the confirmed date nothing can be changed or cancelled');
  }
}

function refuseFaults(terms: PortingTerms, checkDate: boolean, around: Surroundings): void {
  const today = new Date(around.now).toISOString().slice(0, 10);
  const faults = submitFaults(terms, today, (id) => around.document(id));
  const serious = checkDate ? faults : faults.filter((fault) => fault.field !== 'requestedDate');
  if (serious.length > 0) throw validation(serious);
}

const fieldOf: Partial<Record<keyof PortingTerms, string>> = { losingCarrier: 'losingCarrier.name' };

function changedTerms(before: PortingTerms, after: PortingTerms): (keyof PortingTerms)[] {
  const names: (keyof PortingTerms)[] = [
    'portType',
    'numbers',
    'losingCarrier',
    'accountNumber',
    'pin',
    'billingTelephoneNumber',
    'remainingNumbers',
    'endUser',
    'documents',
    'requestedDate',
  ];
  return names.filter((name) => !jsonEqual(before[name], after[name]));
}

/** The first draft of a POST. Throws ApiProblem. */
export function readDraft(
  body: JsonObject,
  around: Surroundings,
  taken: (reference: string) => boolean,
): { readonly reference: string; readonly terms: PortingTerms } {
  const { reader, reference, terms } = readOrder(body, undefined);
  reader.finish();
  if (taken(reference)) throw conflict(`Reference ${reference} is taken`, 'reference');
  requireDocuments(terms, around);
  around.checkNumbers(terms, null);
  return { reference, terms };
}

/** Throws 400 on a document that is not there. */
function requireDocuments(terms: PortingTerms, around: Surroundings): void {
  for (const name of ['letterOfAuthority', 'bill'] as const) {
    const id = terms.documents[name];
    if (id !== null && !around.document(id)) throw invalid(`documents.${name}`, `Unknown document ${id}`);
  }
}
