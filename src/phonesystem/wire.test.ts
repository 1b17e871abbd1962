import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { PhoneSystemClient } from './client.ts';
import { ApiError, type ErrorKind } from './errors.ts';
import { readOnlyTransport, WriteRefused } from './read-only-transport.ts';
import type { RequestRecord } from './requester.ts';
import { endpoint, options, wideBudget } from './testing/scripted.ts';
import { fetchTransport, RedirectRefused } from './transport.ts';

const api = () => nock('https://api.8x8.com');
const base = '/admin-provisioning';
const body = { basicInfo: { userName: 'kim.lee@example.com' } };

let clock: SimulatedClock;
let client: PhoneSystemClient;
let log: RequestRecord[];

beforeEach(() => {
  nock.disableNetConnect();
  // Retries wait on a simulated clock, the network on the real one: nothing sleeps while an answer is awaited.
  clock = new SimulatedClock();
  log = [];
  client = new PhoneSystemClient({
    endpoint,
    apiKey: async () => 'key-one',
    transport: fetchTransport(),
    budget: wideBudget(clock),
    clock,
    random: () => 0,
    log: (record) => log.push(record),
  });
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error('An ApiError was expected', { cause: error });
}

function errorBody(status: number, code?: string, field?: string) {
  return { status, title: 'Refused', detail: 'No', errors: [{ field, code, message: 'No' }] };
}

describe('what goes over the wire', () => {
  it('asks for one user with its key, a request id and its media type', async () => {
    api()
      .get(`${base}/users/hvOB1l3z`)
      .matchHeader('x-api-key', 'key-one')
      .matchHeader('x-request-id', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
      .matchHeader('accept', 'application/vnd.users.v1+json')
      .reply(200, body, { 'X-Response-Id': 'resp-1' });
    expect(await client.get('user', 'hvOB1l3z', options)).toEqual(body);
    expect(log).toMatchObject([
      {
        method: 'GET',
        template: '/users/{id}',
        id: 'hvOB1l3z',
        status: 200,
        responseId: 'resp-1',
        attempt: 1,
      },
    ]);
  });

  it('encodes the plus of a phone number, and logs only its end', async () => {
    api().get(`${base}/phone-numbers/%2B14085550123`).reply(200, { phoneNumber: '+14085550123' });
    await client.get('phoneNumber', '+14085550123', options);
    expect(log[0]?.id).toBe('…23');
    expect(JSON.stringify(log)).not.toContain('5550123');
  });

  it('encodes filter and sort, the plus sign too', async () => {
    let query = '';
    api()
      .get(new RegExp(`^${base}/phone-numbers`))
      .reply((request: Request) => {
        query = request.url.slice('https://api.8x8.com'.length);
        return [200, { data: [], pagination: { hasMore: false } }];
      });
    const listing = client.list('phoneNumber', {
      ...options,
      filter: "phoneNumber=='+1 408*'",
      sort: '-phoneNumber',
    });
    await listing.next();
    expect(query).toBe(
      `${base}/phone-numbers?pageSize=100&filter=phoneNumber%3D%3D%27%2B1%20408%2A%27&sort=-phoneNumber`,
    );
  });

  it.each([
    ['user', 'application/vnd.users.v1+json'],
    ['ringGroup', 'application/vnd.ringgroups.v1+json'],
    ['site', 'application/vnd.sites.v1+json'],
  ] as const)('creates a %s as %s', async (type, mediaType) => {
    api()
      .post(/.*/, body)
      .matchHeader('content-type', mediaType)
      .reply(
        202,
        { operationId: 'op_1', status: 'PENDING', resourceId: 'early' },
        { 'content-type': 'application/json' },
      );
    expect(await client.create(type, body, options)).toEqual({
      kind: 'operation',
      operationId: 'op_1',
      acceptedAt: clock.now(),
      resourceId: 'early',
    });
    expect(log[0]).toMatchObject({ status: 202, operationId: 'op_1' });
  });

  it('takes the answer to a synchronous creation and deletion of an address as done', async () => {
    api().post(`${base}/addresses`).reply(200, { id: 'a1', country: 'US' });
    api()
      .delete(`${base}/addresses/a1`)
      .matchHeader('accept', (value) => !String(value).includes('vnd'))
      .reply(204);
    expect(await client.create('address', { country: 'US' }, options)).toEqual({
      kind: 'done',
      body: { id: 'a1', country: 'US' },
    });
    expect(await client.remove('address', 'a1', options)).toEqual({ kind: 'done' });
  });

  it('sends membership changes as a media type of their own', async () => {
    const change = { add: [{ extensionId: 'e1' }] };
    api()
      .post(`${base}/ring-groups/g1/update-members`, change)
      .matchHeader('content-type', 'application/vnd.ringgroups.update-members.v1+json')
      .reply(202, { operationId: 'op_2' });
    expect(await client.act('ringGroup', 'g1', 'update-members', change, options)).toMatchObject({
      operationId: 'op_2',
    });
  });

  it('accepts both documented media types of sites, and changes to the other when one is refused', async () => {
    const site = { name: 'Headquarters' };
    api()
      .get(`${base}/sites/s1`)
      .matchHeader('accept', 'application/vnd.sites.v1+json, application/json')
      .reply(200, site, { 'content-type': 'application/json' });
    expect(await client.get('site', 's1', options)).toEqual(site);
    api().put(`${base}/sites/s1`).matchHeader('content-type', 'application/vnd.sites.v1+json').reply(415, '');
    api()
      .put(`${base}/sites/s1`)
      .twice()
      .matchHeader('content-type', 'application/json')
      .reply(202, { operationId: 'op_3' });
    expect(await client.replace('site', 's1', site, options)).toMatchObject({ operationId: 'op_3' });
    expect(await client.replace('site', 's1', site, options)).toMatchObject({ operationId: 'op_3' });
    expect(log.map(({ status }) => status)).toEqual([200, 415, 202, 202]);
  });

  it.each([
    'application/vnd.operations.v1+json',
    'application/vnd.users.v1+json',
    'application/json',
    undefined,
  ])('reads an operation that comes as %s', async (type) => {
    api()
      .get(`${base}/operations/op_1`)
      .matchHeader('accept', 'application/vnd.operations.v1+json')
      .reply(200, JSON.stringify({ operationId: 'op_1', status: 'COMPLETED', resourceId: 'u1' }), {
        ...(type ? { 'content-type': type } : {}),
      });
    expect(await client.operation('op_1', options)).toEqual({
      operationId: 'op_1',
      status: 'COMPLETED',
      resourceId: 'u1',
    });
  });

  it('asks nothing that 8x8 has not published of an 8x8 host', async () => {
    expect((await client.discover(options)).offers.size).toBe(0);
    expect((await errorOf(client.get('portingOrder', 'p1', options))).kind).toBe('unsupported');
    expect((await errorOf(client.create('extension', {}, options))).kind).toBe('unsupported');
    expect(await client.privilegeTree(options)).toBeUndefined();
    expect(log).toEqual([]);
  });
});

describe('what an answer means', () => {
  it.each<[number, string | undefined, ErrorKind, ErrorKind]>([
    [400, 'VALIDATION_ERROR', 'invalid', 'invalid'],
    [400, 'BAD_REQUEST', 'invalid', 'invalid'],
    [400, 'INVALID_FILTER', 'invalid', 'invalid'],
    [401, undefined, 'unauthorized', 'unauthorized'],
    [403, 'FORBIDDEN', 'forbidden', 'forbidden'],
    [404, 'NOT_FOUND', 'notFound', 'notFound'],
    [405, undefined, 'unsupported', 'unsupported'],
    [406, undefined, 'invalid', 'invalid'],
    [408, 'REQUEST_TIMEOUT', 'timeout', 'unclear'],
    [409, 'CONFLICT', 'conflict', 'conflict'],
    [410, undefined, 'notFound', 'notFound'],
    [424, undefined, 'unavailable', 'unclear'],
    [429, 'TOO_MANY_REQUESTS', 'rateLimited', 'rateLimited'],
    [429, 'RATE_LIMIT_EXCEEDED', 'rateLimited', 'rateLimited'],
    [500, 'UNKNOWN', 'unavailable', 'unclear'],
    [501, undefined, 'unsupported', 'unsupported'],
    [502, undefined, 'unavailable', 'unclear'],
    [503, 'SERVICE_UNAVAILABLE', 'unavailable', 'unclear'],
    [503, 'UNKNOWN', 'unavailable', 'unclear'],
    [504, undefined, 'timeout', 'unclear'],
  ])('%i %s: %s to a read, %s to a write', async (status, code, toRead, toWrite) => {
    api().persist().get(/.*/).reply(status, errorBody(status, code));
    api().persist().put(/.*/).reply(status, errorBody(status, code));
    const read = await errorOf(client.list('user', options).next());
    expect(read).toMatchObject({ kind: toRead, status });
    const write = await errorOf(client.replace('user', 'u1', body, options));
    expect(write).toMatchObject({ kind: toWrite, status, ...(code === undefined ? {} : { code }) });
  });

  it.each(['', 'null', '[]', '"no"', '<html>Bad gateway</html>', '{"errors":null}', '{"errors":[null,{}]}'])(
    'survives the error body %s',
    async (text) => {
      api().get(/.*/).reply(403, text);
      const error = await errorOf(client.get('user', 'u1', options));
      expect(error.kind).toBe('forbidden');
      expect(error.message).toMatch(/^GET \/users\/\{id\} was answered 403/);
      expect(error.requestId).toMatch(/-/);
    },
  );

  it('tells the fields, with personal data masked, and the tracking ids from the headers', async () => {
    api()
      .post(/.*/)
      .reply(
        400,
        {
          errors: [
            {
              field: 'basicInfo.userName',
              code: 'VALIDATION_ERROR',
              message: 'kim.lee@example.com is taken',
            },
            {
              field: 'serviceInfo.extensions[0]',
              code: 'VALIDATION_ERROR',
              message: '+14085550123 is in use',
            },
          ],
        },
        { 'X-Response-Id': 'resp-9' },
      );
    const error = await errorOf(client.create('user', body, options));
    expect(error.responseId).toBe('resp-9');
    expect(error.fields).toEqual([
      { field: 'basicInfo.userName', code: 'VALIDATION_ERROR', message: '‹email› is taken' },
      { field: 'serviceInfo.extensions[0]', code: 'VALIDATION_ERROR', message: '‹number› is in use' },
    ]);
    expect(error.message).not.toMatch(/kim|0123/);
  });

  it('finds the tracking id in the body where there is no header', async () => {
    api().get(/.*/).reply(403, { responseId: 'resp-in-body' });
    expect((await errorOf(client.get('user', 'u1', options))).responseId).toBe('resp-in-body');
  });

  it.each([
    ['404', 404, errorBody(404, 'NOT_FOUND')],
    ['400 on the id', 400, errorBody(400, 'BAD_REQUEST')],
    ['400 on the phone number', 400, errorBody(400, 'VALIDATION_ERROR', 'phoneNumber')],
  ])('takes %s of a single read for "there is none"', async (_name, status, answered) => {
    api().get(/.*/).reply(status, answered);
    expect(await client.get('site', 'malformed', options)).toBeUndefined();
  });

  it('does not take a 400 on something else for "there is none"', async () => {
    api()
      .get(/.*/)
      .reply(400, errorBody(400, 'VALIDATION_ERROR', 'X-Request-Id'));
    expect((await errorOf(client.get('site', 's1', options))).kind).toBe('invalid');
  });

  it('follows the operation whatever the status that names it', async () => {
    api().put(/.*/).reply(200, { operationId: 'op_1', status: 'PENDING' });
    expect(await client.replace('user', 'u1', body, options)).toMatchObject({
      kind: 'operation',
      operationId: 'op_1',
    });
  });

  it.each([
    ['as a refusal', 400, 'VALIDATION_ERROR', 'invalid'],
    ['as a conflict', 409, 'CONFLICT', 'conflict'],
  ] as const)('reports a user name that is taken, told %s', async (_name, status, code, kind) => {
    api()
      .post(/.*/)
      .reply(status, errorBody(status, code, 'basicInfo.userName'));
    const error = await errorOf(client.create('user', body, options));
    expect(error).toMatchObject({ kind, fields: [{ field: 'basicInfo.userName' }] });
  });

  it('reports a user name that is taken, told by the operation', async () => {
    api()
      .get(`${base}/operations/op_1`)
      .reply(200, {
        status: 'FAILED',
        resourceId: 'x',
        error: errorBody(400, 'CONFLICT', 'basicInfo.userName'),
      });
    expect(await client.operation('op_1', options)).toEqual({
      operationId: 'op_1',
      status: 'FAILED',
      error: {
        code: 'CONFLICT',
        message: 'No',
        status: 400,
        fields: [{ field: 'basicInfo.userName', code: 'CONFLICT', message: 'No' }],
      },
    });
  });

  it('reports a site in use, told at once or by the operation', async () => {
    api().delete(/.*/).reply(400, errorBody(400, 'BAD_REQUEST'));
    expect(await errorOf(client.remove('site', 's1', options))).toMatchObject({
      kind: 'invalid',
      code: 'BAD_REQUEST',
    });
    api()
      .get(/operations/)
      .reply(200, { status: 'FAILED', error: errorBody(400, 'BAD_REQUEST') });
    expect((await client.operation('op_1', options)).error).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('does not believe a resource id before the operation is completed', async () => {
    api().get(/.*/).reply(200, { status: 'PENDING', resourceId: 'early' });
    expect(await client.operation('op_1', options)).toEqual({ operationId: 'op_1', status: 'PENDING' });
  });

  it('refuses to follow a redirect', async () => {
    api().get(/.*/).reply(302, '', { location: 'https://phones.example.net/' });
    await expect(client.get('user', 'u1', options)).rejects.toBeInstanceOf(RedirectRefused);
    expect(log).toMatchObject([{ failure: 'RedirectRefused' }]);
  });

  it('does not take a page without a list for an empty collection', async () => {
    api().persist().get(/.*/).reply(200, '<html>Maintenance</html>');
    expect((await errorOf(client.list('user', options).next())).kind).toBe('unavailable');
  });

  it('calls a write unclear when it was accepted without an operation', async () => {
    api().post(/.*/).reply(202, '');
    expect((await errorOf(client.create('user', body, options))).kind).toBe('unclear');
  });

  it('builds addresses from ids, whatever form the links have', async () => {
    api()
      .get(`${base}/operations/op_1`)
      .reply(200, {
        status: 'COMPLETED',
        resourceId: 'u1',
        _links: { resource: { href: 'https://phones.example.net/users/u1' } },
      });
    api().get(`${base}/users/u1`).reply(200, body);
    const { resourceId } = await client.operation('op_1', options);
    expect(await client.get('user', resourceId ?? '', options)).toEqual(body);
  });
});

describe('a dry run', () => {
  it('reads, and sends no write', async () => {
    const dry = new PhoneSystemClient({
      endpoint,
      apiKey: async () => 'key-one',
      transport: readOnlyTransport(fetchTransport()),
      budget: wideBudget(clock),
      clock,
      random: () => 0,
    });
    api().get(/.*/).reply(200, body);
    expect(await dry.get('user', 'u1', options)).toEqual(body);
    await expect(dry.replace('user', 'u1', body, options)).rejects.toBeInstanceOf(WriteRefused);
    await expect(dry.remove('user', 'u1', options)).rejects.toBeInstanceOf(WriteRefused);
  });
});
