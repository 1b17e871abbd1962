import { expect, it } from 'vitest';
import { bound, compiled, outcomeOf, planned } from '../../account/testing/engine.ts';
import { observedAccount } from '../../account/testing/observed.ts';
import { port } from '../../account/testing/resources.ts';
import { hidden, patternOf } from '../../execution/conceal.ts';
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
