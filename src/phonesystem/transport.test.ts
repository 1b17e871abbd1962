import { gzipSync } from 'node:zlib';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../foundation/http.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AnswerTooLarge } from './answer-body.ts';
import { readOnlyTransport, WriteRefused } from './read-only-transport.ts';
import { fetchTransport, HostNotAllowed, RedirectRefused, RequestTimeout } from './transport.ts';

const forever = new AbortController().signal;

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: { 'x-api-key': 'key-one' } };
}

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('fetchTransport', () => {
  it('sends method, headers and body, and gives back status, lower-case headers and body', async () => {
    nock('https://api.8x8.com', { reqheaders: { 'x-api-key': 'key-one' } })
      .put('/admin-provisioning/users/u1', '{"a":1}')
      .reply(202, '{"operationId":"op1"}', { 'X-Response-Id': 'r1', 'X-RateLimit-Remaining': '98' });
    const response = await fetchTransport()(
      {
        ...get('https://api.8x8.com/admin-provisioning/users/u1'),
        method: 'PUT',
        body: '{"a":1}',
      },
      forever,
    );
    expect(response.status).toBe(202);
    expect(response.body).toBe('{"operationId":"op1"}');
    expect(response.headers).toMatchObject({ 'x-response-id': 'r1', 'x-ratelimit-remaining': '98' });
  });

  it('sends bytes as they are', async () => {
    const bytes = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x00, 0xff]);
    let received = '';
    nock('https://phones.example.com')
      .post('/documents', (body) => {
        received = String(body);
        return true;
      })
      .reply(200, '{}');
    await fetchTransport({ allowedHosts: ['phones.example.com'] })(
      { method: 'POST', url: 'https://phones.example.com/documents', headers: {}, body: bytes },
      forever,
    );
    expect(received).toBe(Buffer.from(bytes).toString('hex'));
  });

  it.each([
    ['another host', 'https://phones.example.net/users'],
    ['a host that only begins alike', 'https://api.8x8.com.example.net/users'],
    ['a host below the allowed one', 'https://evil.api.8x8.com/users'],
    ['the allowed host on another port', 'https://api.8x8.com:8443/users'],
    ['the allowed host without TLS', 'http://api.8x8.com/users'],
    ['the allowed host as a user name', 'https://api.8x8.com@phones.example.net/users'],
    ['loopback, when nobody asked for it', 'http://127.0.0.1:8080/users'],
    ['something that is no address', 'users'],
  ])('sends no key to %s', async (_name, url) => {
    // Any request that left would meet nock's refusal, which is another error.
    await expect(fetchTransport()(get(url), forever)).rejects.toBeInstanceOf(HostNotAllowed);
  });

  it('names the host and the remedy, never the key', async () => {
    const refused = fetchTransport()(get('https://phones.example.net/users'), forever);
    await expect(refused).rejects.toThrow(/phones\.example\.net.*not among the allowed hosts/);
    await expect(refused).rejects.not.toThrow(/key-one/);
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:3000', 'http://[::1]:8080'])(
    'speaks plain HTTP to %s once loopback is allowed',
    async (origin) => {
      nock(origin).get('/users').reply(200, '{}');
      const response = await fetchTransport({ allowLoopback: true })(get(`${origin}/users`), forever);
      expect(response.status).toBe(200);
    },
  );

  it.each([301, 302, 303, 307, 308])(
    'does not follow a %i, and the key does not go with it',
    async (status) => {
      nock('https://api.8x8.com')
        .get('/users')
        .reply(status, '', { location: 'https://phones.example.net/users' });
      const foreign = nock('https://phones.example.net').get('/users').reply(200, '{}');
      await expect(fetchTransport()(get('https://api.8x8.com/users'), forever)).rejects.toBeInstanceOf(
        RedirectRefused,
      );
      expect(foreign.isDone()).toBe(false);
    },
  );

  it.each([
    ['announced', { 'content-length': '1001' }],
    ['not announced', {}],
  ])('reads no answer to its end that is too large, its size %s', async (_name, headers) => {
    const transport = fetchTransport({ maxAnswerBytes: 1_000 });
    nock('https://api.8x8.com').get('/users').reply(200, 'x'.repeat(1_001), headers);
    await expect(transport(get('https://api.8x8.com/users'), forever)).rejects.toBeInstanceOf(AnswerTooLarge);
    nock('https://api.8x8.com')
      .get('/users')
      .reply(200, `${'x'.repeat(998)}é`);
    expect((await transport(get('https://api.8x8.com/users'), forever)).body).toHaveLength(999);
  });

  it('counts what is compressed as what it unpacks to', async () => {
    const transport = fetchTransport({ maxAnswerBytes: 1_000 });
    const small = gzipSync('x'.repeat(100_000));
    expect(small.length).toBeLessThan(1_000);
    nock('https://api.8x8.com').get('/users').reply(200, small, { 'content-encoding': 'gzip' });
    await expect(transport(get('https://api.8x8.com/users'), forever)).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  it('gives up when no answer comes in time', async () => {
    nock('https://api.8x8.com').get('/users').delay(3_600_000).reply(200, '{}');
    // Nothing else waits on this clock, so that it jumps to the timeout at once.
    const transport = fetchTransport({ timeoutMs: 30_000, clock: new SimulatedClock() });
    await expect(transport(get('https://api.8x8.com/users'), forever)).rejects.toBeInstanceOf(RequestTimeout);
    nock.abortPendingRequests();
  });

  it("rejects with the caller's reason when aborted, before or while it waits", async () => {
    nock('https://api.8x8.com').get('/users').delay(3_600_000).reply(200, '{}');
    const stop = new AbortController();
    const waiting = fetchTransport()(get('https://api.8x8.com/users'), stop.signal);
    stop.abort(new Error('shutting down'));
    await expect(waiting).rejects.toThrow('shutting down');
    await expect(fetchTransport()(get('https://api.8x8.com/users'), stop.signal)).rejects.toThrow(
      'shutting down',
    );
    nock.abortPendingRequests();
  });
});

describe('readOnlyTransport', () => {
  it('lets reads through and sends no write', async () => {
    const sent: string[] = [];
    const transport = readOnlyTransport(async (request) => {
      sent.push(request.method);
      return { status: 200, headers: {}, body: '' };
    });
    await transport(get('https://api.8x8.com/users'), forever);
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const write = transport({ ...get('https://api.8x8.com/users'), method }, forever);
      await expect(write).rejects.toBeInstanceOf(WriteRefused);
    }
    expect(sent).toEqual(['GET']);
  });
});
