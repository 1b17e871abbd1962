import { describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../../src/foundation/http.ts';
import { Recorder } from '../../conformance/recorder.ts';

const url = 'https://phone.example.com/admin/things/t1';
const signal = new AbortController().signal;
const get: HttpRequest = { method: 'GET', url: `${url}?a=1`, headers: {} };
const put: HttpRequest = { method: 'PUT', url, headers: {}, body: '{}' };
const answer = (status: number, body: string): HttpResponse => ({ status, headers: {}, body });

describe('the recorder', () => {
  test('passes requests and answers through and keeps them in order', async () => {
    const recorder = new Recorder(async (request) => answer(request.method === 'GET' ? 200 : 202, '{"a":1}'));
    expect(await recorder.transport(get, signal)).toEqual(answer(200, '{"a":1}'));
    await recorder.transport(put, signal);
    expect(recorder.exchanges.map(({ request, response }) => [request, response?.status])).toEqual([
      [get, 200],
      [put, 202],
    ]);
  });

  test('notes with a request what the last successful GET of its path showed before', async () => {
    const answers = [answer(202, ''), answer(200, '{"a":1}'), answer(503, '{"a":2}'), answer(202, '')];
    const recorder = new Recorder(async () => answers.shift() ?? answer(500, ''));
    for (const request of [put, get, get, put]) await recorder.transport(request, signal);
    expect(recorder.exchanges.map(({ previous }) => previous)).toEqual([
      undefined,
      undefined,
      { a: 1 },
      { a: 1 },
    ]);
  });

  test('keeps a request that got no answer, and lets the failure through', async () => {
    const recorder = new Recorder(async () => Promise.reject(new Error('connection reset')));
    await expect(recorder.transport(get, signal)).rejects.toThrow('connection reset');
    expect(recorder.exchanges).toEqual([{ request: get, injected: false }]);
  });

  test('marks the answers that an armed fault gave, and not those that a retry got', async () => {
    const statuses = [503, 200, 503];
    const recorder = new Recorder(async () => answer(statuses.shift() ?? 500, '{}'));
    await recorder.duringFault(503, async () => {
      await recorder.transport(get, signal);
      await recorder.transport(get, signal);
    });
    await recorder.transport(get, signal);
    expect(recorder.exchanges.map(({ injected }) => injected)).toEqual([true, false, false]);
  });
});
