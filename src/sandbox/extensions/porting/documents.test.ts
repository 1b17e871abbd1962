import { expect, test } from 'vitest';
import { Driver, fields } from '../testing/driver.ts';
import { maximumDocumentBytes } from './documents.ts';

test('the same bytes and type give the same id, and never come back', async () => {
  const driver = new Driver();
  const post = (type: string, text: string) =>
    driver.request(
      'POST',
      `/porting-documents?type=${type}&fileName=letter.pdf`,
      Buffer.from(text),
      'application/pdf',
    );
  const first = await post('LETTER_OF_AUTHORITY', 'signed');
  expect(first).toMatchObject({ status: 200, body: { size: 6, contentType: 'application/pdf' } });
  expect((await post('LETTER_OF_AUTHORITY', 'signed')).body).toEqual(first.body);
  expect((await post('BILL', 'signed')).body.id).not.toBe(first.body.id);
  expect((await driver.get(`/porting-documents/${first.body.id}`)).body).toEqual(first.body);
  expect((await driver.get('/porting-documents/nothing')).status).toBe(404);
  const records = await driver.audit('portingDocument');
  expect(records.map((record) => record.eventType).sort()).toEqual(['create', 'create', 'update']);
});

test('what cannot be a document is refused', async () => {
  const driver = new Driver();
  const post = (query: string, size: number, type = 'image/png') =>
    driver.request('POST', `/porting-documents?${query}`, Buffer.alloc(size, 1), type);
  expect(fields(await post('fileName=a', 1))).toEqual(['type']);
  expect(fields(await post('type=BILL', 1))).toEqual(['fileName']);
  expect((await post('type=BILL&fileName=a', maximumDocumentBytes + 1)).status).toBe(400);
  expect((await post('type=BILL&fileName=a', 0)).status).toBe(400);
  expect((await post('type=BILL&fileName=a', maximumDocumentBytes)).status).toBe(200);
});
