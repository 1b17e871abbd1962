import { describe, expect, it } from 'vitest';
import { bound, compiled, outcomeOf, planned } from '../../account/testing/engine.ts';
import { observedAccount } from '../../account/testing/observed.ts';
import { port } from '../../account/testing/resources.ts';
import { hidden, patternOf } from '../../execution/conceal.ts';
import type { JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import { portingOrderStatus } from './porting-order-status.ts';

it('repeats no PIN that the provider repeats, and names the numbers all the same', () => {
  const order = port('main', { numbers: [{ number: '+14085554711' }] });
  const observed = observedAccount({
    user: [],
    portingOrder: [
      {
        id: 'po-1',
        reference: 'acme/main',
        status: 'EXCEPTION',
        providerStatus: 'PIN 47-11 refused',
        numbers: [{ phoneNumber: '+14085554711', status: 'EXCEPTION' }],
        exceptions: [
          { code: 'PASSCODE_PIN_INVALID', message: 'PIN 4711 is not on file', numbers: ['+14085554711'] },
        ],
        comments: [{ time: '2026-01-05T09:00:00Z', author: 'desk', text: 'They say that 4711 is wrong' }],
      },
    ],
  });
  const world = { observed, memory: bound(order, 'po-1') };
  const outcome = outcomeOf(planned([order], world), order);
  if (!outcome) throw new Error('The plan does not speak of the order');
  const pattern = patternOf('4711');
  const status = portingOrderStatus(order, {
    resource: order,
    outcome,
    desired: compiled([order], world),
    observed,
    now: '2026-01-05T09:00:00Z',
    conceal: (text) => hidden(text, pattern ? [pattern] : []),
  });
  expect(status.exceptions).toMatchObject([
    { message: 'PIN ‹secret› is not on file', numbers: ['+14085554711'] },
  ]);
  expect(status).toMatchObject({
    providerStatus: 'PIN ‹secret› refused',
    numbers: [{ number: '+14085554711' }],
  });
  const { numbers: _numbers, exceptions, ...rest } = status;
  expect(JSON.stringify([rest, exceptions?.map(({ message }) => message)])).not.toMatch(/47-?11/);
});

/** The status of an order that the provider knows as `body`, or that the inventory alone tells of. */
function statusOf(order: PortingOrder, bodies: Record<string, JsonObject[]>, now = '2026-01-05T09:00:00Z') {
  const observed = observedAccount({ user: [], ...bodies });
  const world = { observed, ...('portingOrder' in bodies ? { memory: bound(order, 'po-1') } : {}) };
  const outcome = outcomeOf(planned([order], world), order);
  if (!outcome) throw new Error('The plan does not speak of the order');
  return portingOrderStatus(order, {
    resource: order,
    outcome,
    desired: compiled([order], world),
    observed,
    now,
  });
}

const ready = (status: ReturnType<typeof portingOrderStatus>) =>
  status.conditions?.find(({ type }) => type === 'Ready');

describe('a draft', () => {
  const body = { id: 'po-1', reference: 'acme/main', status: 'DRAFT', numbers: [], portType: 'FULL' };

  it('shows all that would be sent, and of Secrets their names alone', () => {
    const { missing, wouldSend } = statusOf(
      port('main', {
        requestedDate: '2026-03-02',
        numbers: [{ number: '+14085550177', replaces: { temporaryNumber: '+14085550178' } }],
      }),
      { portingOrder: [body] },
    );
    expect(missing).toBeUndefined();
    expect(wouldSend?.split('\n')).toEqual([
      'port type: Full',
      'losing carrier: Example Telecom',
      expect.stringMatching(/^account number: from Secret \S+, key \S+$/),
      expect.stringMatching(/^billing telephone number: \+1408/),
      'end user: Acme Supply',
      'authorised person: Pat Example',
      'service address: 1 Example Way, Springfield, IL 62704, US',
      expect.stringMatching(/^letter of authority: from Secret \S+, key \S+$/),
      'requested date: 2026-03-02',
      'number: +14085550177 in the place of +14085550178',
    ]);
  });

  it('names what submission still needs', () => {
    const status = statusOf(port('main', { documents: {}, endUser: { name: ' ' }, portType: 'Partial' }), {
      portingOrder: [body],
    });
    expect(status.missing).toEqual([
      'endUser.name',
      'endUser.authorizedPerson',
      'endUser.serviceAddress',
      'documents.letterOfAuthority',
      'remainingNumbers',
    ]);
  });
});

describe('the history of an order', () => {
  const step = (hour: string, status: string) => ({ time: `2026-01-05T${hour}:00:00Z`, status });

  it('keeps what the provider told once, though it tells less later', () => {
    const body = { id: 'po-1', reference: 'acme/main', status: 'SUBMITTED', numbers: [] };
    const first = statusOf(port('main', { submit: true }), {
      portingOrder: [{ ...body, history: [step('08', 'DRAFT'), step('09', 'SUBMITTED')] }],
    });
    expect(first.history?.map(({ phase }) => phase)).toEqual(['Draft', 'Submitted']);
    const later = statusOf(
      { ...port('main', { submit: true }), status: first },
      {
        portingOrder: [
          { ...body, status: 'EXCEPTION', history: [step('09', 'SUBMITTED'), step('10', 'EXCEPTION')] },
        ],
      },
    );
    expect(later.history?.map(({ phase }) => phase)).toEqual(['Draft', 'Submitted', 'Exception']);
  });

  it('holds the newest hundred', () => {
    const history = Array.from({ length: 130 }, (_, index) => ({
      time: new Date(Date.UTC(2026, 0, 5) + index * 60_000).toISOString(),
      status: 'EXCEPTION',
    }));
    const body = { id: 'po-1', reference: 'acme/main', status: 'EXCEPTION', numbers: [], history };
    const status = statusOf(port('main', { submit: true }), { portingOrder: [body] });
    expect(status.history).toHaveLength(100);
    expect(status.history?.at(-1)?.time).toBe(history.at(-1)?.time);
  });
});

describe('an order where the endpoint has no API for ports', () => {
  const two = port('main', {
    submit: true,
    numbers: [{ number: '+14085550177' }, { number: '+14085550178' }],
  });
  const inventory = (first: string, second?: string) => ({
    phoneNumber: [
      { phoneNumber: '+14085550177', status: first },
      ...(second === undefined ? [] : [{ phoneNumber: '+14085550178', status: second }]),
    ],
  });

  it('is as far as its slowest number, and says what a person is to do', () => {
    const status = statusOf(two, inventory('PORTING'));
    expect(status).toMatchObject({
      phase: 'Draft',
      numbers: [
        { number: '+14085550177', phase: 'Submitted' },
        { number: '+14085550178', phase: 'Draft' },
      ],
      history: [{ phase: 'Draft' }],
    });
    expect(ready(status)).toMatchObject({ status: 'False', reason: 'Unsupported' });
    expect(status.wouldSend).toContain('Phone Numbers, Port Numbers');
    expect(status.wouldSend).toMatch(/^account number: from Secret \S+, key \S+$/m);
    expect(statusOf(two, inventory('PORTING', 'PORTING')).phase).toBe('Submitted');
  });

  it('is complete once all its numbers have arrived, and remembers the way there', () => {
    const before = statusOf(two, inventory('PORTING', 'PORTING'));
    const after = statusOf(
      { ...two, status: before },
      inventory('ASSIGNED', 'AVAILABLE'),
      '2026-02-01T09:00:00Z',
    );
    expect(ready(after)).toMatchObject({ status: 'True', reason: 'Completed' });
    expect(after).toMatchObject({
      phase: 'Completed',
      history: [{ phase: 'Submitted' }, { phase: 'Completed' }],
    });
    expect(after).not.toHaveProperty('wouldSend');
  });
});

describe('Ready of an order', () => {
  const readyOf = (status: string, spec: Partial<PortingOrder['spec']>) => {
    const order = port('main', { submit: true, ...spec });
    const { conditions } = statusOf(order, {
      portingOrder: [{ id: 'po-1', reference: 'acme/main', status }],
    });
    const ready = conditions?.find(({ type }) => type === 'Ready');
    return `${ready?.status} ${ready?.reason}`;
  };

  it.each([
    ['True Cancelled', 'CANCELLED', { cancel: true }],
    ['False PortException', 'CANCELLED', {}],
    ['True Completed', 'COMPLETED', {}],
    ['False Frozen', 'COMPLETED', { cancel: true }],
    ['Unknown NotRead', 'ON_HOLD', {}],
  ])('is %s where the provider says %s and the YAML %j', (ready, status, spec) => {
    expect(readyOf(status, spec)).toBe(ready);
  });
});
