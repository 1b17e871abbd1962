import { beforeAll, describe, expect, it } from 'vitest';
import { writeCases } from './testing/accepted-writes.ts';
import { WriteSession } from './testing/write-session.ts';

/** Routes of the control API that steer the sandbox and change nothing in the account. */
const steering = [
  'POST /_control/clock',
  'POST /_control/faults',
  'DELETE /_control/faults',
  'DELETE /_control/stats',
  'POST /_control/settings',
];

let session: WriteSession;

beforeAll(() => {
  session = new WriteSession();
});

/** Whether a request was sent to a route: `PUT /users/abc` to `PUT /users/{userId}`. */
function belongsTo(route: string, request: string): boolean {
  return new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(request);
}

describe('every accepted write leaves one record with its actor and its time, and no secret', () => {
  it.each(writeCases)('of $of', async ({ route, send }) => {
    const before = new Set((await session.driver.audit()).map(({ id }) => id));
    const sent = session.driver.sent.length;
    const { actor, id, time } = await send(session);
    expect(session.driver.sent.slice(sent).filter((request) => belongsTo(route, request))).toHaveLength(1);
    const records = (await session.driver.audit()).filter((record) => !before.has(record.id ?? null));
    const own = records.filter(({ entityKey }) => entityKey === id);
    expect(own.map(({ auditTimestamp, auditUserId }) => ({ auditTimestamp, auditUserId }))).toEqual([
      { auditTimestamp: time, auditUserId: actor },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/4711|0815|123456|654321|12345\b/);
  });

  it('and there is no route for writes that the cases above leave out', () => {
    const writing = session.driver.routes.filter((route) => !route.startsWith('GET '));
    const covered = new Set([...steering, ...writeCases.map(({ route }) => route)]);
    expect([...covered].sort()).toEqual([...writing].sort());
  });
});
