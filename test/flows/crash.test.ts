import { describe, expect, it } from 'vitest';
import { extension, grant } from '../../src/account/testing/resources.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { civic, company, pbxName, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

/** Something of everything, so that each kind of write is interrupted. */
const resources: readonly AccountResource[] = [
  profile('jane', { jobTitle: 'Engineer' }),
  extension('jane', '7301', { emergencyAddress: { civic }, timezone: 'America/Chicago' }),
  sharedExtension('lobby', '7302'),
  grant('jane', { pbxes: [pbxName], sections: [{ name: 'Billing', privileges: ['ViewBills'] }] }),
  port('desk', { submit: true }),
];

interface EndState {
  readonly reasons: Record<string, string>;
  readonly counts: Record<string, number>;
  readonly title: unknown;
}

async function endState(flow: Flow): Promise<EndState> {
  await flow.resync();
  const counts: Record<string, number> = {};
  for (const type of ['user', 'extension', 'address', 'portingOrder', 'invitation'] as const) {
    counts[type] = (await flow.objects(type)).length;
  }
  const jane = await flow.object('user', flow.externalId(profile('jane')));
  const extensions = JSON.stringify(jane?.serviceInfo).split('"extensionNumber"').length - 1;
  return {
    reasons: flow.reasons(),
    counts: { ...counts, extensionsOfJane: extensions },
    title: jane?.directoryInfo,
  };
}

async function undisturbed(sparseRows: boolean): Promise<{ end: EndState; requests: number }> {
  const flow = new Flow({ resources, company, secrets: portSecrets, sandbox: { sparseRows } });
  await flow.apply();
  const requests = flow.sent.length;
  return { end: await endState(flow), requests };
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('a crash, with %s list rows', (_name, sparseRows) => {
  /** Disturbs each request in turn, before it arrives and after its answer left, and looks at the end. */
  async function everyMoment(disturb: (flow: Flow) => void, recover: (flow: Flow) => Promise<void>) {
    const { end, requests } = await undisturbed(sparseRows);
    expect(requests).toBeGreaterThan(15);
    const ends = new Map<string, EndState>();
    for (let at = 1; at <= requests; at++) {
      for (const when of ['before', 'after'] as const) {
        const flow = new Flow({
          resources,
          company,
          secrets: portSecrets,
          sandbox: { sparseRows },
          onRequest: (number, moment) => {
            if (number === at && moment === when) disturb(flow);
          },
        });
        await flow.apply().catch(() => undefined);
        await recover(flow);
        await flow.apply();
        ends.set(`${when} request ${at}`, await endState(flow));
      }
    }
    for (const [moment, state] of ends) expect(state, moment).toEqual(end);
    expect(ends.size).toBe(2 * requests);
  }

  it('at any request leaves the account as if nothing had happened', async () => {
    await everyMoment(
      (flow) => void flow.loop.stop(new Error('crash')),
      (flow) => flow.restart(),
    );
  });

  it('or a lost answer to any request leaves the account as if nothing had happened', async () => {
    await everyMoment(
      () => {
        throw new TypeError('fetch failed');
      },
      // Past every back-off.
      (flow) => flow.clock.sleep(10 * 60_000),
    );
  });
});
