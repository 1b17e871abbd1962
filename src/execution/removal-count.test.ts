import { beforeEach, describe, expect, it } from 'vitest';
import type { PendingWrite } from '../account/memory.ts';
import type { Change } from '../account/plan.ts';
import { nothingDesired } from '../account/testing/nothing-desired.ts';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import { resourceKey } from '../resources/reference.ts';
import type { Failure, Settled } from './host.ts';
import { MemoryStore } from './memory-store.ts';
import { RemovalCount } from './removal-count.ts';

const now = Date.UTC(2026, 0, 5, 12, 30, 20);
let later = 0;
const clock = { now: () => now + later, sleep: () => Promise.resolve() };
const ref = (name: string) => ({ kind: 'UserProfile', namespace: 'acme', name, uid: name });
const made: Settled = { failures: [] };
const ended = (reason: Failure['reason']): Settled => ({
  failures: [{ resource: ref('jane'), reason, message: 'No', permanent: true }],
});
const refused = ended('RefusedByPhoneSystem');
const pending: PendingWrite = {
  intent: 'Delete',
  objectType: 'user',
  naturalKey: 'jane@example.com',
  since: new Date(now).toISOString(),
  attempt: 1,
  operationId: 'operation-1',
};

function removal(name: string, action: Change['action'] = 'Delete'): Change {
  return {
    id: `change of ${name}`,
    action,
    type: 'user',
    handle: `user/${name}`,
    naturalKey: `${name}@example.com`,
    fields: [],
    resources: [ref(name)],
    risk: 'losesData',
    after: [],
    requests: 1,
  };
}

function deleted(name: string): UserProfile {
  return {
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name, namespace: 'acme', uid: name, deletionTimestamp: '2026-01-05T12:30:00Z' },
    spec: { firstName: 'Jane', lastName: 'Example', email: `${name}@example.com`, site: { name: 'HQ' } },
    status: { externalId: name, memory: { pending } },
  };
}

let store: MemoryStore;
beforeEach(() => {
  later = 0;
  store = new MemoryStore();
});
const count = (entries: { time: string; count: number }[] = [], resources: UserProfile[] = []) => {
  for (const resource of resources) store.learn(resource);
  return new RemovalCount({ entries, resources, store, clock });
};
const total = (removals: RemovalCount) => removals.entries().reduce((sum, entry) => sum + entry.count, 0);

describe('the count of removals', () => {
  it('has one before it is sent, and has it once', () => {
    const removals = count();
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(true);
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(false);
    expect(total(removals)).toBe(1);
    removals.settled(removal('jane'), made);
    expect(total(removals)).toBe(1);
    expect(removals.recent).toBe(1);
  });

  it('leaves those under way to the plan, which lists them still', () => {
    const removals = count();
    removals.begun(removal('jane'), nothingDesired);
    expect(removals.recent).toBe(0);
  });

  it('has none that was not sent, for there was nothing to do or no way to store it', () => {
    const removals = count();
    removals.settled(removal('jane'), made);
    removals.begun(removal('joe'), nothingDesired);
    removals.takeBack(removal('joe'));
    removals.settled(removal('joe'), made);
    expect(total(removals)).toBe(0);
  });

  it('keeps what an earlier attempt may have made, where another one was not sent', () => {
    const removals = count();
    removals.begun(removal('jane'), nothingDesired);
    removals.settled(removal('jane'), ended('Unconfirmed'));
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(false);
    expect(removals.takeBack(removal('jane'))).toBe(false);
    expect(total(removals)).toBe(1);
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(false);
  });

  it('goes on from what an earlier process counted and was killed before anybody answered', () => {
    const { operationId: _none, ...unanswered } = pending;
    const sent = { ...deleted('jane'), status: { externalId: 'jane', memory: { pending: unanswered } } };
    const removals = count([{ time: '2026-01-05T12:30:00.000Z', count: 1 }], [sent]);
    expect(removals.recent).toBe(0);
    removals.settled({ ...removal('jane'), id: 'resume jane@example.com' }, refused);
    expect(total(removals)).toBe(0);
  });

  it('forgets one that failed in the end, and has nothing to do with other changes', () => {
    const removals = count();
    removals.begun(removal('jane'), nothingDesired);
    removals.settled(removal('jane'), refused);
    removals.settled(removal('joe'), refused);
    expect(removals.begun(removal('ann', 'Update'), nothingDesired)).toBe(false);
    expect(total(removals)).toBe(0);
    expect(removals.entries()).toEqual([]);
  });

  it('keeps one that may have been made, and counts it once when it is sent again', () => {
    const removals = count();
    removals.begun(removal('jane'), nothingDesired);
    removals.settled(removal('jane'), ended('Unconfirmed'));
    expect(removals.recent).toBe(1);
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(false);
    expect(removals.recent).toBe(0);
    removals.settled(removal('jane'), made);
    expect(total(removals)).toBe(1);
  });

  it('counts another time what was unclear so long ago that it does not count any more', () => {
    const removals = count();
    removals.begun(removal('jane'), nothingDesired);
    removals.settled(removal('jane'), ended('Unconfirmed'));
    later = 2 * 3_600_000;
    removals.begun(removal('joe'), nothingDesired);
    removals.settled(removal('joe'), made);
    expect(removals.begun(removal('jane'), nothingDesired)).toBe(true);
    expect(removals.recent).toBe(1);
    removals.settled(removal('jane'), made);
    expect(removals.recent).toBe(2);
  });

  it('goes on from what an earlier process counted, also of what that left under way', () => {
    const entries = [{ time: '2026-01-05T12:30:00.000Z', count: 3 }];
    const removals = count(entries, [deleted('jane')]);
    expect(removals.recent).toBe(2);
    removals.settled({ ...removal('jane', 'Update'), id: 'resume operation-1' }, made);
    expect(removals.recent).toBe(3);
    expect(total(removals)).toBe(3);
  });

  it('does not count again what an earlier process was told was taken', () => {
    store.learn({ ...deleted('jane'), metadata: { name: 'jane', namespace: 'acme', uid: 'jane' } });
    expect(store.get(resourceKey(ref('jane'))).pending?.operationId).toBe('operation-1');
    const removals = count([{ time: '2026-01-05T12:30:00.000Z', count: 1 }]);
    removals.settled(removal('jane'), made);
    expect(total(removals)).toBe(1);
  });

  it.each<[string, PendingWrite['intent'], boolean, number]>([
    ['a deletion', 'Delete', false, 2],
    ['what the deletion of a resource asks for', 'Act', true, 2],
    ['a create', 'Create', false, 3],
    ['a submission', 'Act', false, 3],
  ])('takes %s that an earlier process left under way for what it is', (_name, intent, isDeleted, recent) => {
    const { metadata, ...resource } = deleted('jane');
    const { deletionTimestamp: _deleted, ...rest } = metadata;
    const left = {
      ...resource,
      metadata: isDeleted ? metadata : rest,
      status: { externalId: 'jane', memory: { pending: { ...pending, intent } } },
    };
    expect(count([{ time: '2026-01-05T12:30:00.000Z', count: 3 }], [left]).recent).toBe(recent);
  });

  it('keeps no count of more than an hour ago', () => {
    const removals = count([{ time: '2026-01-05T10:00:00.000Z', count: 3 }]);
    expect(removals.recent).toBe(0);
    removals.begun(removal('jane'), nothingDesired);
    expect(total(removals)).toBe(1);
  });
});
