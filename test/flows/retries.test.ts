import { expect, it } from 'vitest';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

/** The loop as the operator runs it: for ever, with nobody who asks for anything. */
async function runFor(flow: Flow, ms: number): Promise<void> {
  const stop = new AbortController();
  const running = flow.loop.run(stop.signal);
  await flow.clock.sleep(ms);
  stop.abort(new Error('the test is over'));
  await running;
}

it('tries again by itself what failed for a moment, soon and not at the next full reading', async () => {
  const flow = new Flow({ resources: [profile('jane', { invitation: 'Hold' })], company });
  await flow.apply();
  const [edited] = [profile('jane', { invitation: 'Hold', jobTitle: 'Director' })];
  // As often as a read is repeated before it is given up.
  await flow.control('/faults', {
    match: { method: 'GET', path: '/users/[^/]+$' },
    respond: { status: 503 },
    times: 5,
  });
  await flow.apply([edited]);
  expect(flow.failures.map(({ reason }) => reason)).toEqual(['Unreachable']);
  const failedAt = flow.clock.now();
  expect(flow.reasons()).toMatchObject({ 'UserProfile/acme/jane': expect.not.stringMatching(/^Synced/) });
  await runFor(flow, 30_000);
  expect(flow.clock.now() - failedAt).toBe(30_000);
  expect(flow.reasons()).toEqual({ 'UserProfile/acme/jane': 'Synced' });
});
