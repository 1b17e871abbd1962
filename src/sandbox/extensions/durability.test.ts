import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Driver } from './testing/driver.ts';
import { orderBody } from './testing/order-body.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('after a restart ports go on, invitations expire and administrators are who they were', async () => {
  const file = join(folder, 'sandbox.db');
  const first = new Driver(file);
  const userId = first.company.users[1]?.id ?? '';
  const upload = await first.request(
    'POST',
    '/porting-documents?type=LETTER_OF_AUTHORITY&fileName=a.pdf',
    Buffer.from('letter'),
    'application/pdf',
  );
  const orderId = await first.written('POST', '/porting-orders', {
    ...orderBody,
    documents: { letterOfAuthority: upload.body.id ?? null },
  });
  await first.written('POST', `/porting-orders/${orderId}/submit`);
  await first.control('POST', `/porting-orders/${orderId}/advance`, { to: 'SUBMITTED' });
  const invitationId = await first.written('POST', '/invitations', { userId });
  const scopes = [{ pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] }];
  await first.written('PUT', `/administrators/${userId}`, { scopes });
  first.close();

  const second = new Driver(file);
  expect((await second.get(`/administrators/${userId}`)).body.scopes).toEqual(scopes);
  await second.advance(5 * 3_600_000);
  expect((await second.get(`/porting-orders/${orderId}`)).body.status).toBe('SCHEDULED');
  await second.advance(8 * 86_400_000);
  expect((await second.get(`/porting-orders/${orderId}`)).body.status).toBe('COMPLETED');
  expect((await second.get('/phone-numbers/%2B12175550190')).body.status).toBe('AVAILABLE');
  expect((await second.get(`/invitations/${invitationId}`)).body.status).toBe('EXPIRED');
  second.close();
});
