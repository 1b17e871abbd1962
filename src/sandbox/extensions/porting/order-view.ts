import type { JsonObject } from '../../../foundation/json.ts';
import type { View } from '../../collection.ts';
import { confirmedDateOf, type PortingOrderRecord } from './order.ts';

/** An order as the API shows it: never the account number or the PIN. */
export function renderOrder(order: PortingOrderRecord, view: View): JsonObject {
  const { id, providerStatus, reference, status } = order;
  const { accountNumber, pin, ...terms } = order.terms;
  if (view.sparse) return { id, reference, status, providerStatus };
  return {
    ...terms,
    id,
    reference,
    status,
    providerStatus,
    numbers: terms.numbers.map((number) => ({
      ...number,
      status: order.parts.find((part) => part.numbers.includes(number.phoneNumber))?.status ?? status,
      exception: exceptionOf(order, number.phoneNumber),
    })),
    accountNumberSet: accountNumber !== null,
    pinSet: pin !== null,
    confirmedDate: confirmedDateOf(order),
    exceptions: order.exceptions,
    comments: order.comments,
    history: order.history,
    children:
      order.parts.length > 1
        ? order.parts.map((part) => ({ id: part.id, status: part.status, numbers: part.numbers }))
        : [],
    createdTime: order.createdTime,
    lastUpdatedTime: order.lastUpdatedTime,
  };
}

function exceptionOf(order: PortingOrderRecord, phoneNumber: string): string | null {
  const part = order.parts.find((one) => one.numbers.includes(phoneNumber));
  if (part?.status !== 'EXCEPTION') return null;
  const found = order.exceptions.find(
    (exception) => exception.numbers.length === 0 || exception.numbers.includes(phoneNumber),
  );
  return found?.code ?? null;
}
