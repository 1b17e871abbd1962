import { describe, expect, it, vi } from 'vitest';
import { isApiError } from './api-error.ts';
import { KubernetesClient } from './client.ts';
import { widget } from './testing/fake-api-server.ts';
import { widgetPath, widgets } from './testing/fixture.ts';
import {
  backingOff,
  clock,
  connection,
  errors,
  gone,
  heard,
  reflect,
  server,
  useReflectors,
  watching,
} from './testing/reflectors.ts';

useReflectors();

describe('Reflector', () => {
  it('reads a collection in pages and then follows it', async () => {
    for (let index = 0; index < 5; index += 1) server.store.put(widgetPath(`w${index}`), widget(`w${index}`));
    const reflector = reflect({ pageSize: 2 });
    await reflector.synced;
    expect(reflector.cache.size).toBe(5);
    expect(server.count('list')).toBe(3);
    await watching();
    const seen = heard(reflector);
    server.store.put(widgetPath('w0'), widget('w0', { size: 2 }));
    server.store.remove(widgetPath('w1'));
    await vi.waitFor(() => expect(seen).toEqual(['updated w0 uid-1', 'deleted w1 uid-2']));
    expect(reflector.cache.get({ namespace: 'default', name: 'w0' })?.spec).toEqual({ size: 2 });
  });

  it('keeps neither managedFields nor kubectl’s copy of the manifest', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'example.com/note': 'a' };
    server.store.put(widgetPath('one'), { ...widget('one'), metadata: { name: 'one', annotations } });
    const reflector = reflect();
    await reflector.synced;
    const metadata = reflector.cache.get({ namespace: 'default', name: 'one' })?.metadata;
    expect(metadata).not.toHaveProperty('managedFields');
    expect(metadata?.annotations).toEqual({ 'example.com/note': 'a' });
  });

  it('resumes from the version of the last bookmark when the server ends a watch', async () => {
    const reflector = reflect();
    await reflector.synced;
    await watching();
    server.store.put('/apis/example.com/v1/namespaces/default/gadgets/x', widget('x'));
    server.sendBookmark();
    const version = server.store.version;
    server.store.put(widgetPath('last'), widget('last'));
    await vi.waitFor(() => expect(reflector.cache.size).toBe(1));
    server.store.remove(widgetPath('last'));
    server.sendBookmark();
    await vi.waitFor(() => expect(reflector.cache.size).toBe(0));
    await clock.advance(20_000);
    server.endWatches();
    await vi.waitFor(() => expect(server.count('watch')).toBe(2));
    const resumedFrom = Number(server.requests.at(-1)?.query.get('resourceVersion'));
    expect(resumedFrom).toBeGreaterThanOrEqual(Number(version));
    expect(server.requests.at(-1)?.query.get('allowWatchBookmarks')).toBe('true');
    expect(server.count('list')).toBe(1);
  });

  it('leaves an object that it cannot read as it was known and goes on', async () => {
    server.store.put(widgetPath('good'), widget('good'));
    server.store.put(widgetPath('odd'), widget('odd', { size: 1 }));
    const reflector = reflect({
      type: {
        ...widgets,
        parse: (json) => {
          if (JSON.stringify(json).includes('unreadable')) throw new TypeError('spec.size is not a number');
          return json;
        },
      },
    });
    await reflector.synced;
    await watching();
    server.store.put(widgetPath('odd'), widget('odd', { size: 'unreadable' }));
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    server.store.compact();
    server.sendToWatchers(gone);
    await clock.advance(await backingOff());
    await vi.waitFor(() => expect(server.count('list')).toBe(2));
    await watching();
    expect(reflector.cache.get({ namespace: 'default', name: 'odd' })?.spec).toEqual({ size: 1 });
  });

  it('lists in one piece after a list that took longer than its pages live', async () => {
    for (let index = 0; index < 4; index += 1) server.store.put(widgetPath(`w${index}`), widget(`w${index}`));
    server.fail({ verb: 'list', times: 1, instead: { status: 503 } });
    const reflector = reflect({ pageSize: 2 });
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    // The first page arrives, the second is refused.
    const list = server.store.answer.bind(server.store);
    server.store.answer = (verb, ...rest) => {
      const answer = list(verb, ...rest);
      server.store.answer = list;
      server.store.compact();
      return answer;
    };
    await clock.advance(await backingOff());
    await vi.waitFor(() => expect(errors.some((error) => isApiError(error, 'gone'))).toBe(true));
    await clock.advance(await backingOff());
    await reflector.synced;
    expect(
      server.requests
        .filter((request) => request.verb === 'list')
        .at(-1)
        ?.query.has('limit'),
    ).toBe(false);
    expect(reflector.cache.size).toBe(4);
  });

  it('tells apart our own write and the watch’s echo of it: the echo is no news', async () => {
    server.store.put(widgetPath('one'), widget('one'));
    const reflector = reflect();
    await reflector.synced;
    await watching();
    const seen = heard(reflector);
    const client = new KubernetesClient({ connection, clock });
    server.silenceWatches();
    const written = await client.patch(
      widgets,
      { namespace: 'default', name: 'one' },
      { type: 'merge', merge: { status: { ready: true } } },
      { subresource: 'status' },
    );
    reflector.cache.absorb(written);
    expect(reflector.cache.get({ namespace: 'default', name: 'one' })?.status).toEqual({ ready: true });
    await clock.advance(150_000);
    await vi.waitFor(() => expect(server.count('watch')).toBe(2));
    server.store.put(widgetPath('two'), widget('two'));
    await vi.waitFor(() => expect(seen).toEqual(['added two uid-2']));
  });
});
