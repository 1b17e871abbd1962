import { expect, test } from 'vitest';
import { Driver } from './testing/driver.ts';

test('the discovery document names what is offered and where the audit records are', async () => {
  const { body, status } = await new Driver().get('/.well-known/dialops.json');
  expect(status).toBe(200);
  expect(body).toMatchObject({ apiVersion: 'v1', provider: 'sandbox', customerId: '0012J00042NkZQIQA3' });
  expect(body.offers).toContain('portingOrder');
  expect(body.auditUrl).toBe('http://127.0.0.1:8080/administration/audit/v1/audits');
});
