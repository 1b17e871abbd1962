import { describe, expect, it } from 'vitest';
import type { DesiredField } from '../account/desired.ts';
import type { Change, FieldChange } from '../account/plan.ts';
import { Attempts } from './attempts.ts';
import type { Failure } from './host.ts';

const resource = { kind: 'UserProfile', namespace: 'acme', name: 'jane' };

function field(name: string, value: string): FieldChange {
  const declared: DesiredField = {
    path: ['directoryInfo', name],
    value,
    comparison: 'exact',
    owners: [{ resource, field: name }],
    risk: 'safe',
  };
  const { path, owners, risk } = declared;
  return { path, owners, risk, to: value, cause: 'pending', secret: false, field: declared };
}

function change(...fields: readonly FieldChange[]): Change {
  return {
    id: fields.map(({ to }) => to).join(),
    action: 'Update',
    type: 'user',
    handle: 'user/UserProfile/acme/jane',
    objectId: 'a',
    naturalKey: 'jane',
    fields,
    resources: [resource],
    risk: 'safe',
    after: [],
    requests: 2,
  };
}

function failure(fieldName: string, permanent: boolean): Failure {
  return { resource, field: fieldName, reason: 'RefusedByPhoneSystem', message: 'no', permanent };
}

const title = field('jobTitle', 'Pirate');
const department = field('department', 'Sea');

describe('attempts', () => {
  it('hold a change of nothing but what was refused', () => {
    const attempts = new Attempts(() => 0.5);
    attempts.failed(change(title, department), [failure('jobTitle', true)], 0);
    expect(attempts.isHeld(change(title), 1_000)).toBe(true);
    expect(attempts.isHeld(change(title, field('department', 'Land')), 1_000)).toBe(false);
    expect(attempts.isHeld(change(field('jobTitle', 'Sailor')), 1_000)).toBe(false);
  });

  it('try a passing failure again after 5 s, then ever later, at most every 5 minutes', () => {
    const attempts = new Attempts(() => 0.5);
    const waits: number[] = [];
    for (let count = 0; count < 9; count++)
      waits.push(attempts.failed(change(title), [failure('jobTitle', false)], 0));
    expect(waits.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
    expect(waits.at(-1)).toBe(300_000);
    expect(attempts.next(0)).toBe(300_000);
  });

  it('let values that do not stay be written once more at once, then ever more seldom', () => {
    const attempts = new Attempts(() => 0.5);
    attempts.succeeded(change(title), 0);
    expect(attempts.isHeld(change(title), 1)).toBe(false);
    attempts.succeeded(change(title), 1_000);
    expect(attempts.isHeld(change(title), 2_000)).toBe(true);
    expect(attempts.restless(change(title).handle)).toBe(1);
    expect(attempts.isHeld(change(title), 60_000)).toBe(false);
  });

  it('take the same values an hour later for news', () => {
    const attempts = new Attempts(() => 0.5);
    attempts.succeeded(change(title), 0);
    attempts.succeeded(change(title), 3_600_000);
    expect(attempts.restless(change(title).handle)).toBe(0);
  });

  it('let it go at the very time that they told, and tell of none before', () => {
    const attempts = new Attempts(() => 0.5);
    const until = attempts.failed(change(title), [failure('jobTitle', false)], 0);
    expect(attempts.isHeld(change(title), until - 1)).toBe(true);
    expect(attempts.isHeld(change(title), until)).toBe(false);
    expect(attempts.next(until - 1)).toBe(until);
    expect(attempts.next(until)).toBe(Number.POSITIVE_INFINITY);
  });

  it('tell the first of several times that is still to come', () => {
    const attempts = new Attempts(() => 0.5);
    const handles = ['one', 'two', 'three'];
    for (const [index, handle] of handles.entries())
      attempts.failed({ ...change(title), handle }, [failure('jobTitle', false)], index * 1_000);
    expect([0, 5_000, 6_000, 7_000].map((since) => attempts.next(since))).toEqual([
      5_000,
      6_000,
      7_000,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('hold a create whole, whichever of its values was refused', () => {
    const attempts = new Attempts(() => 0.5);
    const create = (...fields: FieldChange[]): Change => ({ ...change(...fields), action: 'Create' });
    attempts.failed(create(title, department), [failure('jobTitle', true)], 0);
    expect(attempts.isHeld(create(title, department), 1_000)).toBe(true);
    expect(attempts.isHeld(create(field('jobTitle', 'Sailor'), department), 1_000)).toBe(false);
  });

  it('hold all of it where nothing in it is named', () => {
    const attempts = new Attempts(() => 0.5);
    attempts.failed(change(title, department), [failure('site', true)], 0);
    expect(attempts.isHeld(change(title, department), 1_000)).toBe(true);
    expect(attempts.isHeld(change(department), 1_000)).toBe(true);
  });

  it('hold what the resource at fault declares, and not what another one does of the same object', () => {
    const attempts = new Attempts(() => 0.5);
    const line = { kind: 'Extension', namespace: 'acme', name: 'desk' };
    const of = field('callWaiting', 'true');
    const theirs: FieldChange = {
      ...of,
      owners: [{ resource: line, field: 'callWaiting' }],
      field: { ...of.field, owners: [{ resource: line, field: 'callWaiting' }] },
    };
    const { field: _unnamed, ...whole } = failure('jobTitle', true);
    attempts.failed(change(title, department, theirs), [whole], 0);
    expect(attempts.isHeld(change(title, department), 1_000)).toBe(true);
    expect(attempts.isHeld(change(theirs), 1_000)).toBe(false);
  });

  it('hold a deletion, which has no fields, and nothing else of that object', () => {
    const attempts = new Attempts(() => 0.5);
    const deletion: Change = { ...change(), action: 'Delete' };
    const { field: _unnamed, ...whole } = failure('', false);
    attempts.failed(deletion, [whole], 0);
    expect(attempts.isHeld(deletion, 1_000)).toBe(true);
    expect(attempts.isHeld({ ...deletion, action: 'Cancel' }, 1_000)).toBe(false);
    expect(attempts.isHeld(change(title), 1_000)).toBe(false);
  });

  it('wait long where all of it was refused for good, and not where a part may pass', () => {
    const waits = (...failures: Failure[]) =>
      new Attempts(() => 0.5).failed(change(title, department), failures, 0);
    expect(waits(failure('jobTitle', true), failure('department', true))).toBe(30 * 60_000);
    expect(waits(failure('jobTitle', true), failure('department', false))).toBe(5_000);
  });

  it('forget what a person wants tried again, and everything when what it failed for is over', () => {
    const attempts = new Attempts(() => 0.5);
    const other = { ...change(title), handle: 'user/UserProfile/acme/joan' };
    for (const one of [change(title), other]) attempts.failed(one, [failure('jobTitle', true)], 0);
    attempts.forgive(other.handle);
    expect([change(title), other].map((one) => attempts.isHeld(one, 1_000))).toEqual([true, false]);
    attempts.forgiveAll();
    expect(attempts.isHeld(change(title), 1_000)).toBe(false);
  });

  it('take other values for news, however many there are', () => {
    const attempts = new Attempts(() => 0.5);
    const { handle } = change(title);
    attempts.succeeded(change(title), 0);
    attempts.succeeded(change(department), 1_000);
    expect(attempts.restless(handle)).toBe(0);
    attempts.succeeded(change(title, department), 2_000);
    expect(attempts.restless(handle)).toBe(0);
  });

  it('count values as restless by the time between two writes, whatever the year', () => {
    const attempts = new Attempts(() => 0.5);
    const since = Date.UTC(2026, 0, 5);
    attempts.succeeded(change(title), since);
    attempts.succeeded(change(title), since + 60_000);
    expect(attempts.restless(change(title).handle)).toBe(1);
  });

  it('take no invitation for a value that did not stay', () => {
    const attempts = new Attempts(() => 0.5);
    const invitation: Change = { ...change(title), type: 'invitation' };
    attempts.failed(invitation, [failure('jobTitle', true)], 0);
    attempts.succeeded(invitation, 1_000);
    attempts.succeeded(invitation, 2_000);
    expect(attempts.restless(invitation.handle)).toBe(0);
    expect(attempts.isHeld(invitation, 3_000)).toBe(false);
  });
});
