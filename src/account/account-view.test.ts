import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { AccountView } from './account-view.ts';
import type { Collection, ObservedAccount, ObservedObject } from './objects.ts';

const updated = '2026-01-05T00:00:00Z';

function observed(
  id: string,
  body: JsonObject,
  readAt: number,
  source: ObservedObject['source'] = 'row',
): ObservedObject {
  return {
    type: 'user',
    id,
    readAt,
    source,
    body: { basicInfo: { userId: id, lastUpdatedTime: updated }, ...body },
  };
}

function snapshot(readAt: number, ...objects: ObservedObject[]): ObservedAccount {
  return users({ state: 'read', readAt, objects: new Map(objects.map((object) => [object.id, object])) });
}

function users(user: Collection): ObservedAccount {
  return { collections: { ...new AccountView().collections, user }, gone: new Map() };
}

function viewOf(...snapshots: ObservedAccount[]): AccountView {
  const view = new AccountView();
  for (const one of snapshots) view.adopt(one);
  return view;
}

describe('a view of an account', () => {
  it('knows nothing before it was told', () => {
    expect(new AccountView().collections.user.state).toBe('unknown');
    expect(new AccountView().get('user', 'u1')).toBeUndefined();
  });

  it('keeps what it knew when a part could not be read', () => {
    const view = viewOf(snapshot(1, observed('u1', {}, 1)), users({ state: 'unknown', reason: '503' }));
    expect(view.get('user', 'u1')).toBeDefined();
  });

  it('no longer holds what a later listing lacks, and does not call it gone', () => {
    const view = viewOf(snapshot(1, observed('u1', {}, 1)), snapshot(2));
    expect(view.get('user', 'u1')).toBeUndefined();
    expect(view.gone.size).toBe(0);
  });

  it('keeps what was seen after the listing began', () => {
    const view = viewOf(snapshot(1));
    view.observe(observed('u1', {}, 5, 'single'));
    view.adopt(snapshot(4));
    expect(view.get('user', 'u1')).toBeDefined();
    view.adopt(snapshot(6));
    expect(view.get('user', 'u1')).toBeUndefined();
  });

  it('never replaces a newer reading by an older one', () => {
    const view = viewOf(snapshot(1, observed('u1', { name: 'new' }, 5)));
    view.observe(observed('u1', { name: 'old' }, 4));
    expect(view.get('user', 'u1')?.body.name).toBe('new');
  });

  it('calls gone what answered 404, until it is seen again', () => {
    const view = viewOf(snapshot(1, observed('u1', {}, 1)));
    view.forget('user', 'u1', 1);
    expect(view.get('user', 'u1')).toBeUndefined();
    expect([...view.gone.keys()]).toEqual(['user/u1']);
    view.observe(observed('u1', {}, 3));
    expect(view.gone.size).toBe(0);
  });

  it('is not talked out of a deletion by a reading that began before it and ended after', () => {
    const view = viewOf(snapshot(1, observed('u1', {}, 1)));
    view.forget('user', 'u1', 5);
    view.adopt(snapshot(3, observed('u1', {}, 4)));
    expect(view.get('user', 'u1')).toBeUndefined();
    view.observe(observed('u1', {}, 4, 'single'));
    expect(view.get('user', 'u1')).toBeUndefined();
    expect([...view.gone]).toEqual([['user/u1', 5]]);
    view.adopt(snapshot(6, observed('u1', {}, 6)));
    expect(view.get('user', 'u1')).toBeDefined();
  });

  it('keeps what was made again after an older answer said that it was gone', () => {
    const view = viewOf(snapshot(1));
    view.observe(observed('u1', {}, 7, 'single'));
    view.forget('user', 'u1', 5);
    expect(view.get('user', 'u1')).toBeDefined();
    expect(view.gone.size).toBe(0);
  });
});

describe('a row of an object that carries no time of its last change', () => {
  it('replaces a single read: nothing tells whether the object changed', () => {
    const bare = { basicInfo: { userId: 'u1' } };
    const view = viewOf(snapshot(1));
    view.observe(observed('u1', { ...bare, title: 'Buyer' }, 2, 'single'));
    view.adopt(snapshot(3, observed('u1', bare, 3)));
    expect(view.get('user', 'u1')).toMatchObject({ source: 'row', body: bare });
    expect(view.get('user', 'u1')?.body).not.toHaveProperty('title');
  });
});

describe('a sparse row over a single read', () => {
  const full = {
    title: 'Buyer',
    service: {
      extensions: [{ id: 'e1', waiting: true, devices: [{ macAddress: '0a1b2c3d4e5f', model: 'T46' }] }],
    },
  };
  const seenWith = (row: JsonObject) => {
    const view = viewOf(snapshot(1));
    view.observe(observed('u1', full, 2, 'single'));
    view.adopt(snapshot(3, observed('u1', row, 3)));
    return view.get('user', 'u1');
  };

  it('takes nothing away that it does not show while the object is unchanged', () => {
    expect(seenWith({})).toMatchObject({ source: 'single', body: full });
  });

  it('wins where it shows something else, even if nothing says that the object changed', () => {
    expect(seenWith({ title: 'Head of Sales' })).toMatchObject({
      source: 'single',
      body: { ...full, title: 'Head of Sales' },
    });
  });

  it('keeps what it hides of the elements of lists, by whatever tells them apart', () => {
    const row = { service: { extensions: [{ id: 'e1', devices: [{ macAddress: '0A:1B:2C:3D:4E:5F' }] }] } };
    const extension = {
      id: 'e1',
      waiting: true,
      devices: [{ macAddress: '0A:1B:2C:3D:4E:5F', model: 'T46' }],
    };
    expect(seenWith(row)).toMatchObject({ source: 'single', body: { service: { extensions: [extension] } } });
  });

  it('loses an element that it no longer lists', () => {
    expect(seenWith({ service: { extensions: [] } })).toMatchObject({
      source: 'single',
      body: { service: { extensions: [] } },
    });
  });

  it('stays a row when it shows an element that was not there: what it hides of that is unknown', () => {
    expect(seenWith({ service: { extensions: [{ id: 'e1' }, { id: 'e2' }] } })?.source).toBe('row');
  });

  it('stays a row once the object was changed', () => {
    expect(seenWith({ basicInfo: { userId: 'u1', lastUpdatedTime: '2026-01-06T00:00:00Z' } })?.source).toBe(
      'row',
    );
  });
});

describe('a sparse row of an object that shows no time of change', () => {
  const bare = { basicInfo: { userId: 'u1' }, title: 'Buyer' };
  const read = { ...bare, desk: '12' };
  const listedAgain = (row: JsonObject, isReading: boolean) => {
    const view = viewOf(snapshot(1, observed('u1', bare, 1)));
    view.observe(observed('u1', read, 2, 'single'));
    view.adopt(snapshot(3, observed('u1', row, 3)), isReading);
    return view.get('user', 'u1');
  };

  it('takes nothing back of what was read while others are still being read', () => {
    expect(listedAgain(bare, true)).toMatchObject({ source: 'single', body: read });
    expect(listedAgain(bare, false)?.source).toBe('row');
  });

  it('is believed where it shows something else', () => {
    expect(listedAgain({ ...bare, title: 'Head of Sales' }, true)).toMatchObject({
      source: 'row',
      body: { title: 'Head of Sales' },
    });
  });
});

describe('a row of a ring group', () => {
  const group = (
    readAt: number,
    body: JsonObject,
    source: ObservedObject['source'] = 'row',
  ): ObservedObject => ({
    ...{ type: 'ringGroup', id: 'g1', readAt, source },
    body: { id: 'g1', name: 'Sales', ...body },
  });
  const listed = (object: ObservedObject): ObservedAccount => ({
    collections: {
      ...new AccountView().collections,
      ringGroup: { state: 'read', readAt: object.readAt, objects: new Map([[object.id, object]]) },
    },
    gone: new Map(),
  });
  const members = [{ extensionId: 'e1' }];

  it('that hides the members leaves those that were read last, and one that shows them is believed', () => {
    const view = viewOf(listed(group(1, {})));
    view.observe(group(2, { members }, 'single'));
    view.adopt(listed(group(3, { name: 'Sales East' })));
    view.adopt(listed(group(4, { name: 'Sales West' })));
    expect(view.get('ringGroup', 'g1')).toMatchObject({
      source: 'row',
      body: { name: 'Sales West', members },
    });
    view.adopt(listed(group(5, { members: [] })));
    expect(view.get('ringGroup', 'g1')?.body).toMatchObject({ name: 'Sales', members: [] });
  });
});
