import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { CacheChange } from '../cache.ts';
import { KubernetesClient } from '../client.ts';
import { ApiConnection } from '../connection.ts';
import { Reflector, type ReflectorOptions } from '../reflector.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { statusObject } from './fake-store.ts';
import { type Widget, widgets } from './fixture.ts';
import { ManualClock } from './manual-clock.ts';

export let server: FakeApiServer;
export let clock: ManualClock;
export let connection: ApiConnection;
export let errors: unknown[];
let started: Reflector<Widget>[];

/** A fake API server and a clock for each test of the file that calls this; reflectors are stopped after it. */
export function useReflectors(): void {
  beforeEach(async () => {
    server = await FakeApiServer.start();
    clock = new ManualClock();
    connection = new ApiConnection(() => server.kubeConfig('token-1'));
    errors = [];
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map((reflector) => reflector.stop()));
    connection.close();
    await server.stop();
  });
}

export function reflect(options: Partial<ReflectorOptions<Widget>> = {}): Reflector<Widget> {
  const client = new KubernetesClient({ connection, clock });
  const reflector = new Reflector<Widget>({
    client,
    type: widgets,
    clock,
    random: () => 0.999,
    onError: (error) => errors.push(error),
    ...options,
  });
  started.push(reflector);
  reflector.start();
  return reflector;
}

export function heard(reflector: Reflector<Widget>): string[] {
  const seen: string[] = [];
  reflector.cache.subscribe((change: CacheChange<Widget>) => {
    const { name, uid } = change.object.metadata;
    seen.push(`${change.type} ${name} ${uid}`);
  });
  return seen;
}

export const watching = (count = 1) => vi.waitFor(() => expect(server.openWatches).toBe(count));
/** Every deadline of a request is this long, and no back-off is, as `random` is fixed. */
const REQUEST_MS = 30_000;
/** Waits until `count` reflectors are in back-off, and returns the waits in ms. */
export const backOffs = async (count: number, atMost = 120_000) => {
  await vi.waitFor(() => {
    expect(server.openWatches).toBe(0);
    expect(clock.waits).toHaveLength(count);
    for (const wait of clock.waits) {
      expect(wait).not.toBe(REQUEST_MS);
      expect(wait).toBeLessThanOrEqual(atMost);
    }
  });
  return clock.waits;
};
export const backingOff = async (atMost?: number) => (await backOffs(1, atMost))[0] ?? 0;
export const gone = { type: 'ERROR', object: statusObject(410, 'Expired', 'too old resource version') };
