import type { SandboxCore } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { conflict, type FieldError, notFound, validation } from '../../problem.ts';
import type { Actor } from '../../router.ts';
import type { Index, Table } from '../../store.ts';
import type { PortingDocumentRecord } from './documents.ts';
import { followOrder } from './inventory.ts';
import { isClosed, type PortingOrderRecord, type PortingTerms } from './order.ts';
import { renderOrder } from './order-view.ts';
import type { Surroundings } from './revision.ts';
import { duePart, step } from './transitions.ts';

/** Who moves ports along by themselves, in the audit trail. */
export const portingDesk: Actor = { name: 'porting-desk', via: 'console' };

/** The orders, their numbers and the time at which each goes on by itself. */
export class OrderBook {
  readonly #core: SandboxCore;
  readonly #orders: Table<PortingOrderRecord>;
  readonly #documents: Table<PortingDocumentRecord>;
  readonly #byReference: Index<PortingOrderRecord>;
  /** Open orders by each number that they name, ported or temporary. */
  readonly #openByNumber: Index<PortingOrderRecord>;
  /** Ids of the orders in which a next step is set. */
  readonly #waiting = new Set<string>();

  constructor(core: SandboxCore, documents: Table<PortingDocumentRecord>) {
    this.#core = core;
    this.#documents = documents;
    this.#orders = core.store.table('portingOrder');
    this.#byReference = this.#orders.index((order) => [order.reference]);
    this.#openByNumber = this.#orders.index((order) => (isClosed(order.status) ? [] : namedNumbers(order)));
    this.#orders.observe((_before, after) => {
      if (!after) return;
      if (after.parts.some((part) => part.dueAt !== null)) this.#waiting.add(after.id);
      else this.#waiting.delete(after.id);
    });
  }

  all(): Iterable<PortingOrderRecord> {
    return this.#orders.all();
  }

  find(id: string): PortingOrderRecord | undefined {
    return this.#orders.get(id);
  }

  /** Throws 404. */
  require(id: string): PortingOrderRecord {
    const order = this.#orders.get(id);
    if (!order) throw notFound('Resource not found');
    return order;
  }

  byReference(reference: string): PortingOrderRecord | undefined {
    return this.#byReference.first(reference);
  }

  /** @param now milliseconds since the Unix epoch */
  around(now: number): Surroundings {
    return {
      now,
      document: (id) => this.#documents.get(id),
      checkNumbers: (terms, orderId) => this.#checkNumbers(terms, orderId),
    };
  }

  /**
   * Keeps the order and what follows from it for numbers and extensions, with an audit record: of a write that
   * changed nothing too.
   */
  change(before: PortingOrderRecord | undefined, after: PortingOrderRecord, context: WriteContext): void {
    this.#core.store.transaction(() => {
      if (after !== before) {
        this.#orders.put(after);
        followOrder(this.#core, before, after, context);
      }
      const whole = { row: false, sparse: false };
      this.#core.audit.record({
        ...context,
        entityType: 'portingOrder',
        entityKey: after.id,
        displayName: after.reference,
        before: before && renderOrder(before, whole),
        after: renderOrder(after, whole),
      });
    });
  }

  /** Takes every step that has become due, each dated with its due time. */
  settle(): void {
    const now = this.#core.clock.now();
    for (const id of [...this.#waiting]) {
      for (let order = this.#orders.get(id); order; order = this.#orders.get(id)) {
        const part = duePart(order, now);
        if (!part) break;
        const time = new Date(part.dueAt).toISOString();
        this.change(order, step(order, part), { actor: portingDesk, time });
      }
    }
  }

  /** Throws 400 on an unknown stand-in or extension, 409 on a number that is in use elsewhere. */
  #checkNumbers(terms: PortingTerms, orderId: string | null): void {
    const { extensions, phoneNumbers } = this.#core.system;
    const faults: FieldError[] = [];
    for (const [index, { extensionId, phoneNumber, temporaryNumber }] of terms.numbers.entries()) {
      const field = `numbers[${index}]`;
      const fault = (name: string, message: string) =>
        faults.push({ code: 'VALIDATION_ERROR', field: `${field}.${name}`, message });
      const standIn = temporaryNumber === null ? undefined : phoneNumbers.get(temporaryNumber);
      if (temporaryNumber !== null && (!standIn || (standIn.origin === 'PORTING' && standIn.porting))) {
        fault('temporaryNumber', `Phone number ${temporaryNumber} is not in the inventory`);
      }
      if (extensionId !== null && !extensions.get(extensionId)) fault('extensionId', 'Extension not found');
      for (const [name, number] of [
        ['phoneNumber', phoneNumber],
        ['temporaryNumber', temporaryNumber],
      ] as const) {
        const rival = this.#rivalOf(number, orderId);
        if (rival) {
          throw conflict(`Phone number ${number} is in order ${rival.reference}`, `${field}.${name}`);
        }
      }
      const here = phoneNumbers.get(phoneNumber);
      if (here && (here.origin !== 'PORTING' || here.porting === null)) {
        throw conflict(`Phone number ${phoneNumber} is in the inventory already`, `${field}.phoneNumber`);
      }
    }
    if (faults.length > 0) throw validation(faults);
  }

  #rivalOf(number: string | null, orderId: string | null): PortingOrderRecord | undefined {
    return number === null ? undefined : this.#openByNumber.all(number).find((order) => order.id !== orderId);
  }
}

function namedNumbers(order: PortingOrderRecord): string[] {
  return order.terms.numbers.flatMap(({ phoneNumber, temporaryNumber }) =>
    temporaryNumber === null ? [phoneNumber] : [phoneNumber, temporaryNumber],
  );
}
