import { expect, test } from 'vitest';
import { Distinct } from '../../conformance/distinct.ts';
import type { Exchange } from '../../conformance/exchange.ts';

const [one, other] = ['6f1c1e0a-0000-4000-8000-000000000001', '6f1c1e0a-0000-4000-8000-000000000002'];

function exchange(path: string, body: object, { left = '9', sent = '' } = {}): Exchange {
  return {
    request: {
      method: sent === '' ? 'GET' : 'PUT',
      url: `http://127.0.0.1:8480${path}`,
      headers: {},
      ...(sent && { body: sent }),
    },
    previous: { id: one },
    injected: false,
    response: { status: 200, headers: { 'x-ratelimit-remaining': left }, body: JSON.stringify(body) },
  };
}

test('the same with other ids, times and limits left is not new', () => {
  const distinct = new Distinct();
  const at = (time: string) => ({ time });
  expect(distinct.isNew(exchange(`/things/${one}`, at('2026-01-02T03:04:05Z')))).toBe(true);
  expect(distinct.isNew(exchange(`/things/${one}`, at('2026-01-02T03:04:05Z')))).toBe(false);
  expect(distinct.isNew(exchange(`/things/${other}`, at('2026-01-02T03:04:06Z'), { left: '8' }))).toBe(false);
});

test.each([
  ['another id in one of two places', `/things/${one}`, { id: other }],
  ['what is no id', `/things/${one}`, { id: one.slice(1) }],
  ['what is no time', `/things/${one}`, { id: one, time: '2026-01-02 03:04:05' }],
  ['another member', `/things/${one}`, { name: one }],
  ['another path', `/thingz/${one}`, { id: one }],
])('%s is new', (_, path, body) => {
  const distinct = new Distinct();
  distinct.isNew(exchange(`/things/${one}`, { id: one }));
  expect(distinct.isNew(exchange(path, body))).toBe(true);
});

test('a body that sends back another than was read is new', () => {
  const distinct = new Distinct();
  distinct.isNew(exchange('/things', {}, { sent: JSON.stringify({ id: one }) }));
  expect(distinct.isNew(exchange('/things', {}, { sent: JSON.stringify({ id: other }) }))).toBe(true);
});
