import { isJsonObject } from '../../../foundation/json.ts';
import { registerCollection } from '../../collection.ts';
import type { SandboxCore, SandboxModule } from '../../core.ts';
import { notFound } from '../../problem.ts';
import type { Scope } from '../../router.ts';
import { mediaTypesOf } from '../media-types.ts';
import { registerPortingControl } from './control.ts';
import { type PortingDocumentRecord, registerDocuments } from './documents.ts';
import type { PortingOrderRecord } from './order.ts';
import { OrderBook } from './order-book.ts';
import { renderOrder } from './order-view.ts';
import { cancelOrder, readDraft, revise, submitOrder } from './revision.ts';
import { draft } from './transitions.ts';

const path = '/porting-orders';
const scopes: readonly Scope[] = ['UC & CC Number Admin'];
const writeScopes: readonly Scope[] = [...scopes, 'UC & CC Admin Operations'];
const mediaTypes = mediaTypesOf('porting-orders');

/** `/porting-documents`, `/porting-orders` with submit and cancel, and their part of the control API. */
export const portingModule: SandboxModule = (core) => {
  const documents = core.store.table<PortingDocumentRecord>('portingDocument');
  const book = new OrderBook(core, documents);
  registerDocuments(core, documents, scopes);
  registerOrders(core, book);
  registerAction(core, book, 'submit', (order, now) => submitOrder(order, book.around(now)));
  registerAction(core, book, 'cancel', (order, now) => cancelOrder(order, now));
  registerPortingControl(core, book);
  core.operations.onSettle(() => book.settle());
};

function registerOrders(core: SandboxCore, book: OrderBook): void {
  const taken = (reference: string) => book.byReference(reference) !== undefined;
  registerCollection<PortingOrderRecord>(core, {
    path,
    idName: 'orderId',
    mediaTypes,
    scopes,
    paging: { style: 'scroll', max: 100 },
    rows: () => book.all(),
    find: (id) => book.find(id),
    render: renderOrder,
    filterFields: {
      id: (order) => order.id,
      reference: (order) => order.reference,
      status: (order) => order.status,
      createdTime: (order) => order.createdTime,
      lastUpdatedTime: (order) => order.lastUpdatedTime,
    },
    sortFields: {
      reference: (order) => order.reference,
      status: (order) => order.status,
      createdTime: (order) => order.createdTime,
      lastUpdatedTime: (order) => order.lastUpdatedTime,
    },
    writes: {
      resourceType: 'PORTING_ORDER',
      commandPrefix: 'portingOrder',
      create: {
        accept: (body) => {
          readDraft(body, book.around(core.clock.now()), taken);
          return body;
        },
        apply: (body, context) => {
          const id = core.ids.opaque();
          const given = readDraft(body, book.around(Date.parse(context.time)), taken);
          book.change(undefined, draft({ id, ...given }, core.ids.opaque(), context.time), context);
          return id;
        },
      },
      update: {
        accept: (body, id) => {
          revise(book.require(id ?? ''), body, book.around(core.clock.now()));
          return { id, body };
        },
        apply: (payload, context) => {
          const before = book.require(String(payload.id));
          const body = isJsonObject(payload.body) ? payload.body : {};
          book.change(before, revise(before, body, book.around(Date.parse(context.time))), context);
          return before.id;
        },
      },
    },
  });
}

/** `POST …/{id}/submit` and `…/cancel`: no body; checked at the request and again at completion. */
function registerAction(
  core: SandboxCore,
  book: OrderBook,
  name: 'submit' | 'cancel',
  act: (order: PortingOrderRecord, now: number) => PortingOrderRecord,
): void {
  const command = `portingOrder.${name}`;
  core.operations.define({
    name: command,
    apply: (payload, context) => {
      const before = book.require(String(payload.id));
      book.change(before, act(before, Date.parse(context.time)), context);
      return before.id;
    },
  });
  core.router.add({
    method: 'POST',
    path: `${path}/{orderId}/${name}`,
    mediaTypes,
    scopes: writeScopes,
    handle: (exchange) => {
      const order = book.find(exchange.params.orderId ?? '');
      if (!order) throw notFound('Resource not found');
      act(order, core.clock.now());
      return core.operations.start(exchange, {
        command,
        resourceType: 'PORTING_ORDER',
        operationType: 'UPDATE',
        collectionPath: path,
        resourceId: order.id,
        payload: { id: order.id },
      });
    },
  });
}
