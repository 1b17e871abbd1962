import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApiError } from './api-error.ts';
import { Cache } from './cache.ts';
import type { KubernetesObject } from './object.ts';
import { Reflector } from './reflector.ts';
import { SecretReader, secretVersions } from './secrets.ts';
import { Fixture } from './testing/fixture.ts';

const PATH = '/api/v1/namespaces/default/secrets/api-key';
const base64 = (text: string) => Buffer.from(text).toString('base64');

let fixture: Fixture;
let reader: SecretReader;

beforeEach(async () => {
  fixture = await Fixture.start();
  reader = new SecretReader({ client: fixture.client, clock: fixture.clock });
});

afterEach(async () => {
  await fixture.stop();
});

const put = (data: Record<string, string>) => fixture.server.store.put(PATH, { data });
const read = async () => {
  const secret = await reader.read('default', 'api-key', 'key');
  return secret.found ? secret.value.toString() : secret.reason;
};

describe('SecretReader', () => {
  it('reads a Secret by name, and again only after a while when nothing watches it', async () => {
    put({ key: base64('first') });
    expect(await read()).toBe('first');
    put({ key: base64('second') });
    expect(await read()).toBe('first');
    await fixture.clock.advance(60_000);
    expect(await read()).toBe('second');
    expect(fixture.server.count('get')).toBe(2);
    expect(fixture.server.count('list')).toBe(0);
  });

  it('reads at once when asked to, as after a 401, with one request for all who ask', async () => {
    put({ key: base64('first') });
    await read();
    put({ key: base64('second') });
    const values = await Promise.all([1, 2, 3].map(() => reader.reread('default', 'api-key', 'key')));
    expect(values.every((value) => value.found && value.value.toString() === 'second')).toBe(true);
    expect(fixture.server.count('get')).toBe(2);
    expect(await read()).toBe('second');
  });

  it('forgets the one whose key was refused, and those of nobody else', async () => {
    const others = ['default/other', 'elsewhere/api-key'].map((key) => key.split('/'));
    const readAll = () =>
      Promise.all([read(), ...others.map(([space = '', name = '']) => reader.read(space, name, 'key'))]);
    put({ key: base64('first') });
    for (const [space, name] of others)
      fixture.server.store.put(`/api/v1/namespaces/${space}/secrets/${name}`, { data: {} });
    await readAll();
    reader.forget('default', 'api-key');
    await readAll();
    expect(fixture.server.count('get')).toBe(3 + 1);
    reader.forget('default');
    await readAll();
    expect(fixture.server.count('get')).toBe(3 + 1 + 2);
  });

  it('keeps so many and no more: what was read longest ago is read again', async () => {
    reader = new SecretReader({ client: fixture.client, clock: fixture.clock, maxHeld: 2 });
    const names = ['first', 'second', 'third'];
    for (const name of names) {
      fixture.server.store.put(`/api/v1/namespaces/default/secrets/${name}`, { data: {} });
      await reader.read('default', name, 'key');
    }
    for (const name of ['third', 'second']) await reader.read('default', name, 'key');
    expect(fixture.server.count('get')).toBe(3);
    await reader.read('default', 'first', 'key');
    expect(fixture.server.count('get')).toBe(4);
  });

  it('with a watch of versions, reads each version once', async () => {
    put({ key: base64('first') });
    const { client, clock, errors } = fixture;
    const onError = (error: unknown) => errors.push(error);
    const reflector = new Reflector({
      client,
      clock,
      type: secretVersions,
      namespace: 'default',
      random: () => 0,
      onError,
    });
    reflector.start();
    await reflector.synced;
    reader = new SecretReader({
      client,
      clock,
      versions: () => (reflector.isSynced ? reflector.cache : undefined),
    });
    await read();
    await fixture.clock.advance(120_000);
    expect(await read()).toBe('first');
    expect(fixture.server.count('get')).toBe(1);
    expect(fixture.server.requests[0]?.accept).toContain('as=PartialObjectMetadataList');
    await reflector.stop();
  });

  it('does not believe a watch that is behind what it has read', async () => {
    put({ key: base64('first') });
    const stale = new Cache<KubernetesObject>(() => undefined);
    const { client, clock } = fixture;
    reader = new SecretReader({ client, clock, versions: () => stale });
    expect(await read()).toBe('first');
    put({ key: base64('second') });
    expect(await read()).toBe('second');
  });

  it('says what is missing and what to do', async () => {
    expect(await reader.read('default', 'api-key', 'key')).toMatchObject({
      reason: 'SecretNotFound',
      message: expect.stringContaining('api-key'),
    });
    put({ other: base64('x') });
    expect(await reader.read('default', 'api-key', 'key')).toMatchObject({
      reason: 'KeyNotFound',
      message: 'Secret api-key has no key key: add it, or correct the name of the key',
    });
    fixture.server.fail({ verb: 'get', instead: { status: 403 } });
    expect(await reader.reread('default', 'api-key', 'key')).toMatchObject({ reason: 'Forbidden' });
  });

  it('does not take an outage for a missing Secret', async () => {
    fixture.server.fail({ verb: 'get', instead: 'reset' });
    const error = await read().catch((each: unknown) => each);
    expect(isApiError(error, 'unavailable')).toBe(true);
  });

  it('does not keep documents in memory', async () => {
    put({ key: base64('x'.repeat(20_000)) });
    await read();
    await read();
    expect(fixture.server.count('get')).toBe(2);
  });
});
