import { addBusinessDays, nextBusinessDay } from './business-days.ts';
import { messageOf } from './exceptions.ts';
import {
  isClosed,
  type PortingException,
  type PortingOrderRecord,
  type PortingPart,
  type PortingStatus,
  worstStatus,
} from './order.ts';

const hourMs = 3_600_000;
/** How long the losing carrier looks at an order. */
export const reviewMs = 4 * hourMs;
/** How long it takes to agree to a cancellation. */
export const cancellationMs = 2 * hourMs;
/** Before a confirmed date nothing can be changed or cancelled for that long. */
export const freezeMs = 48 * hourMs;
/** A port that is not simple takes four business days (47 CFR 52.35). */
const leadBusinessDays = 4;
/** 11:30 in the Eastern standard time of the registry. */
const activationMs = 16.5 * hourMs;

const words: Readonly<Record<PortingStatus, string>> = {
  DRAFT: 'Draft',
  AWAITING_DOCUMENTS: 'Waiting for a recent bill',
  SUBMITTED: 'In process at the losing carrier',
  EXCEPTION: 'Rejected by the losing carrier',
  SCHEDULED: 'FOC date confirmed',
  COMPLETED: 'Ported',
  CANCEL_PENDING: 'Cancellation requested',
  CANCELLED: 'Cancelled',
};

export interface Move {
  readonly to: PortingStatus;
  /** ISO 8601. */
  readonly time: string;
  /** Which parts move; left out: all that are not closed. */
  readonly which?: (part: PortingPart) => boolean;
  readonly confirmedDate?: string | null;
  readonly dueAt?: number | null;
  readonly providerStatus?: string;
  readonly exceptions?: readonly PortingException[];
}

/** Moves parts, brings the whole order's status up to date, and adds to the history what is new. */
export function move(order: PortingOrderRecord, step: Move): PortingOrderRecord {
  const which = step.which ?? ((part: PortingPart) => !isClosed(part.status));
  const parts = order.parts.map((part) =>
    which(part)
      ? {
          ...part,
          status: step.to,
          confirmedDate: step.confirmedDate === undefined ? part.confirmedDate : step.confirmedDate,
          dueAt: step.dueAt ?? null,
        }
      : part,
  );
  const status = worstStatus(parts);
  const providerStatus = step.providerStatus ?? words[status];
  const same = status === order.status && providerStatus === order.providerStatus;
  return {
    ...order,
    parts,
    status,
    providerStatus,
    exceptions: step.exceptions ?? (status === 'EXCEPTION' ? order.exceptions : []),
    history: same ? order.history : [...order.history, { time: step.time, status, providerStatus }],
    lastUpdatedTime: step.time,
  };
}

/** A new draft. */
export function draft(
  order: Pick<PortingOrderRecord, 'id' | 'reference' | 'terms'>,
  partId: string,
  time: string,
): PortingOrderRecord {
  const providerStatus = words.DRAFT;
  const numbers = order.terms.numbers.map((number) => number.phoneNumber);
  return {
    ...order,
    status: 'DRAFT',
    providerStatus,
    parts: [{ id: partId, numbers, status: 'DRAFT', confirmedDate: null, dueAt: null }],
    exceptions: [],
    comments: [],
    history: [{ time, status: 'DRAFT', providerStatus }],
    createdTime: time,
    lastUpdatedTime: time,
  };
}

/** To the losing carrier, or AWAITING_DOCUMENTS without a bill. Confirmed dates are void. */
export function submit(
  order: PortingOrderRecord,
  now: number,
  which?: (part: PortingPart) => boolean,
): PortingOrderRecord {
  const time = new Date(now).toISOString();
  const scope = which ? { which } : {};
  if (order.terms.documents.bill === null) return move(order, { to: 'AWAITING_DOCUMENTS', time, ...scope });
  return move(order, { to: 'SUBMITTED', time, dueAt: now + reviewMs, confirmedDate: null, ...scope });
}

/** What was never sent is cancelled at once; else the losing carrier has to agree. */
export function cancel(order: PortingOrderRecord, now: number): PortingOrderRecord {
  const time = new Date(now).toISOString();
  if (order.status === 'DRAFT' || order.status === 'AWAITING_DOCUMENTS') {
    return move(order, { to: 'CANCELLED', time });
  }
  return move(order, { to: 'CANCEL_PENDING', time, dueAt: now + cancellationMs });
}

/** Whether the confirmed date is so near that nothing can be changed or cancelled. */
export function isFrozen(order: PortingOrderRecord, now: number): boolean {
  return order.parts.some(
    (part) =>
      part.status === 'SCHEDULED' &&
      part.confirmedDate !== null &&
      Date.parse(part.confirmedDate) - now < freezeMs,
  );
}

/** When the numbers move: the requested day or the first after it that is possible, on a business day. */
export function confirmDate(now: number, requestedDate: string | null): string {
  const earliest = addBusinessDays(now, leadBusinessDays);
  const wanted = requestedDate === null ? earliest : Math.max(earliest, Date.parse(requestedDate));
  return new Date(nextBusinessDay(wanted) + activationMs).toISOString();
}

/** The part whose next step is due first, if one is due. */
export function duePart(
  order: PortingOrderRecord,
  now: number,
): (PortingPart & { dueAt: number }) | undefined {
  return order.parts
    .flatMap((part) => (part.dueAt !== null && part.dueAt <= now ? [{ ...part, dueAt: part.dueAt }] : []))
    .sort((a, b) => a.dueAt - b.dueAt)[0];
}

/** The provider's next step for a part, dated with its due time. */
export function step(order: PortingOrderRecord, part: PortingPart & { dueAt: number }): PortingOrderRecord {
  const time = new Date(part.dueAt).toISOString();
  const which = (other: PortingPart) => other.id === part.id;
  if (part.status === 'SCHEDULED') return move(order, { to: 'COMPLETED', time, which });
  if (part.status === 'CANCEL_PENDING') return move(order, { to: 'CANCELLED', time, which });
  const refusal = refusalOf(order);
  if (refusal !== null) {
    const exception = { code: refusal, message: messageOf(refusal), numbers: [] };
    return move(order, { to: 'EXCEPTION', time, which, exceptions: [exception] });
  }
  const confirmedDate = confirmDate(part.dueAt, order.terms.requestedDate);
  return move(order, { to: 'SCHEDULED', time, which, confirmedDate, dueAt: Date.parse(confirmedDate) });
}

/** `0000` is never the right account number or PIN, so that a rejection and its correction can be shown. */
function refusalOf(order: PortingOrderRecord): string | null {
  if (order.terms.accountNumber === '0000') return 'ACCOUNT_NUMBER_MISMATCH';
  return order.terms.pin === '0000' ? 'PASSCODE_PIN_INVALID' : null;
}

/**
 * Splits an order into children that move on their own; numbers that no group names stay together as one more.
 * Only an order that is not split yet can be.
 */
export function split(
  order: PortingOrderRecord,
  groups: readonly (readonly string[])[],
  newId: () => string,
): PortingOrderRecord {
  const [whole] = order.parts;
  if (!whole || order.parts.length > 1) return order;
  const rest = whole.numbers.filter((number) => !groups.some((group) => group.includes(number)));
  const all = [...groups, ...(rest.length > 0 ? [rest] : [])];
  return { ...order, parts: all.map((numbers) => ({ ...whole, id: newId(), numbers })) };
}
