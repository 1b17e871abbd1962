import { describe, expect, it } from 'vitest';
import type { ObjectType } from '../account/objects.ts';
import type { Change } from '../account/plan.ts';
import type { Json } from '../foundation/json.ts';
import {
  connectionError,
  options,
  page,
  problem,
  type Script,
  sandboxEndpoint,
  scripted,
  user,
} from '../phonesystem/testing/scripted.ts';
import { lookUp } from './look-up.ts';

function creation(type: ObjectType, naturalKey: string): Change {
  return {
    id: 'change-1',
    action: 'Create',
    type,
    handle: `${type}/one`,
    naturalKey,
    fields: [],
    resources: [{ kind: 'UserProfile', namespace: 'acme', name: 'one' }],
    risk: 'safe',
    after: [],
    requests: 1,
  };
}

/** What is found by that name where the phone system answers so, and what it was asked. */
async function found(script: Script, type: ObjectType = 'user', naturalKey = 'kim@example.com') {
  const { client, clock, requests } = scripted(script, { endpoint: sandboxEndpoint });
  const object = await lookUp(creation(type, naturalKey), client, clock, clock.now(), options);
  return { id: object?.id, queries: requests.map(({ url }) => new URL(url).searchParams.get('filter')) };
}

const nameless: Json = { basicInfo: { userId: 'secret' } };

describe('what may have been made is looked up', () => {
  it('by its name', async () => {
    expect(await found(() => page([user('kim')]))).toEqual({
      id: 'kim',
      queries: ['basicInfo.userName==kim@example.com'],
    });
    expect((await found(() => page([]))).id).toBeUndefined();
  });

  it('without regard to case, as the phone system compares names', async () => {
    const shown = { basicInfo: { userId: 'u1', userName: 'Kim@Example.com' } };
    expect((await found(() => page([shown]))).id).toBe('u1');
  });

  it('and nobody else is taken for it, though the phone system minds no filter', async () => {
    const everybody = [user('joe'), user('kim'), user('zoe')];
    expect((await found(() => page(everybody))).id).toBe('kim');
    expect((await found(() => page([user('joe'), user('zoe')]))).id).toBeUndefined();
  });

  it('in a row that shows no name, where it was asked for by name', async () => {
    expect((await found(() => page([nameless]))).id).toBe('secret');
  });

  it.each(['VALIDATION_ERROR', 'INVALID_FILTER'])('in the whole list after %s', async (code) => {
    const answer = await found((request) => {
      const { searchParams } = new URL(request.url);
      if (searchParams.has('filter')) return problem(400, code, 'filter');
      return searchParams.has('scrollId') ? page([user('kim')]) : page([nameless, user('joe')], 'next');
    });
    expect(answer).toEqual({ id: 'kim', queries: ['basicInfo.userName==kim@example.com', null, null] });
  });

  it('and what was not answered is no answer', async () => {
    await expect(found(() => connectionError('ECONNRESET'))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(found(() => problem(403, 'FORBIDDEN'))).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
