import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PhoneSystem, PhoneSystemStatus } from '../resources/generated/phone-system.ts';
import { phoneSystems, type Stored } from './kinds.ts';
import { Cache } from './kubernetes/cache.ts';
import { objectPath, readObject } from './kubernetes/object.ts';
import { StatusWriter } from './kubernetes/status-writer.ts';
import { Fixture } from './kubernetes/testing/fixture.ts';
import { PhoneSystemBoard } from './phone-system-board.ts';

const ref = { namespace: 'acme', name: 'default' };
let fixture: Fixture;
let board: PhoneSystemBoard;
let cache: Cache<Stored<PhoneSystem>>;

beforeEach(async () => {
  fixture = await Fixture.start();
  const path = objectPath(phoneSystems, ref);
  const stored = fixture.server.store.put(path, {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'PhoneSystem',
    metadata: ref,
    spec: {
      endpoint: 'http://127.0.0.1:8480/admin-provisioning',
      apiKeySecretRef: { name: 'key', key: 'key' },
    },
  });
  cache = new Cache<Stored<PhoneSystem>>(() => undefined);
  cache.upsert(readObject(phoneSystems, stored));
  board = new PhoneSystemBoard({
    phoneSystem: () => cache.get(ref),
    writer: new StatusWriter<PhoneSystemStatus, Stored<PhoneSystem>>({
      client: fixture.client,
      type: phoneSystems,
      cache,
      mayWrite: () => true,
    }),
    clock: fixture.clock,
    onError: (error) => fixture.errors.push(error),
  });
});

afterEach(async () => {
  await fixture.stop();
});

async function shown(message: string, customerId?: string): Promise<void> {
  await board.show({
    reason: 'Synced',
    message,
    paused: false,
    ...(customerId === undefined ? {} : { customerId }),
  });
  await vi.waitFor(() => {
    expect(fixture.errors).toEqual([]);
    expect(cache.get(ref)?.status?.conditions?.[0]?.message).toBe(message);
  });
}

it('keeps the account that was shown, until another one is', async () => {
  const known = () => cache.get(ref)?.status?.customerId;
  await shown('not read yet');
  expect(known()).toBeUndefined();
  await shown('read', '0012J00000ACME0001');
  expect(known()).toBe('0012J00000ACME0001');
  await shown('out of reach');
  expect(known()).toBe('0012J00000ACME0001');
});
