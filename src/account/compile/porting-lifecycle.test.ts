import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import {
  bound,
  compiled,
  now,
  outcomeOf,
  planned,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount } from '../testing/observed.ts';
import { port, sharedExtension } from '../testing/resources.ts';

const number = '+14085550177';
const shown: JsonObject = {
  id: 'po-1',
  reference: 'acme/main',
  portType: 'FULL',
  numbers: [{ phoneNumber: number, temporaryNumber: null, extensionId: null }],
  losingCarrier: { name: 'Example Telecom' },
  requestedDate: '2026-02-02',
};

function round(order: JsonObject, spec: Partial<PortingOrder['spec']> = {}, more: Partial<World> = {}) {
  const resource = port('main', spec);
  const observed = observedAccount({ user: [], portingOrder: [{ ...shown, ...order }] }, { rows: 'single' });
  const world = { observed, memory: bound(resource, 'po-1'), ...more };
  const plan = planned([resource], world);
  return {
    plan,
    problems: problemsOf(compiled([resource], world), resource),
    paths: plan.changes.flatMap(({ fields }) => fields.map(({ field }) => field.owners[0].field)),
    actions: plan.changes.map(({ action }) => action),
    reason: outcomeOf(plan, resource)?.reason,
  };
}

describe('an edit after submission', () => {
  it.each(['SUBMITTED', 'SCHEDULED', 'EXCEPTION', 'AWAITING_DOCUMENTS', 'CANCEL_PENDING'])(
    'is told to be too late when the order is %s',
    (status) => {
      const { problems, paths, reason } = round({ status }, { losingCarrier: { name: 'Other Telecom' } });
      expect(problems).toEqual(['Frozen losingCarrier.name']);
      expect(paths).not.toContain('losingCarrier.name');
      expect(reason).toBe('Frozen');
    },
  );

  it('is nothing to speak of where nothing differs, or once the order has ended', () => {
    expect(round({ status: 'SUBMITTED' }).problems).toEqual([]);
    expect(round({ status: 'COMPLETED' }, { losingCarrier: { name: 'Other Telecom' } }).problems).toEqual([]);
  });

  it.each(['COMPLETED', 'CANCELLED'])('needs no Secret any more once the order is %s', (status) => {
    const { problems, plan } = round({ status }, {}, { secretRevision: () => undefined });
    expect(problems).toEqual([]);
    expect(plan.changes).toEqual([]);
    expect(round({ status: 'EXCEPTION' }, {}, { secretRevision: () => undefined }).problems).toContain(
      'SecretNotFound losingCarrier.accountNumberSecretRef',
    );
  });

  it('may move the requested date until 48 hours before the confirmed one', () => {
    const spec = { requestedDate: '2026-03-03' };
    const scheduled = (hours: number) =>
      round({ status: 'SCHEDULED', confirmedDate: new Date(now + hours * 3_600_000).toISOString() }, spec);
    expect(round({ status: 'SUBMITTED' }, spec).paths).toEqual(['requestedDate']);
    expect(scheduled(49).paths).toEqual(['requestedDate']);
    expect(scheduled(47).problems).toEqual(['Frozen requestedDate']);
  });

  it('may correct the service address in an exception alone', () => {
    const moved = (status: string) =>
      round({ status, endUser: { serviceAddress: { street: '2 Example Way' } } });
    expect(moved('EXCEPTION').paths).toContain('endUser.serviceAddress');
    expect(moved('AWAITING_DOCUMENTS').problems).toEqual(['Frozen endUser.serviceAddress']);
  });

  it.each(['SUBMITTED', 'SCHEDULED', 'CANCEL_PENDING'])(
    'of what stands in a Secret is told to be too late when the order is %s',
    (status) => {
      const resource = port('main');
      const memory = remembers(resource, {
        externalId: 'po-1',
        applied: { 'losingCarrier.accountNumberSecretRef': 'before' },
        handled: { 'document:letterOfAuthority': 'before=doc-1' },
      });
      const { problems, reason } = round({ status }, {}, { memory });
      expect(problems).toEqual([
        'Frozen losingCarrier.accountNumberSecretRef',
        'Frozen documents.letterOfAuthority',
      ]);
      expect(reason).toBe('Frozen');
    },
  );

  it('of what stands in a Secret is told of an order that was submitted before anybody remembered it', () => {
    const secret = 'losingCarrier.accountNumberSecretRef';
    const first = round({ status: 'SUBMITTED' });
    expect(first).toMatchObject({ problems: [], paths: [], actions: [] });
    const applied = outcomeOf(first.plan, port('main'))?.applied ?? {};
    expect(applied[secret]).toBe('1');
    const memory = remembers(port('main'), { externalId: 'po-1', applied });
    const later = round({ status: 'SUBMITTED' }, {}, { memory, secretRevision: () => '2' });
    expect(later.problems).toEqual([`Frozen ${secret}`]);
    expect(later.paths).toEqual([]);
  });

  it('of what stands in a Secret is sent as a correction in an exception', () => {
    const memory = remembers(port('main'), {
      externalId: 'po-1',
      applied: { 'losingCarrier.accountNumberSecretRef': 'before' },
    });
    const { problems, paths } = round({ status: 'EXCEPTION' }, {}, { memory });
    expect(problems).toEqual([]);
    expect(paths).toContain('losingCarrier.accountNumberSecretRef');
  });

  it('is none where the Secret is as it was sent', () => {
    const memory = remembers(port('main'), {
      externalId: 'po-1',
      applied: { 'losingCarrier.accountNumberSecretRef': '1' },
    });
    expect(round({ status: 'SUBMITTED' }, {}, { memory }).problems).toEqual([]);
  });

  it('of the numbers that stay is told to be too late', () => {
    const { problems } = round(
      { status: 'EXCEPTION', portType: 'PARTIAL', remainingNumbers: { action: 'KEEP' } },
      { portType: 'Partial', remainingNumbers: { action: 'Disconnect' } },
    );
    expect(problems).toEqual(['Frozen remainingNumbers.action']);
  });

  it('can not take a number out; in a draft it can', () => {
    const numbers = [{ phoneNumber: number }, { phoneNumber: '+14085550178' }];
    expect(round({ status: 'DRAFT', numbers }).paths).toContain('numbers[+14085550178]');
    expect(round({ status: 'SUBMITTED', numbers }).problems).toEqual(['Frozen numbers[+14085550178]']);
  });
});

describe('the submission of a draft', () => {
  it('waits while the account does not have all that is declared', () => {
    const { plan, reason } = round({ status: 'DRAFT' }, { submit: true });
    // It is seen before: what is sent to the carrier is not taken back.
    expect(plan.changes.map(({ action, gate }) => [action, gate?.kind])).toEqual([
      ['Update', undefined],
      ['Submit', 'waits'],
    ]);
    expect(reason).toBe('Updating');
  });

  it('waits while a Secret is missing: it would be missing for good', () => {
    const { actions, reason } = round(
      { status: 'DRAFT' },
      { submit: true },
      { secretRevision: () => undefined },
    );
    expect(actions).not.toContain('Submit');
    expect(reason).toBe('SecretNotFound');
  });

  it('needs to know what becomes of the numbers that stay', () => {
    const { problems } = round({ status: 'DRAFT' }, { submit: true, portType: 'Partial' });
    expect(problems).toEqual(['Incomplete submit']);
  });
});

describe('a cancellation', () => {
  it('is asked for without putting anything right first', () => {
    const { actions } = round({ status: 'SUBMITTED' }, { cancel: true, requestedDate: '2026-03-03' });
    expect(actions).toEqual(['Cancel']);
  });

  it('makes no order in order to cancel it', () => {
    const observed = observedAccount({ user: [], portingOrder: [] });
    expect(planned([port('main', { cancel: true })], { observed }).changes).toEqual([]);
  });

  it('is possible while no date is confirmed yet', () => {
    expect(round({ status: 'SCHEDULED', confirmedDate: null }, { cancel: true }).actions).toEqual(['Cancel']);
  });
});

describe('an order that is no longer at the provider', () => {
  it('is never made again', () => {
    const observed = observedAccount({ user: [], portingOrder: [] }, { gone: ['portingOrder/po-1'] });
    const { actions, reason } = round({}, {}, { observed });
    expect(actions).toEqual([]);
    expect(reason).toBe('Missing');
  });
});

describe('a number of an order', () => {
  it('takes the place of a temporary number or of an extension, never of both', () => {
    const lobby = sharedExtension('lobby', '7100', { site: { id: 'site-1' } });
    const extension = { id: 'ext-7', extensionNumber: '7100', site: { id: 'site-1' }, userId: null };
    const order = port('main', { numbers: [{ number, replaces: { extensionRef: { name: 'lobby' } } }] });
    const numbers = [{ phoneNumber: number, temporaryNumber: '+14085550170', extensionId: null }];
    const plan = planned([order, lobby], {
      observed: observedAccount(
        { user: [], extension: [extension], portingOrder: [{ ...shown, status: 'DRAFT', numbers }] },
        { rows: 'single' },
      ),
      memory: new Map([...bound(order, 'po-1'), ...bound(lobby, 'ext-7')]),
    });
    const values = plan.changes
      .filter(({ type }) => type === 'portingOrder')
      .flatMap(({ fields }) => fields.map(({ field, to }) => [field.owners[0].field, to]));
    expect(values).toContainEqual([`numbers[${number}].temporaryNumber`, null]);
    expect(values).toContainEqual([`numbers[${number}].extension`, 'ext-7']);
  });
});
