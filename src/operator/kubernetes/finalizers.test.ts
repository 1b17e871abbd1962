import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import { Finalizers } from './finalizers.ts';
import { Fixture, type Widget, widgetPath, widgets } from './testing/fixture.ts';

let fixture: Fixture;
let finalizers: Finalizers<Widget>;
const OURS = 'example.com/finalizer';

beforeEach(async () => {
  fixture = await Fixture.start();
  finalizers = new Finalizers({
    client: fixture.client,
    cache: fixture.cache,
    type: widgets,
    finalizer: OURS,
  });
});

afterEach(async () => {
  await fixture.stop();
});

const withMetadata = (metadata: JsonObject) => ({ metadata });

describe('Finalizers', () => {
  it('adds it once, and the cache knows at once', async () => {
    const object = fixture.seed('one');
    await finalizers.add(object);
    const cached = fixture.cache.get({ namespace: 'default', name: 'one' });
    expect(cached?.metadata.finalizers).toEqual([OURS]);
    if (cached) await finalizers.add(cached);
    expect(fixture.server.count('patch')).toBe(1);
  });

  it('leaves those of others alone, also when they changed meanwhile', async () => {
    const object = fixture.seed('one', withMetadata({ finalizers: ['example.org/a'] }));
    fixture.edit('one', withMetadata({ finalizers: ['example.org/a', 'example.org/b'] }));
    const written = await finalizers.add(object);
    expect(written?.metadata.finalizers).toEqual(['example.org/a', 'example.org/b', OURS]);
    fixture.edit('one', withMetadata({ finalizers: ['example.org/b', OURS] }));
    if (written) await finalizers.remove(written);
    expect(fixture.stored('one').metadata.finalizers).toEqual(['example.org/b']);
  });

  it('adds none to an object that is being deleted', async () => {
    const object = fixture.seed('one', withMetadata({ deletionTimestamp: '2026-01-05T09:00:00Z' }));
    expect(await finalizers.add(object)).toBeUndefined();
    expect(fixture.server.count('patch')).toBe(0);
  });

  it('touches no namesake, and is content when the object is gone', async () => {
    const object = fixture.seed('one', withMetadata({ finalizers: [OURS] }));
    fixture.server.store.remove(widgetPath('one'));
    await finalizers.remove(object);
    fixture.server.store.put(widgetPath('one'), withMetadata({ finalizers: [OURS] }));
    await finalizers.remove(object);
    expect(fixture.stored('one').metadata.finalizers).toEqual([OURS]);
  });
});
