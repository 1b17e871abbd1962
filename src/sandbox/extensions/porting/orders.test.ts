import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../foundation/json.ts';
import { codes, Driver, fields, object, objects } from '../testing/driver.ts';
import { orderBody } from '../testing/order-body.ts';

const hour = 3_600_000;
let driver: Driver;
let temporary: string;
let extensionId: string;

beforeEach(() => {
  driver = new Driver();
  temporary = driver.company.extensions[1]?.phoneNumbers[0]?.phoneNumber ?? '';
  extensionId = driver.company.extensions[2]?.id ?? '';
});

async function upload(type: 'LETTER_OF_AUTHORITY' | 'BILL'): Promise<string> {
  const path = `/porting-documents?type=${type}&fileName=a.pdf`;
  const answer = await driver.request('POST', path, Buffer.from(type), 'application/pdf');
  return String(answer.body.id);
}

async function complete(changes: JsonObject = {}): Promise<JsonObject> {
  return {
    ...orderBody,
    portType: 'PARTIAL',
    numbers: [
      { phoneNumber: '+12175550190', temporaryNumber: temporary },
      { phoneNumber: '+12175550191', extensionId },
    ],
    remainingNumbers: { action: 'KEEP', newBillingTelephoneNumber: '+12175550198' },
    documents: { letterOfAuthority: await upload('LETTER_OF_AUTHORITY'), bill: await upload('BILL') },
    ...changes,
  };
}

async function create(changes: JsonObject = {}): Promise<string> {
  return driver.written('POST', '/porting-orders', await complete(changes));
}

async function submitted(changes: JsonObject = {}): Promise<string> {
  const id = await create(changes);
  await driver.written('POST', `/porting-orders/${id}/submit`);
  return id;
}

const order = async (id: string) => (await driver.get(`/porting-orders/${id}`)).body;
const number = async (text: string) => (await driver.get(`/phone-numbers/${encodeURIComponent(text)}`)).body;
const advance = (id: string, body: JsonObject) =>
  driver.control('POST', `/porting-orders/${id}/advance`, body);
const statuses = (body: JsonObject) => objects(body.history).map((entry) => entry.status);

describe('a draft', () => {
  test('may lack anything but its reference', async () => {
    const id = await driver.written('POST', '/porting-orders', { reference: 'empty' });
    expect(await order(id)).toMatchObject({
      reference: 'empty',
      status: 'DRAFT',
      numbers: [],
      portType: null,
    });
    expect(fields(await driver.request('POST', '/porting-orders', {}))).toEqual(['reference']);
  });

  test('never shows account number or PIN, keeps them when left out and loses them by null', async () => {
    const id = await create();
    const shown = await order(id);
    expect(JSON.stringify(shown)).not.toMatch(/"(12345|9876)"/);
    expect(shown).toMatchObject({ accountNumberSet: true, pinSet: true });
    await driver.written('PUT', `/porting-orders/${id}`, { ...shown, pin: null });
    expect(await order(id)).toMatchObject({ accountNumberSet: true, pinSet: false });
  });

  test('makes both numbers of a pair PRE_PORTING, until the pair is given up', async () => {
    const id = await create();
    expect(await number(temporary)).toMatchObject({ status: 'PRE_PORTING', portingNumber: '+12175550190' });
    expect(await number('+12175550190')).toMatchObject({
      status: 'PRE_PORTING',
      origin: 'PORTING',
      temporaryNumber: temporary,
    });
    await driver.written('PUT', `/porting-orders/${id}`, { ...(await order(id)), numbers: [] });
    expect(await number(temporary)).toMatchObject({ status: 'ASSIGNED', portingNumber: null });
    expect((await driver.get('/phone-numbers/%2B12175550190')).status).toBe(404);
  });

  test('shares neither reference nor number with another open order', async () => {
    await create();
    const again = await driver.request('POST', '/porting-orders', await complete());
    expect([again.status, ...fields(again)]).toEqual([409, 'reference']);
    const other = await driver.request('POST', '/porting-orders', await complete({ reference: 'other' }));
    expect([other.status, ...fields(other)]).toEqual([409, 'numbers[0].phoneNumber']);
    const present = { reference: 'present', numbers: [{ phoneNumber: temporary }] };
    expect((await driver.request('POST', '/porting-orders', present)).status).toBe(409);
  });

  test('is told of unknown stand-ins, extensions and documents', async () => {
    const numbers = [
      { phoneNumber: '+12175550193', temporaryNumber: '+12175550100' },
      { phoneNumber: '+12175550194', extensionId: 'nobody' },
    ];
    const answer = await driver.request('POST', '/porting-orders', { reference: 'x', numbers });
    expect(fields(answer)).toEqual(['numbers[0].temporaryNumber', 'numbers[1].extensionId']);
    const documents = { letterOfAuthority: 'nothing' };
    expect(fields(await driver.request('POST', '/porting-orders', { reference: 'x', documents }))).toEqual([
      'documents.letterOfAuthority',
    ]);
  });

  test('is cancelled at once, and its reference stays taken', async () => {
    const id = await create();
    await driver.written('POST', `/porting-orders/${id}/cancel`);
    expect(await order(id)).toMatchObject({ status: 'CANCELLED' });
    expect(await number(temporary)).toMatchObject({ status: 'ASSIGNED' });
    expect((await driver.request('POST', `/porting-orders/${id}/cancel`)).status).toBe(409);
  });
});

describe('submission', () => {
  test('names all that is missing', async () => {
    const id = await driver.written('POST', '/porting-orders', { reference: 'empty' });
    const answer = await driver.request('POST', `/porting-orders/${id}/submit`);
    expect(answer.status).toBe(400);
    expect(fields(answer)).toEqual([
      'numbers',
      'portType',
      'losingCarrier.name',
      'accountNumber',
      'billingTelephoneNumber',
      'endUser.name',
      'endUser.authorizedPerson',
      'endUser.serviceAddress.street',
      'endUser.serviceAddress.city',
      'endUser.serviceAddress.state',
      'endUser.serviceAddress.postal',
      'endUser.serviceAddress.country',
      'documents.letterOfAuthority',
    ]);
  });

  test.each([
    [
      'a toll-free number among local ones',
      { numbers: [{ phoneNumber: '+18005550123' }, { phoneNumber: '+12175550192' }] },
      'numbers',
    ],
    ['a partial port that says nothing of the rest', { remainingNumbers: null }, 'remainingNumbers'],
    [
      'a ported billing number without a successor',
      { remainingNumbers: { action: 'KEEP' } },
      'remainingNumbers.newBillingTelephoneNumber',
    ],
    ['a full port that keeps something', { portType: 'FULL' }, 'remainingNumbers'],
    ['a date that has passed', { requestedDate: '2026-01-04' }, 'requestedDate'],
  ])('refuses %s', async (_name, changes: JsonObject, field) => {
    const id = await create(changes);
    expect(fields(await driver.request('POST', `/porting-orders/${id}/submit`))).toEqual([field]);
  });

  test('without a bill waits for it, and goes on by the PUT that brings it', async () => {
    const whole = await complete();
    const letter = object(whole.documents).letterOfAuthority ?? null;
    const id = await submitted({ documents: { letterOfAuthority: letter } });
    expect(await order(id)).toMatchObject({ status: 'AWAITING_DOCUMENTS' });
    expect(await number(temporary)).toMatchObject({ status: 'PRE_PORTING' });
    await driver.written('PUT', `/porting-orders/${id}`, {
      ...(await order(id)),
      documents: whole.documents ?? null,
    });
    expect(await order(id)).toMatchObject({ status: 'SUBMITTED' });
    expect(await number(temporary)).toMatchObject({ status: 'PORTING' });
  });

  test('freezes all but the wanted date', async () => {
    const id = await submitted();
    const shown = await order(id);
    const frozen: JsonObject = {
      numbers: [],
      portType: 'FULL',
      billingTelephoneNumber: '+12175550197',
      losingCarrier: { name: 'Other' },
      endUser: null,
      accountNumber: '777',
    };
    const answer = await driver.request('PUT', `/porting-orders/${id}`, { ...shown, ...frozen });
    expect(answer.status).toBe(400);
    expect(fields(answer).sort()).toEqual([
      'accountNumber',
      'billingTelephoneNumber',
      'endUser',
      'losingCarrier.name',
      'numbers',
      'portType',
    ]);
    expect(
      fields(await driver.request('PUT', `/porting-orders/${id}`, { ...shown, reference: 'new' })),
    ).toEqual(['reference']);
    await driver.written('PUT', `/porting-orders/${id}`, shown);
    expect(await order(id)).toEqual(shown);
  });
});

describe('on its way', () => {
  test('an order is scheduled on a business day, then the numbers move by themselves', async () => {
    const id = await submitted();
    await driver.advance(4 * hour);
    expect(await order(id)).toMatchObject({ status: 'SCHEDULED', confirmedDate: '2026-01-09T16:30:00.000Z' });
    await driver.advance(5 * 24 * hour);
    const done = await order(id);
    expect(done).toMatchObject({ status: 'COMPLETED', confirmedDate: '2026-01-09T16:30:00.000Z' });
    expect(statuses(done)).toEqual(['DRAFT', 'SUBMITTED', 'SCHEDULED', 'COMPLETED']);
    expect(objects(done.history).at(-1)?.time).toBe('2026-01-09T16:30:00.000Z');
    expect((await driver.get(`/phone-numbers/${encodeURIComponent(temporary)}`)).status).toBe(404);
    expect(await number('+12175550190')).toMatchObject({
      status: 'ASSIGNED',
      origin: 'PORTING',
      temporaryNumber: null,
    });
    expect(await number('+12175550191')).toMatchObject({ status: 'ASSIGNED' });
    const user = await driver.get(`/users/${driver.company.users[1]?.id}`);
    expect(objects(object(user.body.serviceInfo).extensions)[0]).toMatchObject({
      primaryPhoneNumber: '+12175550190',
    });
    expect((await driver.audit('phoneNumber')).length).toBe(2);
  });

  test('a wanted date is met, or the first business day after it', async () => {
    const id = await submitted({ requestedDate: '2026-01-17' });
    await driver.advance(4 * hour);
    expect(await order(id)).toMatchObject({ confirmedDate: '2026-01-20T16:30:00.000Z' });
    await driver.written('PUT', `/porting-orders/${id}`, {
      ...(await order(id)),
      requestedDate: '2026-01-28',
    });
    expect(await order(id)).toMatchObject({ status: 'SUBMITTED', confirmedDate: null });
    await driver.advance(4 * hour);
    expect(await order(id)).toMatchObject({ confirmedDate: '2026-01-28T16:30:00.000Z' });
  });

  test('within 48 hours of the date nothing can be changed or cancelled', async () => {
    const id = await submitted();
    await advance(id, { to: 'SCHEDULED', confirmedDate: '2026-01-07T08:00:00Z' });
    const shown = await order(id);
    const put = await driver.request('PUT', `/porting-orders/${id}`, {
      ...shown,
      requestedDate: '2026-02-02',
    });
    expect([put.status, ...codes(put)]).toEqual([409, 'CONFLICT']);
    expect((await driver.request('POST', `/porting-orders/${id}/cancel`)).status).toBe(409);
  });

  test('cancelling waits for the losing carrier', async () => {
    const id = await submitted();
    await driver.written('POST', `/porting-orders/${id}/cancel`);
    expect(await order(id)).toMatchObject({ status: 'CANCEL_PENDING' });
    await driver.advance(2 * hour);
    expect(await order(id)).toMatchObject({ status: 'CANCELLED' });
    expect(await number(temporary)).toMatchObject({ status: 'ASSIGNED', portingNumber: null });
    const again = await driver.written('POST', '/porting-orders', await complete({ reference: 'second' }));
    expect(await order(again)).toMatchObject({ status: 'DRAFT' });
  });

  test('a wrong PIN is an exception, which its correction ends', async () => {
    const id = await submitted({ pin: '0000' });
    await driver.advance(4 * hour);
    const refused = await order(id);
    expect(refused).toMatchObject({ status: 'EXCEPTION', exceptions: [{ code: 'PASSCODE_PIN_INVALID' }] });
    expect(objects(refused.numbers)[0]).toMatchObject({
      status: 'EXCEPTION',
      exception: 'PASSCODE_PIN_INVALID',
    });
    const numbers = { ...refused, numbers: [] };
    expect(fields(await driver.request('PUT', `/porting-orders/${id}`, numbers))).toEqual(['numbers']);
    await driver.written('PUT', `/porting-orders/${id}`, { ...refused, pin: '4321' });
    expect(await order(id)).toMatchObject({ status: 'SUBMITTED', exceptions: [] });
    await driver.advance(4 * hour);
    expect(await order(id)).toMatchObject({ status: 'SCHEDULED' });
  });

  test('a split order has children, and shows the most urgent of them', async () => {
    const id = await submitted();
    await advance(id, { split: [['+12175550190']], comment: 'Two rate centres' });
    const children = objects((await order(id)).children);
    expect(children.map((child) => child.numbers)).toEqual([['+12175550190'], ['+12175550191']]);
    await advance(id, { to: 'COMPLETED', child: children[0]?.id ?? null });
    await advance(id, {
      to: 'EXCEPTION',
      child: children[1]?.id ?? null,
      exception: { code: 'LOCATION_MISMATCH', numbers: ['+12175550191'] },
    });
    const shown = await order(id);
    expect(shown).toMatchObject({ status: 'EXCEPTION', comments: [{ text: 'Two rate centres' }] });
    expect(objects(shown.numbers).map((one) => [one.status, one.exception])).toEqual([
      ['COMPLETED', null],
      ['EXCEPTION', 'LOCATION_MISMATCH'],
    ]);
    expect(await number('+12175550190')).toMatchObject({ status: 'ASSIGNED' });
    expect(await number('+12175550191')).toMatchObject({ status: 'PORTING' });
    const endUser = {
      ...object(shown.endUser),
      serviceAddress: { ...object(object(shown.endUser).serviceAddress), street: '2 Example Ave' },
    };
    await driver.written('PUT', `/porting-orders/${id}`, { ...shown, endUser });
    expect(objects((await order(id)).children).map((child) => child.status)).toEqual([
      'COMPLETED',
      'SUBMITTED',
    ]);
  });

  test('orders are found by reference and status, and each write is audited', async () => {
    const id = await submitted();
    expect((await driver.rows('/porting-orders?filter=reference==front-desk')).map((row) => row.id)).toEqual([
      id,
    ]);
    expect(await driver.rows('/porting-orders?filter=status==DRAFT')).toEqual([]);
    const records = await driver.audit('portingOrder');
    expect(records.map((record) => record.eventType)).toEqual(['update', 'create']);
    expect(JSON.stringify(records)).not.toMatch(/12345|9876/);
  });
});
