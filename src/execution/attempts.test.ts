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
});
