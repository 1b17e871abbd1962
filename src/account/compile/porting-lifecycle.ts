import type { JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import { holds } from '../apply.ts';
import type { DesiredField } from '../desired.ts';
import type { ResourceMemory } from '../memory.ts';
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

/**
 * Late edits: what the YAML says and the order, which shows another value, can't take any more. A value from a Secret is
 * never shown: it is late where memory knows that another was sent.
 */
export function lateEdits(
  order: JsonObject,
  frozen: readonly DesiredField[],
  { applied, handled }: Pick<ResourceMemory, 'applied' | 'handled'>,
): readonly DesiredField[] {
  return frozen.filter((field) => {
    const { createOnly, owners, source } = field;
    if (createOnly) return false;
    if (!source) return holds(order, field) === 'no';
    const sent =
      source.kind === 'secret' ? applied[owners[0].field] : handled[source.remember]?.split('=')[0];
    return source.kind !== 'address' && sent !== undefined && sent !== source.revision;
  });
}

/** Why a late edit is not sent, and what to do. */
export function lateEditMessage({ source }: DesiredField): string {
  if (source?.kind !== 'secret' && source?.kind !== 'document')
    return "differs from the order, which can't take it after submission; take the change back, or call the provider";
  const { key, name } = source.secret;
  return `the Secret ${name}, key ${key}, was changed, and the order can't take it after submission unless the losing carrier refuses it; put the former value back, or call the provider`;
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
