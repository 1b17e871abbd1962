import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiErrorKind, apiErrorFrom, isApiError } from './api-error.ts';
import { KubernetesClient } from './client.ts';
import { ApiConnection } from './connection.ts';
import { loadKubeConfig } from './kube-config.ts';
import { isNewer, keyOf, refFromKey } from './object.ts';
import { widget } from './testing/fake-api-server.ts';
import { Fixture, widgets } from './testing/fixture.ts';

let fixture: Fixture;
const one = { namespace: 'default', name: 'one' };

beforeEach(async () => {
  fixture = await Fixture.start();
});

afterEach(async () => {
  await fixture.stop();
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('KubernetesClient', () => {
  it('creates, reads, patches, replaces and deletes', async () => {
    const { client } = fixture;
    const created = await client.create(widgets, 'default', widget('one', { size: 1 }));
    await client.patch(widgets, one, { type: 'merge', merge: { spec: { color: 'red' } } });
    expect((await client.get(widgets, one)).spec).toEqual({ size: 1, color: 'red' });
    const stale = await failureOf(client.replace(widgets, one, created));
    expect(isApiError(stale, 'conflict')).toBe(true);
    await client.delete(widgets, one, { uid: created.metadata.uid });
    expect(isApiError(await failureOf(client.get(widgets, one)), 'notFound')).toBe(true);
    const again = fixture.seed('one');
    expect(again.metadata.uid).not.toBe(created.metadata.uid);
    expect(
      isApiError(await failureOf(client.create(widgets, 'default', widget('one'))), 'alreadyExists'),
    ).toBe(true);
  });

  it.each<[number, string, ApiErrorKind]>([
    [400, 'BadRequest', 'badRequest'],
    [401, 'Unauthorized', 'unauthorized'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'notFound'],
    [409, 'AlreadyExists', 'alreadyExists'],
    [409, 'Conflict', 'conflict'],
    [410, 'Expired', 'gone'],
    [422, 'Invalid', 'invalid'],
    [429, 'TooManyRequests', 'tooManyRequests'],
    [500, 'InternalError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [302, 'Found', 'unavailable'],
  ])('classifies %i %s as %s', (status, reason, kind) => {
    expect(apiErrorFrom('get widgets', status, JSON.stringify({ reason, message: 'm' })).kind).toBe(kind);
    expect(apiErrorFrom('get widgets', status, '<html>', '7')).toMatchObject({ status, retryAfterMs: 7_000 });
  });

  it('ends a request that is not answered, and calls it unavailable', async () => {
    fixture.server.fail({ verb: 'get', instead: 'silence' });
    const failed = failureOf(fixture.client.get(widgets, one, { timeoutMs: 4_000 }));
    await vi.waitFor(() => expect(fixture.server.count('get')).toBe(1));
    await fixture.clock.advance(4_000);
    const error = await failed;
    expect(isApiError(error, 'unavailable')).toBe(true);
    expect(String(error)).toContain('no answer within 4000 ms');
  });

  it('rejects with the caller’s own reason when the caller aborts', async () => {
    fixture.server.fail({ verb: 'get', instead: 'silence' });
    const caller = new AbortController();
    const failed = failureOf(fixture.client.get(widgets, one, { signal: caller.signal }));
    await vi.waitFor(() => expect(fixture.server.count('get')).toBe(1));
    caller.abort(new Error('shutting down'));
    expect(await failed).toEqual(new Error('shutting down'));
    expect(fixture.clock.waits).toEqual([]);
  });

  it('reads credentials afresh after a 401, once', async () => {
    let token = 'old';
    const connection = new ApiConnection(() => fixture.server.kubeConfig(`${token}\n`));
    const client = new KubernetesClient({ connection, clock: fixture.clock });
    fixture.seed('one');
    fixture.server.requiredToken = 'new';
    expect(isApiError(await failureOf(client.get(widgets, one)), 'unauthorized')).toBe(true);
    expect(fixture.server.count('get')).toBe(2);
    token = 'new';
    await client.get(widgets, one);
    connection.close();
  });

  it('counts every request by verb, resource and code', async () => {
    fixture.seed('one');
    fixture.server.fail({ verb: 'patch', instead: 'reset' });
    await fixture.client.get(widgets, one);
    await failureOf(fixture.client.patch(widgets, one, { type: 'merge', merge: {} }));
    expect(fixture.samples).toMatchObject([
      { verb: 'get', resource: 'widgets', code: 200 },
      { verb: 'patch', resource: 'widgets', code: 0 },
    ]);
  });

  it('marks every write of a dry run as one', async () => {
    const { connection, clock } = fixture;
    fixture.seed('one');
    const dry = new KubernetesClient({ connection, clock, dryRun: true });
    await dry.patch(widgets, one, { type: 'merge', merge: {} });
    await dry.create(widgets, 'default', widget('two'));
    await dry.delete(widgets, one);
    expect(fixture.server.requests.map((request) => request.query.get('dryRun'))).toEqual([
      'All',
      'All',
      'All',
    ]);
  });

  it('uses pooled connections again', async () => {
    fixture.seed('one');
    for (let index = 0; index < 10; index += 1) await fixture.client.get(widgets, one);
    expect(fixture.server.connections).toBe(1);
  });
});

describe('loadKubeConfig', () => {
  it('says which file cannot be read, and that this is no pod', () => {
    expect(() => loadKubeConfig({ kind: 'file', file: 'no/such/file' })).toThrow('no/such/file');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
    expect(() => loadKubeConfig({ kind: 'inCluster' })).toThrow('Not running in a pod');
    vi.unstubAllEnvs();
  });
});

describe('names and versions of objects', () => {
  it('makes keys that can be read back', () => {
    expect(refFromKey(keyOf(one))).toEqual(one);
    expect(refFromKey(keyOf({ name: 'cluster-wide' }))).toEqual({ name: 'cluster-wide' });
  });

  it('orders versions as numbers, and takes unknown schemes for newer', () => {
    expect(isNewer('10', '9')).toBe(true);
    expect(isNewer('9', '10')).toBe(false);
    expect(isNewer('9', '9')).toBe(false);
    expect(isNewer('abc', 'abd')).toBe(true);
  });
});
