import type { JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import { formatReference, resourceKey } from '../../resources/reference.ts';
import type { DesiredAct, DesiredField, Wait } from '../desired.ts';
import { e164 } from './checks.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { CompiledExtension } from './compiled-extension.ts';
import { FieldWriter } from './field.ts';
import { heldBy, lateClaims } from './identity.ts';
import { phaseOfAll, trackNumbers } from './porting-inventory.ts';
import {
  cancellable,
  frozenHours,
  hasEnded,
  lateEditMessage,
  lateEdits,
  mayChange,
  surplusNumbers,
} from './porting-lifecycle.ts';
import { checkRemoval } from './porting-removal.ts';
import { declareDocument, declareSecret } from './porting-secrets.ts';
import { missingForSubmission } from './porting-submission.ts';
import { whyMissing } from './resolve-reference.ts';

type Order = Compiled<'PortingOrder'>;

/** The order's name at the provider: looked up by it after an unclear create, since a port is never made twice. */
export function referenceOf(order: Order): string {
  return order.resource.spec.reference ?? `${order.ref.namespace}/${order.ref.name}`;
}

export function compilePortingOrders(work: Compilation, extensions: readonly CompiledExtension[]): void {
  const byKey = new Map(extensions.map((extension) => [extension.key, extension]));
  const claims = new Map<string, Order>();
  const orders = work.all('PortingOrder');
  const known = ordersByReference(work);
  const idOf = (order: Order) => order.knownId ?? known.get(referenceOf(order));
  const late = lateClaims(orders, (order) => idOf(order) ?? `new/${referenceOf(order)}`);
  for (const order of orders) {
    const handle = `portingOrder/${order.key}`;
    const rival = late.get(order.key);
    if (rival)
      work.refuse(
        order.ref,
        'Conflict',
        `PortingOrder ${rival.ref.name} is the same order at the provider; if it is another port, ${anotherReference(order)}`,
        'reference',
      );
    checkNumbers(work, order, claims);
    awaitSecrets(work, order);
    const id = rival ? undefined : bind(work, order, idOf(order));
    const refused = work.isRefused(order.key);
    work.declare(order, { externalId: id, handles: refused ? [] : [handle] });
    if (refused) continue;
    if (id !== undefined && !order.deleting && work.input.observed.gone.has(`portingOrder/${id}`)) {
      const message = `the order ${id} is no longer at the provider, and a port is never made twice; if it is to be made anew, delete this resource and create another`;
      work.refuse(order.ref, 'Missing', message);
      continue;
    }
    if (order.deleting) {
      checkRemoval(work, order);
      continue;
    }
    if (work.input.observed.collections.portingOrder.state === 'unsupported') {
      trackByInventory(work, order);
      continue;
    }
    compileOrder(work, order, handle, id, byKey);
  }
}

/** The order that this resource is, if it may be: made by it, named by annotation, or taken over by consent. */
function bind(work: Compilation, order: Order, found: string | undefined): string | undefined {
  if (found === undefined || order.knownId !== undefined) return found;
  // Its own create, of which nobody has heard how it ended.
  const { pending } = order.memory;
  if (pending?.intent === 'Create' && pending.naturalKey === referenceOf(order)) return found;
  if (order.deleting) return undefined;
  const holder = work.boundTo('PortingOrder', found);
  if (holder !== undefined) {
    const what = `the order of the reference "${referenceOf(order)}" (id ${found})`;
    work.refuse(order.ref, 'Conflict', heldBy(holder, what, anotherReference(order)), 'reference');
    return undefined;
  }
  if (order.resource.spec.adoptionPolicy === 'IfUnclaimed') return found;
  work.refuse(
    order.ref,
    'Conflict',
    `the provider has an order of the reference "${referenceOf(order)}" (id ${found}) that this resource did not make; take it over with adoptionPolicy: IfUnclaimed or the annotation ${externalIdAnnotation}: ${found}, or ${anotherReference(order)}`,
    'reference',
  );
  return undefined;
}

/** A reference can't be changed once it is set. */
function anotherReference({ resource }: Order): string {
  return resource.spec.reference === undefined
    ? 'give this one a spec.reference of its own'
    : 'make this resource anew with another spec.reference';
}

/** Nothing is sent by halves while a Secret is being read. */
function awaitSecrets(work: Compilation, order: Order): void {
  if (order.deleting) return;
  const { losingCarrier, documents } = order.resource.spec;
  const unread = [
    losingCarrier?.accountNumberSecretRef,
    losingCarrier?.pinSecretRef,
    documents?.letterOfAuthority?.secretRef,
    documents?.bill?.secretRef,
  ].find((secret) => secret !== undefined && work.input.secretRevision(secret) === null);
  if (unread) work.refuse(order.ref, 'Pending', `the Secret ${unread.name} is being read`);
}

function ordersByReference(work: Compilation): ReadonlyMap<string, string> {
  const collection = work.input.observed.collections.portingOrder;
  if (collection.state !== 'read') return new Map();
  return new Map(
    [...collection.objects].flatMap(([id, { body }]) =>
      typeof body.reference === 'string' ? [[body.reference, id]] : [],
    ),
  );
}

function checkNumbers(work: Compilation, order: Order, claims: Map<string, Order>): void {
  if (order.deleting) return;
  for (const { number } of order.resource.spec.numbers) {
    if (!e164.test(number))
      work.refuse(
        order.ref,
        'InvalidField',
        `"${number}" is not an E.164 number such as +14085550123`,
        'numbers',
      );
    const rival = claims.get(number);
    if (rival)
      work.refuse(
        order.ref,
        'Conflict',
        `PortingOrder ${rival.ref.name} names ${number} too; a number is in one order at a time`,
        'numbers',
      );
    else claims.set(number, order);
  }
}

/** The published API shows a port in its inventory alone; once all of it has arrived there is nothing left to do. */
function trackByInventory(work: Compilation, order: Order): void {
  const { spec } = order.resource;
  const tracked = trackNumbers(spec, work.input.observed.collections.phoneNumber);
  if (phaseOfAll(tracked) === 'Completed') return;
  const states = tracked.map(({ number, status }) => `${number} ${status ?? 'not in the inventory'}`);
  work.refuse(
    order.ref,
    'Unsupported',
    `the endpoint has no API for ports; order it in Admin Console under Phone Numbers, Port Numbers, as status.wouldSend says step by step. Seen now: ${states.join('; ')}`,
  );
}

function compileOrder(
  work: Compilation,
  order: Order,
  handle: string,
  id: string | undefined,
  extensions: ReadonlyMap<string, CompiledExtension>,
): void {
  const observed = id === undefined ? undefined : work.index.body('portingOrder', id);
  const { cancel } = order.resource.spec;
  // Nobody makes an order in order to cancel it, nor puts one right first.
  if (cancel && id === undefined) return;
  const isOver = observed !== undefined && hasEnded(observed);
  const writer = new FieldWriter(order.ref);
  // Of an order that is over, the Secrets may be gone.
  if (!cancel && !isOver) declareOrder(work, order, writer, extensions);
  const surplus = cancel || isOver ? [] : surplusNumbers(observed, order.resource.spec);
  for (const number of surplus) {
    const path = ['numbers', { by: 'phoneNumber', is: number }];
    writer.declare(`numbers[${number}]`, path, null, { absent: true });
  }
  const { now } = work.input;
  const open = writer.fields.filter(({ owners }) => mayChange(observed, owners[0].field, now));
  if (cancel || isOver || open.length < writer.fields.length) work.postpone(order.key);
  if (observed) {
    const frozen = writer.fields.filter((field) => !open.includes(field));
    for (const field of lateEdits(observed, frozen, order.memory))
      work.omit(order.ref, field.owners[0].field, 'Frozen', lateEditMessage(field));
  }
  const act = actOf(work, order, observed);
  work.begin(
    {
      type: 'portingOrder',
      handle,
      presence: 'present',
      naturalKey: referenceOf(order),
      after: [],
      waits: cancel ? [] : waitsFor(order, observed, extensions, now),
      ...(id === undefined ? {} : { id }),
      ...(act ? { act } : {}),
    },
    order.ref,
  );
  work.contribute(handle, order.ref, [...open, ...atFirstSight(writer.fields, open, order)]);
}

/**
 * Secrets of an order that was submitted before anybody remembered it: what the order has can't be read, and is taken to
 * be what they hold now, so that a later change of them is told.
 */
function atFirstSight(
  fields: readonly DesiredField[],
  open: readonly DesiredField[],
  { memory }: Order,
): readonly DesiredField[] {
  return fields.flatMap((field) => {
    const isNew = field.source?.kind === 'secret' && memory.applied[field.owners[0].field] === undefined;
    return isNew && !open.includes(field) ? [{ ...field, assumed: true as const }] : [];
  });
}

/** An order sent without the id of an extension that is still to be made would be another order. */
function waitsFor(
  order: Order,
  observed: JsonObject | undefined,
  extensions: ReadonlyMap<string, CompiledExtension>,
  now: number,
): Wait[] {
  return order.resource.spec.numbers.flatMap(({ number, replaces }) => {
    const extension = extensionOf(order, replaces?.extensionRef, extensions);
    if (!extension || extension.externalId !== undefined) return [];
    if (!mayChange(observed, extensionField(number), now)) return [];
    return [{ reason: 'WaitingForDependency', message: `waits for ${formatReference(extension.ref)}` }];
  });
}

const extensionField = (number: string) => `numbers[${number}].extension`;

function extensionOf(
  order: Order,
  named: { readonly name: string } | undefined,
  extensions: ReadonlyMap<string, CompiledExtension>,
): CompiledExtension | undefined {
  if (!named) return undefined;
  return extensions.get(resourceKey({ kind: 'Extension', namespace: order.ref.namespace, name: named.name }));
}

function actOf(work: Compilation, order: Order, observed: JsonObject | undefined): DesiredAct | undefined {
  const { submit, cancel } = order.resource.spec;
  if (cancel) {
    const answer = cancellable(observed, work.input.now);
    if (answer === 'yes') return { name: 'Cancel', resource: order.ref };
    const message = `within ${frozenHours} hours of the confirmed date nothing can be cancelled; call the provider`;
    if (answer === 'late') work.omit(order.ref, 'cancel', 'Frozen', message);
    return undefined;
  }
  if (!submit || (observed !== undefined && observed.status !== 'DRAFT')) return undefined;
  const missing = missingForSubmission(order.resource.spec);
  if (missing.length > 0) {
    work.omit(order.ref, 'submit', 'Incomplete', `submission needs ${missing.join(', ')}`);
    return undefined;
  }
  // What is left out for a problem would be missing from what is submitted, for good.
  return work.problemsOf(order.key).length > 0 ? undefined : { name: 'Submit', resource: order.ref };
}

function declareOrder(
  work: Compilation,
  order: Order,
  writer: FieldWriter,
  extensions: ReadonlyMap<string, CompiledExtension>,
): void {
  const { spec } = order.resource;
  writer.declare('reference', ['reference'], referenceOf(order), { createOnly: true });
  writer.declare('portType', ['portType'], spec.portType.toUpperCase());
  for (const { number, replaces } of spec.numbers) {
    const base = ['numbers', { by: 'phoneNumber', is: number }];
    writer.declare(`numbers[${number}]`, [...base, 'phoneNumber'], number);
    writer.declare(
      `numbers[${number}].temporaryNumber`,
      [...base, 'temporaryNumber'],
      // It takes the place of one or the other, never of both.
      replaces?.extensionRef ? null : replaces?.temporaryNumber,
    );
    const extension = extensionOf(order, replaces?.extensionRef, extensions);
    if (replaces?.extensionRef && !extension) {
      const named = { ...order.ref, name: replaces.extensionRef.name };
      const { message, reason } = whyMissing(work.input, 'Extension', named);
      work.omit(order.ref, 'numbers', reason, message);
    }
    writer.declare(
      extensionField(number),
      [...base, 'extensionId'],
      replaces?.temporaryNumber === undefined ? extension?.externalId : null,
    );
  }
  if (spec.remainingNumbers) {
    writer.declare(
      'remainingNumbers.action',
      ['remainingNumbers', 'action'],
      spec.remainingNumbers.action.toUpperCase(),
    );
    writer.declare(
      'remainingNumbers.newBillingTelephoneNumber',
      ['remainingNumbers', 'newBillingTelephoneNumber'],
      spec.remainingNumbers.newBillingTelephoneNumber,
    );
  }
  const carrier = spec.losingCarrier;
  writer.declare('losingCarrier.name', ['losingCarrier', 'name'], carrier?.name);
  writer.declare(
    'losingCarrier.billingTelephoneNumber',
    ['billingTelephoneNumber'],
    carrier?.billingTelephoneNumber,
  );
  declareSecret(
    work,
    order,
    writer,
    'losingCarrier.accountNumberSecretRef',
    'accountNumber',
    carrier?.accountNumberSecretRef,
  );
  declareSecret(work, order, writer, 'losingCarrier.pinSecretRef', 'pin', carrier?.pinSecretRef);
  writer.declare('endUser.name', ['endUser', 'name'], spec.endUser?.name);
  writer.declare('endUser.businessName', ['endUser', 'businessName'], spec.endUser?.businessName);
  writer.declare('endUser.authorizedPerson', ['endUser', 'authorizedPerson'], spec.endUser?.authorizedPerson);
  writer.declare('endUser.serviceAddress', ['endUser', 'serviceAddress'], spec.endUser?.serviceAddress);
  declareDocument(work, order, writer, 'letterOfAuthority', 'LETTER_OF_AUTHORITY');
  declareDocument(work, order, writer, 'bill', 'BILL');
  writer.declare('requestedDate', ['requestedDate'], spec.requestedDate);
}
