import { describe, expect, it } from 'vitest';
import { deleting, extension } from '../../src/account/testing/resources.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { Flow } from './support/account.ts';
import { company, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

const jane = profile('jane', { invitation: 'Hold', deletionPolicy: 'Delete' });
const line = extension('jane', '7001');
const lobby = sharedExtension('lobby', '7302', { deletionPolicy: 'Delete' });

interface Write {
  readonly first: readonly AccountResource[];
  readonly edited: readonly AccountResource[];
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
}

const writes: readonly (readonly [string, Write])[] = [
  ['a user that is made', { first: [], edited: [jane], method: 'POST', path: '/users$' }],
  ['an extension that is made', { first: [], edited: [lobby], method: 'POST', path: '/extensions$' }],
  ['a port that is made', { first: [], edited: [port('desk')], method: 'POST', path: '/porting-orders$' }],
  [
    'another invitation',
    {
      first: [profile('jane'), line],
      edited: [profile('jane', {}, { 'dialops.dev/invite': 'again' }), line],
      method: 'POST',
      path: '/invitations$',
    },
  ],
  ['a deleted user', { first: [jane], edited: [deleting(jane)], method: 'DELETE', path: '/users/' }],
  [
    'a deleted extension',
    { first: [lobby], edited: [deleting(lobby)], method: 'DELETE', path: '/extensions/' },
  ],
];

/** From the write on, whose connection is cut, nobody can ask what has become of it. */
class Outage {
  readonly flow: Flow;
  readonly #write: Write;
  #before = 0;
  #isOver = false;

  constructor(write: Write, leavesOverdue = false) {
    this.#write = write;
    this.flow = new Flow({
      resources: write.first,
      company,
      secrets: portSecrets,
      hasBroken: true,
      leavesOverdue,
    });
  }

  async begin(drop: 'before' | 'after'): Promise<void> {
    const { method, path, edited } = this.#write;
    await this.flow.apply();
    // Clocks may differ by a minute: an invitation of the last one could be the one in question.
    await this.flow.clock.sleep(120_000);
    this.#before = this.flow.sent.length;
    await this.flow.control('/faults', { match: { method, path }, drop, times: 1 });
    this.flow.tamper((request) => {
      const asks = request.method === 'GET' && /filter=|\/(?:users|extensions)\/[^/]+$/.test(request.url);
      if (this.#isOver || this.sent === 0 || !asks) return undefined;
      return { status: 503, headers: {}, body: '{}' };
    });
    this.flow.resources = edited;
    this.flow.loop.nudge('edit');
  }

  end(): void {
    this.#isOver = true;
  }

  /** How often the write was sent. */
  get sent(): number {
    const { method, path } = this.#write;
    const is = new RegExp(path);
    return this.flow.sent.slice(this.#before).filter((sent) => sent.method === method && is.test(sent.path))
      .length;
  }

  get reasons(): string[] {
    return Object.values(this.flow.reasons()).map((reason) => reason.replace(/:.*/, ''));
  }
}

describe.each(writes)('an outage that begins with the answer to the write of %s', (_name, write) => {
  const goal = write.method === 'DELETE' ? /^Deleted/ : /^(?:Synced|Draft)/;

  it.each([
    ['carried out', 'after', 1],
    ['never received', 'before', 2],
  ] as const)('sends it no second time before it is known that it was %s', async (_was, drop, times) => {
    const outage = new Outage(write);
    const { flow } = outage;
    await outage.begin(drop);
    const stop = new AbortController();
    const running = flow.loop.run(stop.signal);
    // Far beyond the time for which an unclear write is looked for.
    await flow.clock.sleep(20 * 60_000);
    expect(outage.sent).toBe(1);
    expect(flow.failures).toEqual([]);
    expect(flow.overdue).toEqual([
      expect.stringMatching(/^Whether this was carried out is not known, and can't be looked up: GET .* 503/),
    ]);
    outage.end();
    await flow.clock.sleep(5 * 60_000);
    stop.abort(new Error('the test is over'));
    await running;
    expect(outage.sent).toBe(times);
    for (const reason of outage.reasons) expect(reason).toMatch(goal);
  });
});

describe.each(writes.filter(([, { method }]) => method === 'POST'))(
  'a run that has to end in an outage after %s',
  (_name, write) => {
    it('leaves it to the next one, which finds it', async () => {
      const outage = new Outage(write, true);
      const { flow } = outage;
      await outage.begin('after');
      await flow.apply();
      expect(flow.failures).toMatchObject([{ reason: 'Unconfirmed', running: true }]);
      outage.end();
      await flow.restart();
      await flow.apply();
      expect(outage.sent).toBe(1);
      for (const reason of outage.reasons) expect(reason).toMatch(/^(?:Synced|Draft)/);
    });
  },
);
