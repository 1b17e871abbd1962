import { describe, expect, it } from 'vitest';
import type { Change, FieldChange, Plan } from '../account/plan.ts';
import { PlanBasis } from './plan-basis.ts';
import { stepsOf } from './saved-plan.ts';

const resource = { kind: 'UserProfile', namespace: 'acme', name: 'jane' } as const;

function field(name: string, from: string | undefined, to: string): FieldChange {
  const path = ['directoryInfo', name];
  const owner = { resource, field: name };
  return {
    path,
    ...(from === undefined ? {} : { from }),
    to,
    cause: 'pending',
    owners: [owner],
    risk: 'safe',
    secret: false,
    field: { path, value: to, owners: [owner], comparison: 'exact', risk: 'safe' },
  };
}

function change(more: Partial<Change> = {}): Change {
  return {
    id: '1',
    action: 'Update',
    type: 'user',
    handle: 'user/UserProfile/acme/jane',
    objectId: 'u1',
    naturalKey: 'jane@example.com',
    fields: [field('jobTitle', 'Engineer', 'Lead')],
    resources: [resource],
    risk: 'safe',
    after: [],
    requests: 2,
    ...more,
  };
}

function planOf(...changes: Change[]): Plan {
  return { changes, outcomes: new Map(), reads: [] };
}

/** What a plan saved as `then` says to the account as it is `now`. */
function judged(then: Change, now: Change, known: readonly string[] = []) {
  const basis = new PlanBasis(stepsOf(planOf(then)), known);
  const plan = planOf(now);
  return { moved: basis.moved(plan).map(({ why }) => why), made: basis.chosen(plan).changes.length };
}

describe('what a saved plan rests on', () => {
  it('takes the same change, whatever else the account shows', () => {
    expect(judged(change(), change({ id: '2' }))).toEqual({ moved: [], made: 1 });
  });

  it('leaves out what was not reviewed, without a word', () => {
    expect(judged(change(), change({ handle: 'user/UserProfile/acme/joan' }))).toEqual({
      moved: [],
      made: 0,
    });
  });

  it('refuses another value in the account, another value to write, and another field', () => {
    const other = (...fields: FieldChange[]) => judged(change(), change({ fields }));
    expect(other(field('jobTitle', 'Pirate', 'Lead'))).toEqual({
      moved: ['spec.jobTitle has another value in the account now'],
      made: 0,
    });
    expect(other(field('jobTitle', 'Engineer', 'Boss'))).toEqual({
      moved: ['spec.jobTitle comes to another value now'],
      made: 0,
    });
    expect(other(field('department', undefined, 'Sales')).moved).toEqual([
      'spec.department is to be written too',
    ]);
  });

  it('takes less than was reviewed: a value that is there already need not be written', () => {
    const two = change({ fields: [field('jobTitle', 'Engineer', 'Lead'), field('department', 'A', 'B')] });
    expect(judged(two, change())).toEqual({ moved: [], made: 1 });
  });

  it('refuses an object that is gone, another one, and one that somebody made meanwhile', () => {
    const { objectId: _objectId, ...rest } = change();
    const creation = { ...rest, action: 'Create' } as const;
    expect(judged(change(), creation).moved).toEqual(['it is gone from the account']);
    expect(judged(change(), change({ objectId: 'u2' })).moved).toEqual([
      'it is about another object of the account now',
    ]);
    expect(judged(creation, change()).moved).toEqual(['the account has it by now, and not by this plan']);
  });

  it('goes on with an object that it made in a run that was interrupted', () => {
    const { objectId: _objectId, ...rest } = change();
    expect(judged({ ...rest, action: 'Create' }, change(), ['u1'])).toEqual({ moved: [], made: 1 });
  });

  it('takes what was not to be planned before another step was made, and the submission of what it made', () => {
    const { objectId: _objectId, ...rest } = change();
    const gate = { kind: 'waits', reason: 'WaitingForDependency', message: 'waits' } as const;
    const creation = { ...rest, action: 'Create' } as const;
    const whole = { ...creation, fields: [...creation.fields, field('extension', undefined, 'e1')] };
    expect(judged({ ...creation, gate }, whole)).toEqual({ moved: [], made: 1 });
    expect(judged(creation, whole).moved).toEqual(['spec.extension is to be written too']);
    const submission = change({ action: 'Submit', fields: [] });
    expect(judged(creation, submission, ['u1'])).toEqual({ moved: [], made: 1 });
    expect(judged(change(), submission)).toEqual({ moved: [], made: 1 });
    expect(judged(creation, submission).moved).toEqual(['the account has it by now, and not by this plan']);
  });

  it('refuses what the removal guard holds back by now, as more was removed since', () => {
    const removal = change({ action: 'Delete', fields: [] });
    const held = change({ ...removal, gate: { kind: 'removalGuard', digest: 'abc' } });
    expect(judged(removal, held).moved).toEqual([expect.stringContaining('removal guard')]);
  });

  it('keeps nothing of a secret, not even a fingerprint', () => {
    const secret = change({ fields: [{ ...field('pin', undefined, '0000'), secret: true }] });
    expect(stepsOf(planOf(secret))[0]?.fields).toEqual({ 'directoryInfo.pin': { to: 'secret' } });
  });

  it('does not save what is held back: it was not to be made', () => {
    expect(stepsOf(planOf(change({ gate: { kind: 'driftPolicy' } })))).toEqual([]);
  });
});
