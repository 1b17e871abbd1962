import type { Compilation, Compiled } from './compilation.ts';
import { phaseOfAll, trackNumbers } from './porting-inventory.ts';

type Order = Compiled<'PortingOrder'>;

/**
 * A port always keeps running, and its YAML may go. Only once the final number has taken the temporary one's place is
 * the order what lets YAML name the latter: then it goes when nothing does any more.
 */
export function checkRemoval(work: Compilation, order: Order): void {
  const temporary = replacedNumbers(work, order);
  if (temporary.size === 0) return;
  for (const other of work.all('Extension')) {
    if (other.deleting) continue;
    const { callerId, phoneNumbers = [], primaryPhoneNumber } = other.resource.spec;
    const names = [...phoneNumbers.map(({ number }) => number), primaryPhoneNumber, callerId?.externalNumber];
    const named = names.find((number) => number !== undefined && temporary.has(number));
    if (named !== undefined) {
      work.refuse(
        order.ref,
        'StillReferred',
        `Extension ${other.ref.name} still names the temporary number ${named}`,
      );
      return;
    }
  }
}

/** Temporary numbers whose place the final ones have taken: the order is complete, or the inventory shows the swap. */
function replacedNumbers(work: Compilation, order: Order): ReadonlySet<string> {
  const { spec, status } = order.resource;
  const { phoneNumber: inventory, portingOrder: orders } = work.input.observed.collections;
  const shown = order.knownId === undefined ? undefined : work.index.body('portingOrder', order.knownId);
  const tracked = trackNumbers(spec, inventory);
  const isComplete =
    shown?.status === 'COMPLETED' ||
    (shown === undefined && status?.phase === 'Completed') ||
    (orders.state === 'unsupported' && phaseOfAll(tracked) === 'Completed');
  const arrived = new Set(tracked.flatMap(({ number, phase }) => (phase === 'Completed' ? [number] : [])));
  const isSwapped = (temporary: string, number: string): boolean =>
    arrived.has(number) && inventory.state === 'read' && !inventory.objects.has(temporary);
  return new Set(
    spec.numbers.flatMap(({ number, replaces }) => {
      const temporary = replaces?.temporaryNumber;
      return temporary !== undefined && (isComplete || isSwapped(temporary, number)) ? [temporary] : [];
    }),
  );
}
