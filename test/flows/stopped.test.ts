import { describe, expect, it } from 'vitest';
import * as acme from '../../src/account/testing/resources.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { civic, company, pbxName, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

/** Something of everything that is made once: a user, an invitation, an address, an order, an administrator. */
const resources: readonly AccountResource[] = [
  profile('jane', { jobTitle: 'Engineer' }),
  acme.extension('jane', '7301', { emergencyAddress: { civic } }),
  sharedExtension('lobby', '7302'),
  acme.grant('jane', { pbxes: [pbxName], sections: [{ name: 'Billing', privileges: ['ViewBills'] }] }),
  port('desk', { submit: true }),
];

/** @param stopAt the loop is stopped when it has noted so many writes, before it sends the last of them */
function account(sparseRows: boolean, stopAt = Number.POSITIVE_INFINITY) {
  const noted: string[] = [];
  const flow: Flow = new Flow({
    resources,
    company,
    secrets: portSecrets,
    sandbox: { sparseRows },
    stopsCleanly: true,
    onBegun: ({ action, type }) => {
      noted.push(`${action} ${type}`);
      if (noted.length === stopAt) void flow.loop.stop(new Error('stopping'));
    },
  });
  return { flow, noted };
}

/** Writes that a next process would look for, because nobody knows whether they were sent. */
function unclear(flow: Flow): string[] {
  return [...flow.store.snapshot().values()].flatMap(({ pending }) =>
    pending && pending.operationId === undefined ? [`${pending.intent} ${pending.objectType}`] : [],
  );
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('a stop between the note of a write and the write, with %s list rows', (_name, sparseRows) => {
  it('leaves nothing to look for, and nothing undone', async () => {
    const undisturbed = account(sparseRows);
    await undisturbed.flow.apply();
    expect(undisturbed.noted).toEqual(
      expect.arrayContaining([
        'Create user',
        'Create invitation',
        'Create portingOrder',
        'Submit portingOrder',
      ]),
    );
    const undisturbedMs = undisturbed.flow.clock.now() - account(sparseRows).flow.clock.now();
    for (let stopAt = 1; stopAt <= undisturbed.noted.length; stopAt++) {
      const { flow, noted } = account(sparseRows, stopAt);
      await expect(flow.apply()).rejects.toThrow('stopping');
      await flow.loop.stop();
      const moment = `stopped at ${stopAt}: ${noted.at(-1)}`;
      expect(unclear(flow), moment).toEqual([]);
      await flow.restart();
      const restartedAt = flow.clock.now();
      await flow.apply();
      expect(flow.reasons(), moment).toEqual(undisturbed.flow.reasons());
      expect(flow.writes(), moment).toBe(undisturbed.flow.writes());
      // Well within the minute for which an unclear write is looked for.
      expect(flow.clock.now() - restartedAt, moment).toBeLessThan(undisturbedMs + 30_000);
    }
  });
});

it('ends although what was on its way is refused for too many after the stop', async () => {
  const flow: Flow = new Flow({
    resources: [profile('jane')],
    company,
    stopsCleanly: true,
    onRequest: (number, when) => {
      const isWrite = flow.sent[number - 1]?.method === 'POST';
      if (isWrite && when === 'before') void flow.loop.stop(new Error('stopping'));
    },
  });
  await flow.control('/faults', {
    match: { method: 'POST', path: '/users$' },
    times: 1,
    respond: { status: 429, code: 'TOO_MANY_REQUESTS' },
  });
  await expect(flow.apply()).rejects.toThrow('stopping');
  const ended = flow.loop.stop().then(() => 'ended');
  const hung = flow.clock.sleep(60_000).then(() => 'hung');
  expect(await Promise.race([ended, hung])).toBe('ended');
  // A refused write was not taken.
  expect(unclear(flow)).toEqual([]);
});

it('keeps the note of a part that was taken where the next one is not sent', async () => {
  let noted = 0;
  let stopAt = Number.POSITIVE_INFINITY;
  const flow: Flow = new Flow({
    resources: [profile('jane')],
    company,
    stopsCleanly: true,
    onBegun: ({ type }) => {
      if (type === 'user' && ++noted === stopAt) void flow.loop.stop(new Error('stopping'));
    },
  });
  await flow.apply();
  // Refused as a whole and without a name, they go out one by one: the second one is noted when the first one is made.
  await flow.control('/faults', {
    match: { method: 'PUT', path: '/users/' },
    times: 1,
    respond: { status: 400, code: 'BAD_REQUEST' },
  });
  stopAt = noted + 3;
  const userProfileRef = { name: 'jane' };
  const desk = acme.sharedExtension('desk', '7301', { userProfileRef });
  const mobile = acme.sharedExtension('mobile', '7302', { userProfileRef });
  await expect(flow.apply([profile('jane'), desk, mobile])).rejects.toThrow('stopping');
  await flow.loop.stop();
  await flow.restart();
  await flow.apply();
  expect(Object.values(flow.reasons())).toEqual(['Synced', 'Synced', 'Synced']);
});

it('keeps what was unclear before a write that is not sent', async () => {
  const run: Flow = new Flow({
    resources: [profile('jane'), acme.extension('jane', '7301')],
    company,
    stopsCleanly: true,
    onBegun: ({ action, type }) => {
      if (action === 'Update' && type === 'user') void run.loop.stop(new Error('stopping'));
    },
  });
  await run.control('/faults', { match: { method: 'POST', path: '/users$' }, times: 1, drop: 'after' });
  // The extension that was made with the user shows a while after the user (8x8 guide: consistency).
  run.tamper(({ method, url }, answer) =>
    method === 'GET' && new URL(url).pathname.includes('/users')
      ? { ...answer, body: answer.body.replaceAll('"serviceInfo":', '"hidden":') }
      : undefined,
  );
  await expect(run.apply()).rejects.toThrow('stopping');
  await run.loop.stop();
  run.tamper(undefined);
  await run.restart();
  await run.apply();
  expect(Object.values(run.reasons())).toEqual(['Synced', 'Synced']);
});
