import type { JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import { holds } from '../apply.ts';
import type { DesiredField } from '../desired.ts';
import { listOf } from './account-index.ts';

/** Hours before the confirmed date in which nothing can be changed or cancelled any more. */
export const frozenHours = 48;

/** Over, for good or ill: nothing of it is compared. */
export function hasEnded(order: JsonObject): boolean {
  return order.status === 'COMPLETED' || order.status === 'CANCELLED';
}

const correction = /^(losingCarrier\.(accountNumber|pin)|endUser|documents|requestedDate)/;

/** May this field of an order still change? Everything in a draft; later ever less. */
export function mayChange(order: JsonObject | undefined, field: string, now: number): boolean {
  switch (order?.status) {
    case undefined:
    case 'DRAFT':
      return true;
    case 'AWAITING_DOCUMENTS':
      return correction.test(field) && field !== 'endUser.serviceAddress';
    case 'EXCEPTION':
      return correction.test(field);
    case 'SUBMITTED':
      return field === 'requestedDate';
    case 'SCHEDULED':
      return field === 'requestedDate' && !isClose(order, now);
    default:
      return false;
  }
}

/** A late edit: what the YAML says and the order, which shows another value, can't take any more. */
export function lateEdits(order: JsonObject, frozen: readonly DesiredField[]): readonly DesiredField[] {
  return frozen.filter((field) => !field.createOnly && !field.source && holds(order, field) === 'no');
}

/** Numbers that the order has and the YAML does not name. */
export function surplusNumbers(order: JsonObject | undefined, spec: PortingOrder['spec']): readonly string[] {
  const named = new Set(spec.numbers.map(({ number }) => number));
  return listOf(order?.numbers).flatMap(({ phoneNumber }) =>
    typeof phoneNumber === 'string' && !named.has(phoneNumber) ? [phoneNumber] : [],
  );
}

/** Whether the order can be cancelled: `late` within the hours in which the provider takes nothing. */
export function cancellable(order: JsonObject | undefined, now: number): 'yes' | 'no' | 'late' {
  switch (order?.status) {
    case 'DRAFT':
    case 'AWAITING_DOCUMENTS':
    case 'SUBMITTED':
    case 'EXCEPTION':
      return 'yes';
    case 'SCHEDULED':
      return isClose(order, now) ? 'late' : 'yes';
    default:
      return 'no';
  }
}

function isClose({ confirmedDate }: JsonObject, now: number): boolean {
  if (typeof confirmedDate !== 'string') return false;
  return Date.parse(confirmedDate) - now <= frozenHours * 3_600_000;
}
