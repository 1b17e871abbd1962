import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AnswerTooLarge } from './answer-body.ts';
import { RequestBudget } from './budget.ts';
import { ApiError } from './errors.ts';
import { NotSent } from './send-outcome.ts';
import { answer, connectionError, options, problem, scripted, user } from './testing/scripted.ts';
import { RequestTimeout } from './transport.ts';

const body = { basicInfo: { userName: 'kim.lee@example.com' } };

describe('what is tried again', () => {
  it('repeats a read after 1, 2, 4, 8 seconds, five tries in all', async () => {
    const { client, clock, requests, log } = scripted(() => problem(503, 'SERVICE_UNAVAILABLE'), {
      random: () => 0,
    });
    const start = clock.now();
    await expect(client.get('user', 'u1', options)).rejects.toMatchObject({
      kind: 'unavailable',
      status: 503,
    });
    expect(requests).toHaveLength(5);
    expect(clock.now() - start).toBe(15_000);
    expect(log.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  });

  it('spreads the tries with the randomness passed in, never below the documented wait', async () => {
    const { client, clock } = scripted(() => problem(500, 'UNKNOWN'), { random: () => 0.999 });
    const start = clock.now();
    await expect(client.get('user', 'u1', options)).rejects.toBeInstanceOf(ApiError);
    expect(clock.now() - start).toBeGreaterThan(18_000);
  });

  it.each([408, 424, 429, 500, 502, 503, 504])('reads on after a %i', async (status) => {
    const { client } = scripted((_request, index) => (index === 0 ? problem(status) : answer(200, body)));
    expect(await client.get('user', 'u1', options)).toEqual(body);
  });

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'ECONNREFUSED', 'ENOTFOUND'])(
    'reads on after %s',
    async (code) => {
      const { client, log } = scripted((_request, index) =>
        index === 0 ? connectionError(code) : answer(200, body),
      );
      expect(await client.get('user', 'u1', options)).toEqual(body);
      expect(log[0]).toMatchObject({ failure: code });
    },
  );

  it.each([400, 401, 403, 405, 409])('asks only once after a %i', async (status) => {
    const { client, requests } = scripted(() => problem(status, 'X', 'filter'));
    await expect(client.list('user', options).next()).rejects.toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  it('sends a write again after a 429, which surely was not taken', async () => {
    const { client, requests } = scripted((_request, index) =>
      index === 0 ? problem(429, 'TOO_MANY_REQUESTS') : answer(202, { operationId: 'op_1' }),
    );
    expect(await client.create('user', body, options)).toMatchObject({ operationId: 'op_1' });
    expect(requests).toHaveLength(2);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    'sends a write again after %s, when nothing had left',
    async (code) => {
      const { client } = scripted((_request, index) =>
        index === 0 ? connectionError(code) : answer(202, { operationId: 'op_1' }),
      );
      expect(await client.create('user', body, options)).toMatchObject({ operationId: 'op_1' });
    },
  );

  it('calls a write that never got out unavailable, not unclear', async () => {
    const { client } = scripted(() => connectionError('ECONNREFUSED'));
    await expect(client.create('user', body, options)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['a reset connection', connectionError('ECONNRESET')],
    ['a connection closed by the other side', connectionError('UND_ERR_SOCKET')],
    ['a timeout', new RequestTimeout(30_000)],
    ['an error nobody knows', new Error('odd')],
  ])('never sends a write again after %s', async (_name, error) => {
    const { client, requests } = scripted(() => error);
    await expect(client.create('user', body, options)).rejects.toMatchObject({
      kind: 'unclear',
      cause: error,
    });
    await expect(client.remove('user', 'u1', options)).rejects.toMatchObject({ kind: 'unclear' });
    expect(requests).toHaveLength(2);
  });

  it.each([408, 424, 500, 502, 503, 504])('never sends a write again after a %i', async (status) => {
    const { client, requests } = scripted(() => problem(status));
    await expect(client.replace('user', 'u1', body, options)).rejects.toMatchObject({
      kind: 'unclear',
      status,
    });
    expect(requests).toHaveLength(1);
  });

  it('registers an address again after an unclear end, since the same one gives the same id', async () => {
    const { client } = scripted((_request, index) =>
      index === 0 ? connectionError('ECONNRESET') : answer(200, { id: 'a1' }),
    );
    expect(await client.create('address', { country: 'US' }, options)).toEqual({
      kind: 'done',
      body: { id: 'a1' },
    });
  });

  it('tells a read that got no answer in time from one that was cut off', async () => {
    const slow = scripted(() => new RequestTimeout(30_000));
    await expect(slow.client.get('user', 'u1', options)).rejects.toMatchObject({ kind: 'timeout' });
    const cut = scripted(() => connectionError('ECONNRESET'));
    await expect(cut.client.get('user', 'u1', options)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('asks for no answer again that is too large to be read', async () => {
    const read = scripted(() => new AnswerTooLarge(32 * 2 ** 20));
    await expect(read.client.get('user', 'u1', options)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'GET /users/{id} got an answer of more than 32 MiB, which was not read to its end',
    });
    const write = scripted(() => new AnswerTooLarge(32 * 2 ** 20));
    await expect(write.client.create('address', { country: 'US' }, options)).rejects.toMatchObject({
      kind: 'unclear',
    });
    expect([read.requests.length, write.requests.length]).toEqual([1, 1]);
  });

  it('tells how long to wait after the last 429', async () => {
    const { client, clock } = scripted(() =>
      answer(429, undefined, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(clock.now() / 1000 + 20),
      }),
    );
    await expect(client.get('user', 'u1', options)).rejects.toMatchObject({
      kind: 'rateLimited',
      retryAfterMs: 20_000,
    });
  });

  it('stops waiting when the caller does', async () => {
    const stop = new AbortController();
    const { client, requests } = scripted(() => {
      stop.abort(new Error('shutting down'));
      return problem(503);
    });
    await expect(client.get('user', 'u1', { ...options, signal: stop.signal })).rejects.toThrow(
      'shutting down',
    );
    expect(requests).toHaveLength(1);
  });

  it('says of a write that it was not sent when the caller stops before', async () => {
    const stopped = { ...options, signal: AbortSignal.abort(new Error('shutting down')) };
    const { client, requests } = scripted(() => answer(202, { operationId: 'op_1' }));
    await expect(client.create('user', body, stopped)).rejects.toBeInstanceOf(NotSent);
    await expect(client.get('user', 'u1', stopped)).rejects.toThrow('shutting down');
    expect(requests).toEqual([]);
  });

  it('does not say so of one that may have arrived at an earlier attempt', async () => {
    const stop = new AbortController();
    const clock = new SimulatedClock();
    // The second attempt waits for the next minute.
    const budget = new RequestBudget({
      clock,
      limits: { perMinute: 1, burst: { requests: 1, perMs: 10_000 } },
    });
    const { client, requests } = scripted(() => problem(503), { clock, budget });
    const sent = client.create('address', body, { ...options, signal: stop.signal });
    void clock.sleep(5_000).then(() => stop.abort(new Error('shutting down')));
    await expect(sent).rejects.toThrow('shutting down');
    expect(requests).toHaveLength(1);
  });
});

describe('the key', () => {
  it('is read again after a 401, and the request sent once more when it has changed', async () => {
    const keys = ['key-one', 'key-two'];
    const { client, requests } = scripted(
      (request) => (request.headers['x-api-key'] === 'key-two' ? answer(200, body) : answer(401)),
      { apiKey: async () => keys.shift() ?? 'key-two' },
    );
    expect(await client.get('user', 'u1', options)).toEqual(body);
    expect(requests.map(({ headers }) => headers['x-api-key'])).toEqual(['key-one', 'key-two']);
  });

  it('is not tried twice when it is the same', async () => {
    const { client, requests } = scripted(() => answer(401));
    await expect(client.get('user', 'u1', options)).rejects.toMatchObject({
      kind: 'unauthorized',
      status: 401,
    });
    expect(requests).toHaveLength(1);
  });

  it('loses the line break that a file or Secret ends with', async () => {
    const { client, requests } = scripted(() => answer(200, body), { apiKey: async () => 'key-one\n' });
    await client.get('user', 'u1', options);
    expect(requests[0]?.headers['x-api-key']).toBe('key-one');
  });

  it.each(['', ' \n', 'two words', 'first\nsecond', 'ключ'])(
    'is refused unsent as %j, without being shown',
    async (key) => {
      const { client, requests } = scripted(() => answer(200, body), { apiKey: async () => key });
      const refused = client.get('user', 'u1', options);
      await expect(refused).rejects.toMatchObject({ kind: 'unauthorized' });
      await expect(refused).rejects.toThrow(/check/);
      if (key.trim() !== '') await expect(refused).rejects.not.toThrow(key);
      expect(requests).toHaveLength(0);
    },
  );

  it('is in no error and no log line', async () => {
    const { client, log } = scripted(() => problem(400, 'VALIDATION_ERROR', 'filter'));
    const error: unknown = await client
      .list('user', options)
      .next()
      .catch((reason: unknown) => reason);
    expect(JSON.stringify([error, log, String(error)])).not.toContain('key-one');
  });
});

describe('operation ids in the log', () => {
  it('come with an accepted write', async () => {
    const { client, log } = scripted(() => answer(202, { operationId: 'op_7' }));
    await client.create('user', body, options);
    expect(log[0]).toMatchObject({ method: 'POST', template: '/users', operationId: 'op_7', durationMs: 0 });
    expect(JSON.stringify(log)).not.toContain('kim');
  });
});

describe('the budget', () => {
  it('is asked for each try, and gets every place back', async () => {
    const { client, requester } = scripted((_request, index) =>
      index < 2 ? connectionError('ECONNRESET') : answer(200, { data: [user('u1')] }),
    );
    await client.list('user', options).next();
    expect(requester.budget.statistics.requests).toBe(3);
    expect(requester.budget.available()).toBeGreaterThan(9_000);
  });
});
