import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { Admission } from './admission.ts';
import type { StoredResource } from './kinds.ts';

function person(name: string, deletionTimestamp?: string): StoredResource {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: {
      name,
      namespace: 'acme',
      uid: name,
      resourceVersion: '1',
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    spec: { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site: { name: 'San Jose' } },
  };
}

function setUp(terminating = false) {
  const clock = new SimulatedClock();
  const letGo: string[] = [];
  let [asked, changes] = [0, 0];
  const admission = new Admission({
    clock,
    namespaceTerminating: async () => {
      asked++;
      return terminating;
    },
    letGo: (resource) => letGo.push(resource.metadata.name),
    onChange: () => {
      changes++;
    },
    onError: (error) => {
      throw error;
    },
  });
  const { signal } = new AbortController();
  return { admission, clock, letGo, signal, asked: () => asked, changes: () => changes };
}

describe('admission of new and deleted resources', () => {
  it('lets new ones count together, once nothing more arrives for a second', async () => {
    const { admission, clock, signal, changes } = setUp();
    admission.arrived('a', signal);
    await clock.sleep(700);
    admission.arrived('b', signal);
    await clock.sleep(700);
    expect(admission.countsAs(person('a'))).toBeUndefined();
    await clock.sleep(400);
    expect(admission.countsAs(person('a'))).toEqual(person('a'));
    expect(admission.countsAs(person('b'))).toEqual(person('b'));
    expect(changes()).toBe(1);
  });

  it('waits five seconds at most, however many keep coming', async () => {
    const { admission, clock, signal } = setUp();
    for (let index = 0; index < 8; index++) {
      admission.arrived(`${index}`, signal);
      await clock.sleep(700);
    }
    expect(admission.countsAs(person('0'))).toEqual(person('0'));
  });

  it('takes what was there before at once', () => {
    expect(setUp().admission.countsAs(person('a'))).toEqual(person('a'));
  });

  it('counts a deleted one as it was, until it is known that the deletion was meant', async () => {
    const { admission, clock, signal, letGo } = setUp();
    const deleted = person('a', '2026-01-05T00:00:00Z');
    admission.arrived('a', signal);
    expect(admission.countsAs(deleted)).toEqual(person('a'));
    await clock.sleep(1_100);
    expect(admission.countsAs(deleted)).toEqual(person('a'));
    await clock.sleep(1);
    expect(admission.countsAs(deleted)).toEqual(deleted);
    expect(letGo).toEqual([]);
  });

  it('lets it go where the whole namespace goes away', async () => {
    const { admission, clock, letGo } = setUp(true);
    const deleted = person('a', '2026-01-05T00:00:00Z');
    admission.countsAs(deleted);
    await clock.sleep(1);
    expect(letGo).toEqual(['a']);
    expect(admission.countsAs(deleted)).toEqual(person('a'));
  });

  it('waits anew for those that come after the first were let in', async () => {
    const { admission, clock, signal, changes } = setUp();
    for (const name of ['a', 'b']) {
      admission.arrived(name, signal);
      expect(admission.countsAs(person(name))).toBeUndefined();
      await clock.sleep(1_100);
      expect(admission.countsAs(person(name))).toEqual(person(name));
    }
    expect(changes()).toBe(2);
  });

  it('asks for a namespace once in a while, and tells when a deletion counts', async () => {
    const deleted = person('a', '2026-01-05T00:00:00Z');
    const meant = setUp();
    meant.admission.countsAs(deleted);
    await meant.clock.sleep(1);
    expect([meant.asked(), meant.changes()]).toEqual([1, 1]);
    const vanishing = setUp(true);
    for (let second = 0; second < 60; second++) {
      vanishing.admission.countsAs(deleted);
      await vanishing.clock.sleep(1_000);
    }
    expect(vanishing.asked()).toBeGreaterThan(1);
    expect(vanishing.asked()).toBeLessThan(20);
  });

  it('forgets one that is gone', async () => {
    const { admission, asked, clock, signal } = setUp();
    admission.arrived('a', signal);
    admission.forget('a');
    expect(admission.countsAs(person('a'))).toEqual(person('a'));
    const deleted = person('a', '2026-01-05T00:00:00Z');
    admission.countsAs(deleted);
    await clock.sleep(1);
    expect(admission.countsAs(deleted)).toEqual(deleted);
    admission.forget('a');
    expect(admission.countsAs(deleted)).toEqual(person('a'));
    expect(asked()).toBe(2);
  });
});
