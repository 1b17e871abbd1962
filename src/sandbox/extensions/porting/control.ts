import { isJsonArray, type JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import type { SandboxCore } from '../../core.ts';
import { conflict } from '../../problem.ts';
import { messageOf } from './exceptions.ts';
import {
  isClosed,
  isPortingStatus,
  type PortingException,
  type PortingOrderRecord,
  type PortingPart,
  type PortingStatus,
  portingStatuses,
} from './order.ts';
import { type OrderBook, portingDesk } from './order-book.ts';
import { renderOrder } from './order-view.ts';
import { cancellationMs, confirmDate, move, reviewMs, split } from './transitions.ts';

/** What the provider can be made to do; it never makes a draft. */
const reachable = portingStatuses.filter((status) => status !== 'DRAFT');

/** `POST /_control/porting-orders/{id}/advance`: what the provider would do by itself in time, now. */
export function registerPortingControl(core: SandboxCore, book: OrderBook): void {
  core.control({
    method: 'POST',
    path: '/porting-orders/{id}/advance',
    handle: (params, body) => {
      const before = book.require(params.id ?? '');
      const now = core.clock.now();
      const after = advance(before, body, now, () => core.ids.opaque());
      book.change(before, after, { actor: portingDesk, time: new Date(now).toISOString() });
      return renderOrder(after, { row: false, sparse: false });
    },
  });
}

/**
 * Any of: `to` (a status) with `exception`, `confirmedDate`, `providerStatus` and `child` (id of the one that
 * moves); `split` (lists of numbers); `comment`. Throws 400, or 409 for a closed order.
 */
export function advance(
  order: PortingOrderRecord,
  body: JsonObject,
  now: number,
  newId: () => string,
): PortingOrderRecord {
  const time = new Date(now).toISOString();
  const reader = new BodyReader(body);
  const to = reader.text('to', { oneOf: reachable });
  const child = reader.text('child');
  const comment = reader.text('comment');
  const confirmedDate = reader.text('confirmedDate');
  const providerStatus = reader.text('providerStatus');
  const exception = readException(reader);
  const groups = readGroups(reader, order);
  if (child !== undefined && !order.parts.some((part) => part.id === child)) {
    reader.fault('child', 'Unknown child');
  }
  if (confirmedDate !== undefined && Number.isNaN(Date.parse(confirmedDate))) {
    reader.fault('confirmedDate', 'must be a date');
  }
  reader.finish();
  let after = order;
  if (groups.length > 0) after = { ...split(after, groups, newId), lastUpdatedTime: time };
  if (comment !== undefined) {
    const comments = [...after.comments, { time, author: portingDesk.name, text: comment }];
    after = { ...after, comments, lastUpdatedTime: time };
  }
  if (!isPortingStatus(to)) return after;
  if (isClosed(order.status)) throw conflict(`The order is ${order.status}`);
  const exceptions = exception ?? { code: 'OTHER', message: messageOf('OTHER'), numbers: [] };
  return move(after, {
    to,
    time,
    which: (part: PortingPart) => (child === undefined ? !isClosed(part.status) : part.id === child),
    ...dates(to, confirmedDate, now, order),
    ...(providerStatus === undefined ? {} : { providerStatus }),
    ...(to === 'EXCEPTION' ? { exceptions: [exceptions] } : {}),
  });
}

function dates(
  to: PortingStatus,
  given: string | undefined,
  now: number,
  order: PortingOrderRecord,
): { confirmedDate?: string | null; dueAt?: number } {
  if (to === 'SUBMITTED') return { confirmedDate: null, dueAt: now + reviewMs };
  if (to === 'CANCEL_PENDING') return { dueAt: now + cancellationMs };
  if (to !== 'SCHEDULED') return {};
  const confirmedDate =
    given === undefined ? confirmDate(now, order.terms.requestedDate) : new Date(given).toISOString();
  return { confirmedDate, dueAt: Date.parse(confirmedDate) };
}

function readException(reader: BodyReader): PortingException | undefined {
  const exception = reader.object('exception');
  if (!exception) return undefined;
  const code = exception.text('code', { required: true }) ?? '';
  const message = exception.text('message') ?? messageOf(code);
  const numbers = exception.list('numbers').filter((number) => typeof number === 'string');
  return { code, message, numbers };
}

function readGroups(reader: BodyReader, order: PortingOrderRecord): string[][] {
  const known = new Set(order.terms.numbers.map((number) => number.phoneNumber));
  const groups = reader.list('split').map((group, index) => {
    const numbers = isJsonArray(group) ? group.filter((number) => typeof number === 'string') : [];
    if (numbers.length === 0 || numbers.some((number) => !known.delete(number))) {
      reader.fault(`split[${index}]`, 'must be a list of numbers of the order, each in one list only');
    }
    return numbers;
  });
  if (groups.length > 0 && order.parts.length > 1) reader.fault('split', 'The order is split already');
  return groups;
}
