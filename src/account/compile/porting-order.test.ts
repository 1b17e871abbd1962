import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import {
  bound,
  compiled,
  declared,
  fieldAt,
  messageOf,
  now,
  objectOf,
  problemsOf,
  remembers,
} from '../testing/engine.ts';
import { observedAccount } from '../testing/observed.ts';
import { deleting, port, sharedExtension } from '../testing/resources.ts';

const handle = 'portingOrder/PortingOrder/acme/main';
const hours = (count: number) => new Date(now + count * 3_600_000).toISOString();

/** The order as the provider has it, compiled with this spec. */
function ordered(order: JsonObject, spec: Partial<PortingOrder['spec']> = {}) {
  const resource = port('main', spec);
  const observed = observedAccount({
    user: [],
    portingOrder: [{ id: 'po-1', reference: 'acme/main', ...order }],
  });
  return compiled([resource], { observed, memory: bound(resource, 'po-1') });
}

const noOrders = observedAccount({ user: [], portingOrder: [] });

describe('an order that is under way', () => {
  const someonesOrder = observedAccount({ user: [], portingOrder: [{ id: 'po-1', reference: 'acme/main' }] });

  it('is found by its reference after a create of unclear end, so that no port is made twice', () => {
    const pending = {
      intent: 'Create',
      objectType: 'portingOrder',
      naturalKey: 'acme/main',
      since: new Date(now).toISOString(),
      attempt: 1,
    } as const;
    const memory = remembers(port('main'), { pending });
    expect(objectOf(compiled([port('main')], { observed: someonesOrder, memory }), handle)?.id).toBe('po-1');
  });

  it('is not taken over unasked, and the way out is told', () => {
    const desired = compiled([port('main')], { observed: someonesOrder });
    expect(problemsOf(desired, port('main'))).toEqual(['Conflict reference']);
    expect(messageOf(desired, port('main'))).toContain('adoptionPolicy: IfUnclaimed');
    expect(messageOf(desired, port('main'))).toContain('dialops.dev/external-id: po-1');
    expect(desired.objects).toEqual([]);
  });

  it('is taken over where the YAML agrees, unless another resource has it', () => {
    const agreeing = port('main', { adoptionPolicy: 'IfUnclaimed' });
    expect(objectOf(compiled([agreeing], { observed: someonesOrder }), handle)?.id).toBe('po-1');
    const memory = bound(port('other'), 'po-1');
    const held = compiled([agreeing], { observed: someonesOrder, memory });
    expect(problemsOf(held, agreeing)).toEqual(['Conflict reference']);
    expect(messageOf(held, agreeing)).toMatch(
      /belongs to PortingOrder other; give this one a spec\.reference/,
    );
    expect(messageOf(held, agreeing)).not.toContain('IfUnclaimed');
    // A reference that is set can't be changed.
    const named = port('main', { reference: 'acme/main' });
    expect(messageOf(compiled([named], { observed: someonesOrder, memory }), named)).toContain(
      'make this resource anew with another spec.reference',
    );
  });

  it('has everything compared while it is a draft', () => {
    expect(declared(ordered({ status: 'DRAFT' }), handle)).toMatchObject({
      portType: 'FULL',
      'losingCarrier.name': 'Example Telecom',
      'endUser.name': 'Acme Supply',
    });
  });

  it('has only what can be corrected compared in an exception', () => {
    const paths = Object.keys(declared(ordered({ status: 'EXCEPTION' }), handle));
    expect(paths).toEqual(expect.arrayContaining(['endUser.name', 'accountNumber']));
    expect(paths).not.toContain('portType');
    expect(paths).not.toContain('losingCarrier.name');
  });

  it.each(['SUBMITTED', 'SCHEDULED', 'COMPLETED'])('has nothing compared any more when %s', (status) => {
    const fields = objectOf(ordered({ status }), handle)?.fields ?? [];
    expect(fields.filter(({ assumed }) => assumed !== true)).toEqual([]);
  });
});

describe('submission', () => {
  it('is asked for once the draft has all that a carrier needs', () => {
    expect(objectOf(ordered({ status: 'DRAFT' }, { submit: true }), handle)?.act?.name).toBe('Submit');
    expect(objectOf(ordered({ status: 'SUBMITTED' }, { submit: true }), handle)?.act).toBeUndefined();
  });

  it('names every field that is missing', () => {
    const desired = ordered({ status: 'DRAFT' }, { submit: true, endUser: {}, documents: {} });
    expect(problemsOf(desired, port('main'))).toEqual(['Incomplete submit']);
    for (const field of ['endUser.name', 'endUser.serviceAddress', 'documents.letterOfAuthority'])
      expect(messageOf(desired, port('main'))).toContain(field);
    expect(objectOf(desired, handle)?.act).toBeUndefined();
  });
});

describe('a cancellation', () => {
  it.each(['DRAFT', 'SUBMITTED', 'EXCEPTION'])('is asked for when %s', (status) => {
    expect(objectOf(ordered({ status }, { cancel: true }), handle)?.act?.name).toBe('Cancel');
  });

  it('is possible until 48 hours before the confirmed date', () => {
    const early = ordered({ status: 'SCHEDULED', confirmedDate: hours(49) }, { cancel: true });
    const late = ordered({ status: 'SCHEDULED', confirmedDate: hours(48) }, { cancel: true });
    expect(objectOf(early, handle)?.act?.name).toBe('Cancel');
    expect(objectOf(late, handle)?.act).toBeUndefined();
    expect(problemsOf(late, port('main'))).toEqual(['Frozen cancel']);
  });

  it('asks for nothing once the port has ended', () => {
    const desired = ordered({ status: 'COMPLETED' }, { cancel: true });
    expect(objectOf(desired, handle)?.act).toBeUndefined();
    expect(problemsOf(desired, port('main'))).toEqual([]);
  });
});

describe('a Secret of an order', () => {
  it('is named with its field where it is missing', () => {
    const desired = compiled([port('main')], {
      observed: noOrders,
      secretRevision: ({ key }) => (key === 'account' ? undefined : '1'),
    });
    expect(problemsOf(desired, port('main'))).toEqual([
      'SecretNotFound losingCarrier.accountNumberSecretRef',
    ]);
    expect(messageOf(desired, port('main'))).toContain('Secret port with a key account');
  });

  it('holds the whole order back while nobody has looked', () => {
    const desired = compiled([port('main')], { observed: noOrders, secretRevision: () => null });
    expect(problemsOf(desired, port('main'))).toEqual(['Pending']);
    expect(desired.objects).toEqual([]);
  });

  it('never has its value in the plan', () => {
    const field = fieldAt(compiled([port('main')], { observed: noOrders }), handle, 'accountNumber');
    expect(field).toMatchObject({ value: null, source: { kind: 'secret', revision: '1' } });
  });
});

describe('the numbers of an order', () => {
  it('are refused where they are not E.164', () => {
    const wrong = port('main', { numbers: [{ number: '408-555-0177' }] });
    expect(problemsOf(compiled([wrong], { observed: noOrders }), wrong)).toEqual(['InvalidField numbers']);
  });

  it('are in one order at a time', () => {
    const desired = compiled([port('main'), port('other')], { observed: noOrders });
    expect(problemsOf(desired, port('other'))).toContain('Conflict numbers');
  });

  it('are told by the inventory where the endpoint has no API for ports', () => {
    const observed = observedAccount({
      user: [],
      phoneNumber: [{ phoneNumber: '+14085550177', status: 'PORTING' }],
    });
    const desired = compiled([port('main')], { observed });
    expect(problemsOf(desired, port('main'))).toEqual(['Unsupported']);
    expect(messageOf(desired, port('main'))).toContain('+14085550177 PORTING');
  });
});

describe('an order whose number takes the place of an extension', () => {
  const lobby = sharedExtension('lobby', '1001', { site: { name: 'Springfield HQ' } });
  const order = port('main', {
    numbers: [{ number: '+14085550177', replaces: { extensionRef: { name: 'lobby' } } }],
    submit: true,
  });
  const waiting = [{ reason: 'WaitingForDependency', message: 'waits for Extension lobby' }];
  const field = 'numbers[phoneNumber=+14085550177].extensionId';

  it('waits for an extension that is still to be made, as a new order and as a draft', () => {
    expect(objectOf(compiled([order, lobby], { observed: noOrders }), handle)?.waits).toEqual(waiting);
    const observed = observedAccount({ user: [], portingOrder: [{ id: 'po-1', status: 'DRAFT' }] });
    const draft = compiled([order, lobby], { observed, memory: bound(order, 'po-1') });
    expect(objectOf(draft, handle)?.waits).toEqual(waiting);
  });

  it('names the extension once it is there', () => {
    const desired = compiled([order, lobby], { observed: noOrders, memory: bound(lobby, 'ext-1') });
    expect(objectOf(desired, handle)?.waits).toEqual([]);
    expect(declared(desired, handle)).toMatchObject({ [field]: 'ext-1' });
  });

  it('waits for nothing that could not be changed any more', () => {
    const observed = observedAccount({ user: [], portingOrder: [{ id: 'po-1', status: 'SUBMITTED' }] });
    const desired = compiled([order, lobby], { observed, memory: bound(order, 'po-1') });
    expect(objectOf(desired, handle)?.waits).toEqual([]);
  });
});

describe('an order whose YAML is gone', () => {
  const leaving = deleting(
    port('main', { numbers: [{ number: '+14085550177', replaces: { temporaryNumber: '+14085550178' } }] }),
  );

  const lobby = sharedExtension('lobby', '1001', {
    site: { name: 'Springfield HQ' },
    phoneNumbers: [{ number: '+14085550178' }],
  });
  const goes = (objects: Parameters<typeof observedAccount>[0], memory = bound(leaving, 'po-1')) =>
    problemsOf(
      compiled([leaving, lobby], { observed: observedAccount({ user: [], ...objects }), memory }),
      leaving,
    );

  it('stays, once complete, while an extension names its temporary number', () => {
    expect(goes({ portingOrder: [{ id: 'po-1', status: 'COMPLETED' }] })).toEqual(['StillReferred']);
  });

  it('stays, once the inventory shows the swap, while an extension names its temporary number', () => {
    const phoneNumber = [{ phoneNumber: '+14085550177', status: 'ASSIGNED' }];
    expect(goes({ phoneNumber })).toEqual(['StillReferred']);
    expect(goes({ phoneNumber, portingOrder: [{ id: 'po-1', status: 'SCHEDULED' }] })).toEqual([
      'StillReferred',
    ]);
  });

  it.each(['DRAFT', 'SUBMITTED', 'EXCEPTION', 'CANCELLED'])(
    'may go when %s, whatever names its temporary number',
    (status) => {
      const phoneNumber = [{ phoneNumber: '+14085550178', status: 'ASSIGNED' }];
      expect(goes({ portingOrder: [{ id: 'po-1', status }], phoneNumber })).toEqual([]);
    },
  );

  it('may go when it was never made', () => {
    expect(goes({ portingOrder: [] }, new Map())).toEqual([]);
  });

  it('cancels nothing at the provider', () => {
    const observed = observedAccount({ user: [], portingOrder: [{ id: 'po-1', status: 'SUBMITTED' }] });
    expect(compiled([leaving], { observed, memory: bound(leaving, 'po-1') }).objects).toEqual([]);
  });
});
