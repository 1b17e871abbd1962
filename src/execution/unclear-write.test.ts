import { describe, expect, it } from 'vitest';
import type { ObjectType } from '../account/objects.ts';
import type { Action, Change } from '../account/plan.ts';
import type { HttpResponse } from '../foundation/http.ts';
import { answer, page, sandboxEndpoint, scripted, user } from '../phonesystem/testing/scripted.ts';
import { OperationFailed } from './in-flight.ts';
import { searchUnclear } from './unclear-write.ts';

function change(action: Action, type: ObjectType = 'user', objectId?: string): Change {
  return {
    id: 'change-1',
    action,
    type,
    handle: `${type}/one`,
    ...(objectId === undefined ? {} : { objectId }),
    naturalKey: 'kim@example.com',
    fields: [],
    resources: [{ kind: 'UserProfile', namespace: 'acme', name: 'kim' }],
    risk: 'safe',
    after: [],
    requests: 1,
  };
}

interface Search {
  /** What a look at so many seconds after the write is answered. */
  readonly shows: (second: number) => HttpResponse;
  /** How long ago the write was begun, in seconds. */
  readonly age?: number;
  readonly follows?: boolean;
}

/** Searches for what became of a change. @returns what was found, and in which seconds after the write it was looked for */
async function search(of: Change, { age = 0, follows = true, shows }: Search) {
  const looks: number[] = [];
  const said: string[] = [];
  const { client, clock } = scripted(
    ({ url }) => {
      if (url.includes('/.well-known/')) return answer(200, { offers: ['invitation', 'portingOrder'] });
      const second = Math.round((clock.now() - since) / 1_000);
      looks.push(second);
      return shows(second);
    },
    { endpoint: sandboxEndpoint },
  );
  const since = clock.now() - age * 1_000;
  const outOfReach = (message: string) => {
    said.push(message);
    return follows;
  };
  const overAt: number[] = [];
  const surelyOver = () => void overAt.push(Math.round((clock.now() - since) / 1_000));
  const { signal } = new AbortController();
  const object = await searchUnclear(of, since, { client, clock, signal, outOfReach, surelyOver });
  return { id: object?.id, looks, said, overAt };
}

const nothing = () => page([]);
const marked = (at: string) => answer(200, { basicInfo: { userId: 'kim', lastUpdatedTime: at } });
/** The clock of these tests begins at 09:00 UTC on 5 January 2026. */
const before = '2026-01-05T08:59:59Z';
const after = '2026-01-05T09:00:00Z';

describe('what an unclear write may have made', () => {
  it('is looked for after 3, 15 and 60 seconds', async () => {
    expect(await search(change('Create'), { shows: nothing })).toEqual({
      id: undefined,
      looks: [3, 15, 60],
      said: [],
      overAt: [60],
    });
  });

  it.each(['invitation', 'portingOrder'] as const)(
    'is looked for until five minutes where a second %s would be taken',
    async (type) => {
      const { looks, overAt } = await search(change('Create', type), { shows: nothing });
      expect(looks).toEqual([3, 15, 60, 120, 300]);
      // Others need not wait so long.
      expect(overAt[0]).toBe(60);
      const resumed = await search(change('Create', type), { age: 130, shows: nothing });
      expect(resumed.overAt[0]).toBe(130);
    },
  );

  it('is not looked for any more once it is found', async () => {
    const shows = (second: number) => page(second < 15 ? [] : [user('kim')]);
    expect(await search(change('Create'), { shows })).toMatchObject({ id: 'kim', looks: [3, 15] });
  });

  it.each([
    // That of the third second is made up for.
    [10, [10, 15, 60]],
    [15, [15, 60]],
    [59, [59, 60]],
    [3_600, [3_600]],
  ])('is looked for at the times that are left when it was sent %i seconds ago', async (age, looks) => {
    expect((await search(change('Create'), { age, shows: nothing })).looks).toEqual(looks);
  });

  it('needs one look where it is known by an id', async () => {
    expect((await search(change('Delete', 'user', 'kim'), { shows: () => answer(404) })).looks).toEqual([3]);
    const there = await search(change('Delete', 'user', 'kim'), { shows: () => marked(before) });
    expect(there).toMatchObject({ id: 'kim', looks: [3] });
  });

  it('is an update when the object is marked since, or what is there in the end', async () => {
    const update = change('Update', 'user', 'kim');
    const shows = (second: number) => marked(second < 15 ? before : after);
    expect((await search(update, { shows })).looks).toEqual([3, 15]);
    const unmarked = await search(update, { shows: () => marked(before) });
    expect(unmarked).toMatchObject({ id: 'kim', looks: [3, 15, 60] });
  });
});

describe('a phone system that can not be asked what became of a write', () => {
  const down = answer(403);

  it('is asked every minute from the last time on, and it is said once', async () => {
    const shows = (second: number) => (second < 200 ? down : page([user('kim')]));
    const { id, looks, said } = await search(change('Create'), { shows });
    expect(id).toBe('kim');
    expect(looks).toEqual([3, 15, 60, 120, 180, 240]);
    expect(said).toEqual([
      expect.stringMatching(/^Whether this was carried out is not known, .*GET \/users/),
    ]);
  });

  it('is not said to be out of reach where a later look is answered in time', async () => {
    const shows = (second: number) => (second < 60 ? down : nothing());
    expect(await search(change('Create'), { shows })).toMatchObject({
      id: undefined,
      looks: [3, 15, 60],
      said: [],
    });
    const known = await search(change('Delete', 'user', 'kim'), {
      shows: (second) => (second < 15 ? down : answer(404)),
    });
    expect(known).toEqual({ id: undefined, looks: [3, 15], said: [], overAt: [] });
  });

  it('leaves the write running where nobody follows it', async () => {
    const searched = search(change('Create'), { shows: () => down, follows: false });
    await expect(searched).rejects.toSatisfy(
      (error) => error instanceof OperationFailed && error.end === 'running',
    );
  });

  it('is not asked after the stop', async () => {
    const stop = new AbortController();
    const { client, clock, requests } = scripted(() => {
      stop.abort(new Error('stopping'));
      return down;
    });
    const { signal } = stop;
    const searched = searchUnclear(change('Create'), clock.now(), {
      client,
      clock,
      signal,
      outOfReach: () => true,
      surelyOver: () => undefined,
    });
    await expect(searched).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });
});
