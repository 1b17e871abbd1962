import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { KubernetesClient } from './client.ts';
import { ApiConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { ReflectorStopped } from './reflector.ts';
import { metadataOf, widget } from './testing/fake-api-server.ts';
import { statusObject } from './testing/fake-store.ts';
import { widgetPath } from './testing/fixture.ts';
import {
  backingOff,
  backOffs,
  clock,
  errors,
  gone,
  heard,
  reflect,
  server,
  useReflectors,
  watching,
} from './testing/reflectors.ts';

useReflectors();

describe('the twelve failures of the client library', () => {
  it('1. notices a watch that died silently, and resumes it without a list', async () => {
    const reflector = reflect({ livenessMs: 150_000 });
    await reflector.synced;
    await watching();
    server.silenceWatches();
    server.store.put(widgetPath('missed'), widget('missed'));
    await clock.advance(149_000);
    expect(server.count('watch')).toBe(1);
    await clock.advance(1_000);
    await vi.waitFor(() => expect(reflector.cache.size).toBe(1));
    expect(server.count('list')).toBe(1);
  });

  it('1. notices a watch that is never answered at all', async () => {
    server.fail({ verb: 'watch', instead: 'silence' });
    const reflector = reflect();
    await reflector.synced;
    await vi.waitFor(() => expect(server.count('watch')).toBe(1));
    await clock.advance(30_000);
    await clock.advance(await backingOff(2_000));
    await watching();
  });

  it('1. gives every list a deadline', async () => {
    server.fail({ verb: 'list', instead: 'silence' });
    const reflector = reflect();
    await vi.waitFor(() => expect(server.count('list')).toBe(1));
    await clock.advance(30_000);
    await clock.advance(await backingOff(2_000));
    await reflector.synced;
  });

  it('2. leaves a healthy quiet watch alone as long as bookmarks come', async () => {
    const reflector = reflect({ livenessMs: 150_000, watchSeconds: 3_000 });
    await reflector.synced;
    await watching();
    for (let minute = 0; minute < 20; minute += 1) {
      const before = reflector.lastHeard;
      await clock.advance(60_000);
      server.sendBookmark();
      await vi.waitFor(() => expect(reflector.lastHeard).toBeGreaterThan(before));
    }
    expect(server.count('watch')).toBe(1);
    expect(errors).toEqual([]);
  });

  it('3. goes on by itself after an error', async () => {
    server.fail({ verb: 'list', times: 2, instead: { status: 500 } });
    server.fail({ verb: 'watch', times: 2, instead: 'reset' });
    const reflector = reflect();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await vi.waitFor(() => expect(errors).toHaveLength(attempt + 1));
      await clock.advance(await backingOff());
    }
    await reflector.synced;
    await watching();
    expect(errors).toHaveLength(4);
    expect(server.count('list')).toBe(3);
  });

  it('4. makes no restart storm of watches that end at once, and leaks no connection', async () => {
    server.fail({ verb: 'watch', times: 6, instead: { lines: [] } });
    const reflector = reflect();
    await reflector.synced;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await vi.waitFor(() => expect(server.count('watch')).toBe(attempt + 1));
      const wait = await backingOff();
      waits.push(wait);
      await clock.advance(wait);
    }
    await watching();
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThan(30_000);
    // One for the watch and one pooled for lists.
    await vi.waitFor(() => expect(server.connections).toBeLessThanOrEqual(2));
  });

  it('4. spreads many clients that lost one server', async () => {
    server.fail({ verb: 'list', times: 20, instead: { status: 503 } });
    for (let index = 0; index < 20; index += 1) reflect({ random: () => index / 20 });
    expect(new Set(await backOffs(20)).size).toBe(20);
  });

  it('5. never loops on 410: each list after it waits longer', async () => {
    server.fail({ verb: 'watch', times: 7, instead: { lines: [gone] } });
    const reflector = reflect();
    await reflector.synced;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await vi.waitFor(() => expect(errors).toHaveLength(attempt + 1));
      expect(server.count('list')).toBe(attempt + 1);
      const wait = await backingOff();
      waits.push(wait);
      await clock.advance(wait);
    }
    await watching();
    expect(waits.map((wait) => Math.round(wait / 1000))).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(reflector.isSynced).toBe(true);
  });

  it('5. lists again when the server’s versions are behind ours', async () => {
    const details = {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    };
    const body = { ...statusObject(504, 'Timeout', 'Too large resource version'), details };
    server.fail({ verb: 'watch', instead: { status: 504, body } });
    reflect();
    await clock.advance(await backingOff());
    await watching();
    expect(server.count('list')).toBe(2);
  });

  it('6. survives a listener that throws, and calls the others', async () => {
    const reflector = reflect();
    await reflector.synced;
    await watching();
    reflector.cache.subscribe(() => {
      throw new Error('a bug in a listener');
    });
    const seen = heard(reflector);
    server.store.put(widgetPath('one'), widget('one'));
    await vi.waitFor(() => expect(seen).toEqual(['added one uid-1']));
    expect(errors).toEqual([new Error('a bug in a listener')]);
    expect(server.count('watch')).toBe(1);
  });

  it('7. sees that an object was deleted and created again between two lists', async () => {
    server.store.put(widgetPath('one'), widget('one'));
    const reflector = reflect();
    await reflector.synced;
    await watching();
    const seen = heard(reflector);
    server.silenceWatches();
    server.store.remove(widgetPath('one'));
    server.store.put(widgetPath('one'), widget('one'));
    server.store.compact();
    await clock.advance(150_000);
    await clock.advance(await backingOff());
    await vi.waitFor(() => expect(seen).toEqual(['deleted one uid-1', 'added one uid-2']));
  });

  it('7. sees it in a watch that does not tell of the deletion, or tells of it late', async () => {
    const path = widgetPath('one');
    const first = server.store.put(path, widget('one'));
    const reflector = reflect();
    await reflector.synced;
    await watching();
    const seen = heard(reflector);
    const metadata = { ...metadataOf(first), uid: 'uid-2', resourceVersion: '900' };
    server.sendToWatchers({ type: 'MODIFIED', object: { ...first, metadata } });
    await vi.waitFor(() => expect(seen).toEqual(['deleted one uid-1', 'added one uid-2']));
    const late = { ...metadataOf(first), resourceVersion: '901' };
    server.sendToWatchers({ type: 'DELETED', object: { ...first, metadata: late } });
    server.store.put(widgetPath('two'), widget('two'));
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    expect(seen.at(-1)).toMatch(/^added two /);
    expect(reflector.cache.get({ namespace: 'default', name: 'one' })?.metadata.uid).toBe('uid-2');
  });

  it('8. opens nothing after stop() during a back-off', async () => {
    server.fail({ verb: 'list', instead: { status: 500 } });
    const reflector = reflect();
    await backingOff();
    const before = server.requests.length;
    await reflector.stop();
    await clock.advance(600_000);
    reflector.start();
    await clock.advance(600_000);
    expect(server.requests).toHaveLength(before);
    expect(clock.waits).toEqual([]);
    await expect(reflector.synced).rejects.toBeInstanceOf(ReflectorStopped);
  });

  it('8. stop() resolves when the watch is closed, and during a list that hangs', async () => {
    const watched = reflect();
    await watched.synced;
    await watching();
    await watched.stop();
    await watching(0);
    expect(watched.isSynced).toBe(true);
    server.fail({ verb: 'list', instead: 'silence' });
    const listing = reflect();
    await vi.waitFor(() => expect(server.count('list')).toBe(2));
    await listing.stop();
    expect(clock.waits).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('9. waits as long as a 429 asks, and loses no event by it', async () => {
    server.store.put(widgetPath('old'), widget('old'));
    const reflector = reflect();
    await reflector.synced;
    await watching();
    const seen = heard(reflector);
    server.store.compact();
    server.sendToWatchers(gone);
    server.fail({ verb: 'list', instead: { status: 429, headers: { 'retry-after': '17' } } });
    server.silenceWatches();
    server.store.remove(widgetPath('old'));
    server.store.put(widgetPath('new'), widget('new'));
    await clock.advance(await backingOff(2_000));
    await vi.waitFor(() => expect(errors).toHaveLength(2));
    expect(await backingOff()).toBe(17_000);
    expect(reflector.cache.size).toBe(1);
    await clock.advance(17_000);
    await vi.waitFor(() => expect(seen).toEqual(['deleted old uid-1', 'added new uid-2']));
  });

  // 10. Lease and Event times in microseconds: lease.test.ts and events.test.ts.

  it('11. uses a rotated token for the next connection, and asks for a fresh one after a 401', async () => {
    let token = 'token-1';
    const rotating = new ApiConnection(() => server.kubeConfig(token));
    server.requiredToken = 'token-1';
    const reflector = reflect({ client: new KubernetesClient({ connection: rotating, clock }) });
    await reflector.synced;
    await watching();
    token = 'token-2';
    server.requiredToken = 'token-2';
    await clock.advance(20_000);
    server.endWatches();
    await vi.waitFor(() => expect(server.requests.at(-1)?.authorization).toBe('Bearer token-2'));
    await watching();
    expect(errors).toEqual([]);
    rotating.close();
  });

  it('12. leaves no listener behind on a signal that lives long', async () => {
    const process = new AbortController();
    for (let index = 0; index < 100; index += 1) {
      await withDeadline(clock, 1_000, 'work', process.signal, async () => index);
    }
    expect(getEventListeners(process.signal, 'abort')).toHaveLength(0);
    const added = vi.spyOn(AbortSignal, 'any');
    const listed = vi.spyOn(KubernetesClient.prototype, 'list');
    const reflector = reflect();
    await reflector.synced;
    // The signal that stops the reflector: it lives as long as the process.
    const stop = listed.mock.calls[0]?.[2] ?? process.signal;
    await watching();
    const listeners = () => getEventListeners(stop, 'abort').length;
    const whileWatching = listeners();
    expect(whileWatching).toBeGreaterThan(0);
    for (let index = 0; index < 20; index += 1) {
      await vi.waitFor(() => expect(server.openWatches).toBe(1));
      await clock.advance(20_000);
      server.endWatches();
      await vi.waitFor(() => expect(server.count('watch')).toBe(index + 2));
    }
    await watching();
    expect(added).not.toHaveBeenCalled();
    // The guard of the watch, and nothing from the twenty before it.
    expect(clock.waits).toHaveLength(1);
    expect(listeners()).toBe(whileWatching);
  });
});
