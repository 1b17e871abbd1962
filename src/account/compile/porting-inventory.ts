import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import type { Collection } from '../objects.ts';

/** How far a port is, in the order in which it goes. */
const steps = ['Draft', 'Submitted', 'Completed'] as const;
export type InventoryPhase = (typeof steps)[number] | 'Unknown';

export interface TrackedNumber {
  readonly number: string;
  readonly phase: InventoryPhase;
  /** The inventory's own word; absent where it does not list the number. */
  readonly status?: string;
}

/** The inventory's words for a number on its way (8x8 guide: phone numbers). */
const phases: Readonly<Record<string, InventoryPhase>> = {
  PRE_PORTING: 'Draft',
  PORTING: 'Submitted',
  AVAILABLE: 'Completed',
  ASSIGNED: 'Completed',
};

/** What the inventory tells of the numbers of an order, where the endpoint has no API for ports. */
export function trackNumbers(
  { numbers }: Pick<PortingOrder['spec'], 'numbers'>,
  inventory: Collection,
): TrackedNumber[] {
  return numbers.map(({ number }) => {
    if (inventory.state !== 'read') return { number, phase: 'Unknown' };
    const status = inventory.objects.get(number)?.body.status;
    // A number of which nobody has heard yet is to be ordered.
    if (typeof status !== 'string') return { number, phase: 'Draft' };
    return { number, phase: phases[status] ?? 'Unknown', status };
  });
}

/** A whole order is as far as the number that is least far. */
export function phaseOfAll(numbers: readonly TrackedNumber[]): InventoryPhase {
  if (numbers.some(({ phase }) => phase === 'Unknown')) return 'Unknown';
  return steps.find((step) => numbers.some(({ phase }) => phase === step)) ?? 'Unknown';
}
