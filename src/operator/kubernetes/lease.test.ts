import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { KubernetesClient } from './client.ts';
import { ApiConnection } from './connection.ts';
import { LeaderElection, type LeadershipTerm } from './lease.ts';
import { FakeApiServer } from './testing/fake-api-server.ts';
import { ManualClock } from './testing/manual-clock.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/ops/leases/writer';

let server: FakeApiServer;
let clock: ManualClock;
let connection: ApiConnection;
let ends: { stop: AbortController; ended: Promise<void> }[];
let errors: unknown[];
let asked: MockInstance<ApiConnection['open']>;
let answered: number;

beforeEach(async () => {
  server = await FakeApiServer.start();
  clock = new ManualClock();
  connection = new ApiConnection(() => server.kubeConfig());
  asked = vi.spyOn(connection, 'open');
  answered = 0;
  ends = [];
  errors = [];
});

afterEach(async () => {
  for (const { stop } of ends) stop.abort();
  await Promise.all(ends.map(({ ended }) => ended));
  connection.close();
  await server.stop();
});

interface Candidate {
  readonly terms: LeadershipTerm[];
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** @param more work that is left when its term has ended */
function candidate(identity: string, own: ManualClock = clock, more = async () => {}): Candidate {
  return elect(identity, own, async (term) => {
    await new Promise<void>((resolve) => term.signal.addEventListener('abort', () => resolve()));
    await more();
  });
}

function elect(identity: string, own: ManualClock, lead: (term: LeadershipTerm) => Promise<void>): Candidate {
  const election = new LeaderElection({
    client: new KubernetesClient({
      connection,
      clock: own,
      onRequest: () => {
        answered += 1;
      },
    }),
    clock: own,
    random: () => 0.5,
    namespace: 'ops',
    name: 'writer',
    identity,
    onError: (error) => errors.push(error),
  });
  const stop = new AbortController();
  const terms: LeadershipTerm[] = [];
  const ended = election.run(stop.signal, async (term) => {
    terms.push(term);
    await lead(term);
  });
  ends.push({ stop, ended });
  return { terms, stop, ended };
}

function spec(): JsonObject {
  const lease: Json = server.store.get(LEASE) ?? null;
  return isJsonObject(lease) && isJsonObject(lease.spec) ? lease.spec : {};
}

/** Moves time in steps of a second, with the I/O in between done before the next one. */
async function pass(seconds: number, own: ManualClock = clock): Promise<void> {
  await settled();
  for (let second = 0; second < seconds; second += 1) {
    await own.advance(1_000);
    await settled();
  }
}

async function settled(): Promise<void> {
  await vi.waitFor(() => expect(answered).toBe(asked.mock.calls.length), { interval: 2 });
}

const leading = (who: Candidate, count = 1) => vi.waitFor(() => expect(who.terms).toHaveLength(count));

describe('LeaderElection', () => {
  it('10. writes times in microseconds, which alone the API server takes', async () => {
    const first = candidate('a');
    await leading(first);
    expect(spec().renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(spec().acquireTime).toMatch(/\.\d{6}Z$/);
  });

  it('renews for as long as it leads, and keeps rivals out', async () => {
    const first = candidate('a');
    await leading(first);
    const second = candidate('b');
    await pass(60);
    expect(first.terms).toHaveLength(1);
    expect(first.terms[0]?.isLeader()).toBe(true);
    expect(second.terms).toHaveLength(0);
    expect(spec()).toMatchObject({ holderIdentity: 'a', leaseTransitions: 0, leaseDurationSeconds: 15 });
    expect(errors).toEqual([]);
  });

  it('gives up before a rival can take over when renewals fail', async () => {
    const other = new ManualClock();
    const first = candidate('a');
    await leading(first);
    const second = candidate('b', other);
    server.fail({ verb: 'update', times: 1_000, instead: { status: 503 } });
    await pass(9);
    expect(first.terms[0]?.isLeader()).toBe(true);
    await pass(1);
    expect(first.terms[0]?.isLeader()).toBe(false);
    await vi.waitFor(() => expect(first.terms[0]?.signal.aborted).toBe(true));
    server.heal();
    first.stop.abort();
    await first.ended;
    await pass(14, other);
    expect(second.terms).toHaveLength(0);
    await pass(4, other);
    await leading(second);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('is no leader past the deadline even when no timer could run', async () => {
    const first = candidate('a');
    await leading(first);
    clock.set(clock.now() + 10_000);
    expect(first.terms[0]?.signal.aborted).toBe(false);
    expect(first.terms[0]?.isLeader()).toBe(false);
  });

  it('does not lead longer because the clock was set back', async () => {
    const first = candidate('a');
    await leading(first);
    clock.set(clock.now() - 60_000);
    expect(first.terms[0]?.isLeader()).toBe(false);
  });

  it('takes over from a leader that vanished, but not before its lease ran out by our own clock', async () => {
    server.store.put(LEASE, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      // The clock of the vanished leader was years behind: it must not matter.
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' },
    });
    const second = candidate('b');
    await pass(14);
    expect(second.terms).toHaveLength(0);
    await pass(4);
    await leading(second);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('waits as long as a leader that vanished had asked for, where that is longer than its own lease', async () => {
    server.store.put(LEASE, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 60, renewTime: '2026-01-05T09:00:00.000000Z' },
    });
    const second = candidate('b');
    await pass(59);
    expect(second.terms).toHaveLength(0);
    await pass(4);
    await leading(second);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseDurationSeconds: 15 });
  });

  it('waits its own lease out where the leader that vanished had asked for less, or for nothing', async () => {
    server.store.put(LEASE, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      spec: { holderIdentity: 'dead', renewTime: '2026-01-05T09:00:00.000000Z' },
    });
    const second = candidate('b');
    await pass(14);
    expect(second.terms).toHaveLength(0);
    await pass(4);
    await leading(second);
  });

  it('ends its term at once when it finds another holding the lease', async () => {
    const first = candidate('a');
    await leading(first);
    const lease = server.store.get(LEASE) ?? {};
    server.store.put(LEASE, { ...lease, spec: { ...spec(), holderIdentity: 'b' } });
    await pass(5);
    await vi.waitFor(() => expect(first.terms[0]?.signal.aborted).toBe(true));
    expect(spec().holderIdentity).toBe('b');
  });

  it('keeps leading when somebody touches the lease without taking it', async () => {
    const first = candidate('a');
    await leading(first);
    const lease = server.store.get(LEASE) ?? {};
    server.store.put(LEASE, { ...lease, metadata: { labels: { touched: 'yes' } } });
    await pass(20);
    expect(first.terms[0]?.isLeader()).toBe(true);
    expect(first.terms).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('releases on shutdown, after its work has ended, so that a successor begins at once', async () => {
    const first = candidate('a');
    await leading(first);
    const second = candidate('b');
    first.stop.abort();
    await first.ended;
    expect(first.terms[0]?.isLeader()).toBe(false);
    expect(spec().holderIdentity).toBe('');
    await pass(3);
    await leading(second);
  });

  it('may bring to its end what it has begun when it is told to stop, and no longer than its lease', async () => {
    const work = Promise.withResolvers<void>();
    const first = candidate('a', clock, () => work.promise);
    await leading(first);
    first.stop.abort();
    await pass(1);
    expect(first.terms[0]?.isLeader()).toBe(true);
    expect(spec().holderIdentity).toBe('a');
    await pass(10);
    expect(first.terms[0]?.isLeader()).toBe(false);
    work.resolve();
    await first.ended;
    expect(first.terms[0]?.isLeader()).toBe(false);
  });

  it('ends its term when its time is over since the last renewal, however long it has led', async () => {
    const first = candidate('a');
    await leading(first);
    await pass(25);
    server.fail({ verb: 'update', times: 1_000, instead: { status: 503 } });
    await pass(8);
    expect(first.terms[0]?.signal.aborted).toBe(false);
    await pass(3);
    expect(first.terms[0]?.signal.aborted).toBe(true);
    // Each renewal that failed was told.
    expect(errors.length).toBeGreaterThan(3);
    server.heal();
  });

  it('takes the Lease no second time at once when its work ends by itself, well or not', async () => {
    const first = elect('a', clock, async () => {
      if (first.terms.length > 1) throw new Error('the work failed');
    });
    await leading(first);
    await vi.waitFor(() => expect(spec().holderIdentity).toBe(''));
    await settled();
    expect(first.terms).toHaveLength(1);
    expect(first.terms[0]?.signal.aborted).toBe(true);
    expect(errors).toEqual([]);
    await pass(3);
    await leading(first, 2);
    await vi.waitFor(() => expect(errors).toEqual([new Error('the work failed')]));
    await vi.waitFor(() => expect(spec().holderIdentity).toBe(''));
  });

  it('leaves no listener of a term behind on the signal that stops it', async () => {
    const first = elect('a', clock, async () => {});
    const listeners = () => getEventListeners(first.stop.signal, 'abort').length;
    const after: number[] = [];
    for (let term = 1; term <= 4; term += 1) {
      await leading(first, term);
      await vi.waitFor(() => expect(clock.waits).toEqual([2_000]));
      after.push(listeners());
      await pass(2);
    }
    expect(new Set(after).size).toBe(1);
  });

  it('recognises its own write after the answer to it was lost', async () => {
    server.fail({ verb: 'create', instead: 'lostAnswer' });
    const first = candidate('a');
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    await pass(3);
    await leading(first);
  });
});
