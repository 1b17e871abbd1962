import { expect, test } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { declaredOperations, violations } from './testing/contract.ts';
import { Driver } from './testing/driver.ts';

// Every driver checks each answer as it comes; here is what makes that worth something.
const type = 'application/vnd.user-groups.v1+json';
const page = { data: [{ id: 'a', name: 'b' }], pagination: { hasMore: false } };

test('every operation that is described is there, and answers as described', async () => {
  const driver = new Driver();
  for (const operation of declaredOperations().keys()) {
    const [method, path = ''] = operation.split(' ');
    if (method !== 'GET' && method !== 'POST' && method !== 'PUT' && method !== 'DELETE') continue;
    const target = path.replace(/\{[^}]+\}/, 'nothing');
    const [body, contentType]: [JsonObject | Uint8Array, string?] =
      path === '/porting-documents' ? [Buffer.from('x'), 'image/png'] : [{}];
    const hasBody = (method === 'POST' || method === 'PUT') && !/(submit|cancel)$/.test(path);
    const answer = await driver.request(method, target, hasBody ? body : undefined, contentType);
    expect([operation, answer.status], JSON.stringify(answer.body)).toEqual([
      operation,
      expect.toSatisfy((status: number) => status !== 405 && status < 500),
    ]);
  }
  expect([...driver.exercised].sort()).toEqual([...declaredOperations().keys()].sort());
});

test.each([
  ['an undeclared status', 418, type, page],
  ['another media type', 200, 'application/json', page],
  ['an unknown property', 200, type, { ...page, data: [{ id: 'a', name: 'b', colour: 'red' }] }],
  ['a missing property', 200, type, { ...page, data: [{ id: 'a' }] }],
  ['a wrong type', 200, type, { ...page, data: [{ id: 'a', name: 3 }] }],
  ['null where it is not allowed', 200, type, { ...page, data: [{ id: 'a', name: null }] }],
])('the contract notices %s', (_name, status, contentType, body) => {
  expect(violations('GET /user-groups', 200, type, page)).toEqual([]);
  expect(violations('GET /user-groups', status, contentType, body)).not.toEqual([]);
});
