import { isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';
import type { SandboxCore } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import type { AssignedNumber, PhoneNumberRecord } from '../../records.ts';
import { isUnderWay, type PortedNumber, type PortingOrderRecord } from './order.ts';
import { isTollFree } from './submit-checks.ts';

type Presence = 'PRE_PORTING' | 'PORTING' | 'COMPLETED' | null;

/**
 * Brings `/phone-numbers` and whatever holds a number up to what an order has become: both numbers of a pair
 * are PRE_PORTING, then PORTING; at completion the ported number takes the place of the temporary one, which
 * leaves the inventory; a cancelled order leaves no trace.
 */
export function followOrder(
  core: SandboxCore,
  before: PortingOrderRecord | undefined,
  after: PortingOrderRecord,
  context: WriteContext,
): void {
  for (const number of before?.terms.numbers ?? []) {
    const kept = after.terms.numbers.find((other) => other.phoneNumber === number.phoneNumber);
    const gone = !kept || kept.temporaryNumber !== number.temporaryNumber || presence(after, number) === null;
    const was = presence(before, number);
    if (gone && was !== null && was !== 'COMPLETED') unlink(core, number);
  }
  for (const number of after.terms.numbers) {
    const is = presence(after, number);
    if (is === 'COMPLETED') {
      if (presence(before, number) !== 'COMPLETED') complete(core, after, number, context);
    } else if (is !== null) link(core, after, number, is);
  }
}

/** How a number of an order shows in the inventory; a draft shows only what stands in for something. */
function presence(order: PortingOrderRecord | undefined, number: PortedNumber): Presence {
  const part = order?.parts.find((one) => one.numbers.includes(number.phoneNumber));
  if (!part || part.status === 'CANCELLED') return null;
  if (part.status === 'COMPLETED') return 'COMPLETED';
  if (isUnderWay(part.status)) return 'PORTING';
  return number.temporaryNumber === null ? null : 'PRE_PORTING';
}

function incoming(core: SandboxCore, order: PortingOrderRecord, number: PortedNumber): PhoneNumberRecord {
  const { phoneNumber, temporaryNumber } = number;
  const standIn = temporaryNumber === null ? undefined : core.system.phoneNumbers.get(temporaryNumber);
  return {
    id: phoneNumber,
    country: standIn?.country ?? order.terms.endUser?.serviceAddress?.country ?? 'US',
    category: isTollFree(phoneNumber) ? 'TOLL_FREE' : 'LOCAL',
    origin: 'PORTING',
    portingNumber: null,
    temporaryNumber,
    porting: null,
  };
}

function link(
  core: SandboxCore,
  order: PortingOrderRecord,
  number: PortedNumber,
  porting: 'PRE_PORTING' | 'PORTING',
): void {
  const { phoneNumbers } = core.system;
  phoneNumbers.put({ ...incoming(core, order, number), porting });
  const standIn = number.temporaryNumber === null ? undefined : phoneNumbers.get(number.temporaryNumber);
  if (standIn) phoneNumbers.put({ ...standIn, portingNumber: number.phoneNumber, porting });
}

function unlink(core: SandboxCore, number: PortedNumber): void {
  const { phoneNumbers } = core.system;
  phoneNumbers.delete(number.phoneNumber);
  const standIn = number.temporaryNumber === null ? undefined : phoneNumbers.get(number.temporaryNumber);
  if (standIn) phoneNumbers.put({ ...standIn, portingNumber: null, porting: null });
}

function complete(
  core: SandboxCore,
  order: PortingOrderRecord,
  number: PortedNumber,
  context: WriteContext,
): void {
  const { phoneNumbers } = core.system;
  const { phoneNumber, temporaryNumber } = number;
  phoneNumbers.put({ ...incoming(core, order, number), temporaryNumber: null });
  if (temporaryNumber !== null) {
    swap(core, temporaryNumber, phoneNumber);
    phoneNumbers.delete(temporaryNumber);
  } else if (number.extensionId !== null) give(core, number.extensionId, phoneNumber);
  core.audit.record({
    ...context,
    entityType: 'phoneNumber',
    entityKey: phoneNumber,
    displayName: phoneNumber,
    before: { phoneNumber, temporaryNumber, status: 'PORTING' },
    after: { phoneNumber, temporaryNumber: null, status: statusOf(core, phoneNumber) },
    correlation: { type: 'portingOrder', id: order.id },
  });
}

function statusOf(core: SandboxCore, phoneNumber: string): string | null {
  const record = core.system.phoneNumbers.get(phoneNumber);
  return record ? core.system.numberStatus(record) : null;
}

/** An extension that was promised the number; without one it stays in the inventory. */
function give(core: SandboxCore, extensionId: string, phoneNumber: string): void {
  const { extensions } = core.system;
  const extension = extensions.get(extensionId);
  if (!extension) return;
  const primary = extension.phoneNumbers.length === 0;
  extensions.put({ ...extension, phoneNumbers: [...extension.phoneNumbers, { phoneNumber, primary }] });
}

/** Wherever the old number was: assigned, or shown as a caller id. */
function swap(core: SandboxCore, from: string, to: string): void {
  const { extensions, ringGroups, sites } = core.system;
  const numbers = (held: readonly AssignedNumber[]) =>
    held.map((one) => (one.phoneNumber === from ? { ...one, phoneNumber: to } : one));
  swapHolders(extensions, numbers, from, to);
  swapHolders(ringGroups, numbers, from, to);
  for (const site of [...sites.all()]) {
    if (mentions(site.settings, from)) sites.put({ ...site, settings: replaced(site.settings, from, to) });
  }
}

interface Holder {
  readonly id: string;
  readonly phoneNumbers: readonly AssignedNumber[];
  readonly settings: JsonObject;
}

function swapHolders<R extends Holder>(
  table: { all(): Iterable<R>; put(record: R): void },
  numbers: (held: readonly AssignedNumber[]) => readonly AssignedNumber[],
  from: string,
  to: string,
): void {
  for (const holder of [...table.all()]) {
    const holds = holder.phoneNumbers.some((one) => one.phoneNumber === from);
    if (!holds && !mentions(holder.settings, from)) continue;
    table.put({
      ...holder,
      phoneNumbers: numbers(holder.phoneNumbers),
      settings: replaced(holder.settings, from, to),
    });
  }
}

function mentions(value: Json, text: string): boolean {
  if (typeof value === 'string') return value === text;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((child) => mentions(child, text));
}

function replaced(value: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, replacedValue(child, from, to)]),
  );
}

function replacedValue(value: Json, from: string, to: string): Json {
  if (typeof value === 'string') return value === from ? to : value;
  if (isJsonObject(value)) return replaced(value, from, to);
  return Array.isArray(value) ? value.map((item: Json) => replacedValue(item, from, to)) : value;
}
