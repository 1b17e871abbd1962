import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../../src/foundation/http.ts';
import type { Exchange } from '../../conformance/exchange.ts';
import { LastReads } from '../../conformance/last-reads.ts';
import { heardFlows } from '../../conformance/run-test-flows.ts';
import { ExchangeTap, listenToFlows } from '../../flows/support/heard.ts';

const request: HttpRequest = { method: 'GET', url: 'http://127.0.0.1:8480/things/1', headers: {} };
const answering = (status: number) => async (): Promise<HttpResponse> => ({
  status,
  headers: {},
  body: '{"id":"1"}',
});
const told: Exchange[] = [];
listenToFlows((exchange) => told.push(exchange));

beforeEach(() => {
  told.length = 0;
});

test('an answer is told with what the same client had read before', async () => {
  const tap = new ExchangeTap();
  const reads = new LastReads();
  await tap.answer(request, reads, answering(200));
  await tap.answer({ ...request, method: 'PUT' }, reads, answering(202));
  expect(told).toMatchObject([
    { request, injected: false, response: { status: 200 } },
    { request: { method: 'PUT' }, previous: { id: '1' }, response: { status: 202 } },
  ]);
  expect(told[0]).not.toHaveProperty('previous');
});

test('an answer with an injected status is not told, its request is; any other is, and all are once faults are over', async () => {
  const tap = new ExchangeTap();
  tap.noteFault({ match: { path: '/things' }, respond: { status: 503, code: 'SERVICE_UNAVAILABLE' } });
  const reads = new LastReads();
  await tap.answer(request, reads, answering(503));
  await tap.answer(request, reads, answering(404));
  tap.noteFault(undefined);
  await tap.answer(request, reads, answering(503));
  expect(told.map(({ injected, response }) => [injected, response?.status])).toEqual([
    [true, undefined],
    [false, 404],
    [false, 503],
  ]);
});

test('a request whose answer is lost is told', async () => {
  const lost = new Error('Connection closed');
  const answer = new ExchangeTap().answer(request, new LastReads(), () => Promise.reject(lost));
  await expect(answer).rejects.toBe(lost);
  expect(told).toEqual([{ request, injected: true }]);
});

test('a run of the flows that left nothing for a file is refused', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'dialops-heard-'));
  try {
    await expect(heardFlows(empty)).rejects.toThrow(
      /^test\/flows\/[a-z-]+\.test\.ts: nothing was heard of its flows$/,
    );
  } finally {
    await rm(empty, { recursive: true });
  }
});
