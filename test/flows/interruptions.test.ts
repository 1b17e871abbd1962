import { describe, expect, it } from 'vitest';
import { deleting, extension, grant } from '../../src/account/testing/resources.ts';
import { idOf } from '../../src/phonesystem/collections.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { civic, company, pbxName, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

const people = [profile('jane'), profile('joan')];
const janes = extension('jane', '7001');
const lobby = sharedExtension('lobby', '7200', { deletionPolicy: 'Delete' });
const billing = grant('jane', {
  pbxes: [pbxName],
  sections: [{ name: 'Billing', privileges: ['ViewBills'] }],
});

/** What was declared first, and what an edit makes of it. */
const edits: Readonly<Record<string, readonly [readonly AccountResource[], readonly AccountResource[]]>> = {
  'an extension for a user': [people, [...people, janes]],
  'a second extension for a user': [
    [...people, janes],
    [...people, janes, extension('second', '7002', { userProfileRef: { name: 'jane' } })],
  ],
  'another title': [people, [profile('jane', { jobTitle: 'Engineer' }), profile('joan')]],
  'a deleted user': [people, [deleting(profile('jane', { deletionPolicy: 'Delete' })), profile('joan')]],
  'a deactivated user': [people, [deleting(profile('jane')), profile('joan')]],
  'an owner for a shared extension': [
    [...people, sharedExtension('lobby', '7200')],
    [...people, extension('lobby', '7200', { userProfileRef: { name: 'jane' } })],
  ],
  'another owner': [
    [...people, extension('desk', '7001', { userProfileRef: { name: 'jane' } })],
    [...people, extension('desk', '7001', { userProfileRef: { name: 'joan' } })],
  ],
  'a deleted shared extension': [[lobby], [deleting(lobby)]],
  'a civic address': [
    [...people, janes],
    [...people, extension('jane', '7001', { emergencyAddress: { civic } })],
  ],
  'a grant': [people, [...people, billing]],
  'a revoked grant': [
    [...people, billing],
    [...people, deleting(billing)],
  ],
  'the draft of a port': [[], [port('desk')]],
  'a submitted port': [[port('desk')], [port('desk', { submit: true })]],
  'a cancelled port': [[port('desk', { submit: true })], [port('desk', { submit: true, cancel: true })]],
};

type Latency = { readonly min: number; readonly max: number } | undefined;

interface Account {
  readonly sparseRows: boolean;
  readonly latencyMs: Latency;
}

/** The account as it was before the edit. `disturb` is told of each request from then on, counted from 1. */
async function before(
  first: readonly AccountResource[],
  { sparseRows, latencyMs }: Account,
  disturb: (flow: Flow, request: number, when: 'before' | 'after') => void,
): Promise<Flow> {
  let known = Number.POSITIVE_INFINITY;
  const flow: Flow = new Flow({
    resources: first,
    company,
    secrets: portSecrets,
    sandbox: { sparseRows },
    onRequest: (number, when) => {
      if (number > known) disturb(flow, number - known, when);
    },
  });
  await flow.apply();
  await flow.resync();
  if (latencyMs) await flow.control('/settings', { latencyMs });
  known = flow.sent.length;
  return flow;
}

const collections = ['user', 'extension', 'address', 'portingOrder', 'invitation', 'administrator'] as const;

/** All of the account but ids and times, which differ with what was sent twice or later. */
async function endState(flow: Flow): Promise<string> {
  await flow.resync();
  const account: Record<string, unknown> = { reasons: flow.reasons() };
  for (const type of collections) {
    const rows = await flow.objects(type);
    const bodies = await Promise.all(rows.map((row) => flow.object(type, idOf(type, row))));
    account[type] = bodies.map(withoutIds).toSorted();
  }
  return JSON.stringify(account, undefined, 1);
}

function withoutIds(body: unknown): string {
  return JSON.stringify(body, (key, value: unknown) =>
    /(?:id|time|links)$/iu.test(key) ? undefined : value,
  );
}

/** Each request of the edit in turn, before it arrives and after its answer left. */
async function everyMoment(
  edit: keyof typeof edits,
  account: Account,
  disturb: (flow: Flow) => void,
  recover: (flow: Flow) => Promise<unknown>,
): Promise<void> {
  const [first, second] = edits[edit] ?? [[], []];
  const undisturbed = await before(first, account, () => undefined);
  const known = undisturbed.sent.length;
  await undisturbed.apply(second);
  const requests = undisturbed.sent.length - known;
  expect(undisturbed.sent.slice(known).some(({ method }) => method !== 'GET')).toBe(true);
  const expected = await endState(undisturbed);
  for (let at = 1; at <= requests; at++) {
    for (const when of ['before', 'after'] as const) {
      let isOver = false;
      const flow = await before(first, account, (disturbed, request, moment) => {
        if (isOver || request !== at || moment !== when) return;
        isOver = true;
        disturb(disturbed);
      });
      await flow.apply(second).catch(() => undefined);
      isOver = true;
      await recover(flow);
      await flow.apply(second);
      expect(await endState(flow), `${when} request ${at}`).toBe(expected);
    }
  }
}

describe.each<[string, Account]>([
  ['complete rows', { sparseRows: false, latencyMs: undefined }],
  ['sparse rows', { sparseRows: true, latencyMs: undefined }],
  ['slow operations', { sparseRows: false, latencyMs: { min: 30_000, max: 40_000 } }],
  ['operations that look lost', { sparseRows: false, latencyMs: { min: 90_000, max: 120_000 } }],
])('an edit, with %s', (_name, account) => {
  it.each(Object.keys(edits))('to %s ends as if there had been no crash', async (edit) => {
    await everyMoment(
      edit,
      account,
      (flow) => {
        flow.loop.stop(new Error('crash')).catch(() => undefined);
      },
      async (flow) => {
        await flow.restart();
        await flow.apply();
        await flow.clock.sleep(10 * 60_000);
      },
    );
  });

  it.each(Object.keys(edits))('to %s ends as if no answer had been lost', async (edit) => {
    await everyMoment(
      edit,
      account,
      () => {
        throw new TypeError('fetch failed');
      },
      // Past every back-off.
      (flow) => flow.clock.sleep(10 * 60_000),
    );
  });
});
