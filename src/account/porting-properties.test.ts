import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import type { PortingOrder } from '../resources/generated/porting-order.ts';
import { applyFields } from './apply.ts';
import type { Plan } from './plan.ts';
import { bound, compiled, planned, problemsOf, remembered, remembers } from './testing/engine.ts';
import { observedAccount } from './testing/observed.ts';
import { deleting, port } from './testing/resources.ts';

const word = fc.stringMatching(/^[A-Z][a-z]{2,9}$/);
const final = (index: number) => `+1408555010${index}`;
const temporary = (index: number) => `+1408555012${index}`;

/** A complete port with documents that are uploaded already, submitted or not. */
const order: fc.Arbitrary<PortingOrder> = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    stands: fc.boolean(),
    submit: fc.boolean(),
    requestedDate: fc.constantFrom('2026-02-02', '2026-03-03'),
    carrier: word,
    name: word,
    authorizedPerson: word,
    street: word,
    partial: fc.option(fc.constantFrom('Keep' as const, 'Disconnect' as const)),
    letter: fc.constantFrom('doc-1', 'doc-2'),
  })
  .map(({ authorizedPerson, carrier, count, letter, name, partial, requestedDate, stands, street, submit }) =>
    port('main', {
      submit,
      requestedDate,
      numbers: Array.from({ length: count }, (_, index) => ({
        number: final(index),
        ...(stands ? { replaces: { temporaryNumber: temporary(index) } } : {}),
      })),
      ...(partial
        ? {
            portType: 'Partial' as const,
            remainingNumbers: {
              action: partial,
              ...(partial === 'Keep' ? { newBillingTelephoneNumber: '+14085550199' } : {}),
            },
          }
        : {}),
      losingCarrier: {
        name: carrier,
        accountNumberSecretRef: { name: 'port', key: 'account' },
        billingTelephoneNumber: final(0),
      },
      endUser: {
        name,
        authorizedPerson,
        serviceAddress: { street, city: 'Springfield', state: 'IL', postal: '62704', country: 'US' },
      },
      documents: { letterOfAuthority: { documentId: letter } },
    }),
  );

const submitted = fc.constantFrom(
  'SUBMITTED',
  'SCHEDULED',
  'CANCEL_PENDING',
  'EXCEPTION',
  'AWAITING_DOCUMENTS',
);
const anyStatus = fc.oneof(submitted, fc.constantFrom('DRAFT', 'COMPLETED', 'CANCELLED', 'NEVER_HEARD_OF'));

/** What the provider holds once it was asked for this order. */
function made(resource: PortingOrder, status: string): JsonObject {
  const plan = planned([resource], { observed: provider() });
  const fields = plan.changes.flatMap((change) => change.fields.map(({ field }) => field));
  return { ...applyFields({}, fields), id: 'po-1', status };
}

function provider(...orders: JsonObject[]) {
  return observedAccount({ user: [], portingOrder: orders }, { rows: 'single' });
}

/** The plan for a resource that made this order and remembers it. */
function planFor(resource: PortingOrder, body: JsonObject): Plan {
  const observed = provider(body);
  const first = planned([resource], { observed, memory: bound(resource, 'po-1') });
  const { applied = {} } = remembered(first, resource, 'po-1').get('PortingOrder/acme/main') ?? {};
  const memory = remembers(resource, {
    externalId: 'po-1',
    applied: { ...applied, 'losingCarrier.accountNumberSecretRef': '1' },
  });
  return planned([resource], { observed, memory });
}

const actionsOf = ({ changes }: Plan) => changes.map(({ action }) => action);
const writtenBy = ({ changes }: Plan) =>
  changes.flatMap(({ fields }) => fields.map(({ field }) => field.owners[0].field));

describe('compile and diff, for any port', () => {
  it('make it once, and then differ in nothing', () => {
    fc.assert(
      fc.property(order, (resource) => {
        const submission = resource.spec.submit ? ['Submit'] : [];
        const first = planned([resource], { observed: provider() });
        expect(actionsOf(first)).toEqual(['Create', ...submission]);
        expect(actionsOf({ ...first, changes: first.changes.filter(({ gate }) => !gate) })).toEqual([
          'Create',
        ]);
        const plan = planFor(resource, made(resource, 'DRAFT'));
        expect(writtenBy(plan)).toEqual([]);
        expect(actionsOf(plan)).toEqual(submission);
      }),
    );
  });

  it('bring a draft from one form to any other in one round', () => {
    fc.assert(
      fc.property(order, order, (before, after) => {
        const body = made(before, 'DRAFT');
        const fields = planFor(after, body).changes.flatMap((change) =>
          change.fields.map(({ field }) => field),
        );
        expect(writtenBy(planFor(after, applyFields(body, fields)))).toEqual([]);
      }),
    );
  });

  it('write nothing that an order can not take, and name what of the edit it can not', () => {
    fc.assert(
      fc.property(order, order, submitted, (before, after, status) => {
        const body = made(before, status);
        const written = writtenBy(planFor(after, body));
        for (const field of written)
          expect(field).toMatch(
            status === 'SUBMITTED' || status === 'SCHEDULED'
              ? /^requestedDate$/
              : /^(requestedDate|endUser\.|documents\.|losingCarrier\.(accountNumber|pin))/,
          );
        if (status === 'CANCEL_PENDING') expect(written).toEqual([]);
        const world = { observed: provider(body), memory: bound(after, 'po-1') };
        const isLate = before.spec.losingCarrier?.name !== after.spec.losingCarrier?.name;
        expect(problemsOf(compiled([after], world), after).includes('Frozen losingCarrier.name')).toBe(
          isLate,
        );
      }),
    );
  });

  it('never make, delete or cancel one that is there unasked, whatever its state', () => {
    fc.assert(
      fc.property(order, order, anyStatus, (before, after, status) => {
        const body = made(before, status);
        const actions = [
          ...actionsOf(planFor(after, body)),
          ...actionsOf(planFor(deleting(after), body)),
          ...actionsOf(planned([after], { observed: provider(body) })),
        ];
        expect(actions.filter((action) => action !== 'Update' && action !== 'Submit')).toEqual([]);
        expect(actionsOf(planFor(deleting(after), body))).toEqual([]);
      }),
    );
  });
});
