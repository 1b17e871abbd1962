import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { pausedAnnotation } from '../resources/annotations.ts';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import { formatPath } from './objects.ts';
import type { Plan } from './plan.ts';
import { bound, memories, outcomeOf, planned, remembered, remembers, type World } from './testing/engine.ts';
import { observedAccount, type Rows, userBody } from './testing/observed.ts';
import { extension, grant, profile } from './testing/resources.ts';

const directoryOf = (jobTitle: string) => ({ directoryInfo: { jobTitle } });
const engineer = profile('jane', { jobTitle: 'Engineer' });
const manager = profile('jane', { jobTitle: 'Manager' });

function accountOf(user: JsonObject, rows: Rows = 'complete') {
  return observedAccount({ user: [user] }, { rows });
}

/** Memory of an account that had this YAML in effect. */
function afterApplying(resource: UserProfile, user: JsonObject) {
  const memory = bound(resource, 'id-jane');
  return remembered(planned([resource], { observed: accountOf(user), memory }), resource, 'id-jane');
}

const engineerApplied = afterApplying(engineer, userBody('jane', directoryOf('Engineer')));

/** `path: from -> to` of every field that a plan changes. */
function fieldsOf(plan: Plan) {
  return plan.changes.flatMap(({ fields }) =>
    fields.map(({ path, from, to, cause }) => ({ path: formatPath(path), from, to, cause })),
  );
}

describe('the cause of a difference', () => {
  const cause = (resource: UserProfile, seen: string, memory = engineerApplied) =>
    fieldsOf(planned([resource], { observed: accountOf(userBody('jane', directoryOf(seen))), memory }));

  it('is pending where the YAML changed and the account did not', () => {
    expect(cause(manager, 'Engineer')).toEqual([
      { path: 'directoryInfo.jobTitle', from: 'Engineer', to: 'Manager', cause: 'pending' },
    ]);
  });

  it('is drift where the account changed and the YAML did not', () => {
    expect(cause(engineer, 'Clerk')).toEqual([
      { path: 'directoryInfo.jobTitle', from: 'Clerk', to: 'Engineer', cause: 'drift' },
    ]);
  });

  it('is a conflict where both changed', () => {
    expect(cause(manager, 'Clerk')).toMatchObject([{ cause: 'conflict' }]);
  });

  it('is undetermined where nobody remembers what was applied', () => {
    expect(cause(engineer, 'Clerk', bound(engineer, 'id-jane'))).toMatchObject([{ cause: 'undetermined' }]);
  });

  it('does not matter where both came to the same value', () => {
    expect(cause(manager, 'Manager')).toEqual([]);
  });

  it('reaches the outcome as drift only where the account is the one that changed', () => {
    const observed = accountOf(userBody('jane', directoryOf('Clerk')));
    const drifted = planned([engineer], { observed, memory: engineerApplied });
    const edited = planned([manager], { observed, memory: engineerApplied });
    expect(outcomeOf(drifted, engineer)?.drift.map(({ path }) => path)).toEqual(['directoryInfo.jobTitle']);
    expect(outcomeOf(edited, manager)?.drift).toEqual([]);
  });
});

describe('what a field of the YAML means', () => {
  const observed = accountOf(userBody('jane', directoryOf('Engineer')));

  it('leaves alone what is omitted', () => {
    const plain = profile('jane');
    const plan = planned([plain], { observed, memory: bound(plain, 'id-jane') });
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, plain)?.reason).toBe('Synced');
  });

  it('clears what is declared empty', () => {
    const cleared = profile('jane', { jobTitle: '' });
    expect(fieldsOf(planned([cleared], { observed, memory: engineerApplied }))).toMatchObject([
      { path: 'directoryInfo.jobTitle', from: 'Engineer', to: null },
    ]);
  });

  it('takes an absent member of a single read for the emptiness that is declared', () => {
    const cleared = profile('jane', { jobTitle: '' });
    const plan = planned([cleared], {
      observed: accountOf(userBody('jane'), 'single'),
      memory: bound(cleared, 'id-jane'),
    });
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, cleared)?.reason).toBe('Synced');
  });

  it('lists a field as released once it is no longer declared, and writes nothing for it', () => {
    const plain = profile('jane');
    const plan = planned([plain], { observed, memory: engineerApplied });
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, plain)?.released).toEqual(['jobTitle']);
  });
});

describe('a gate', () => {
  const clerk = accountOf(userBody('jane', directoryOf('Clerk')));

  it('reports drift without correcting it where the policy says so', () => {
    const plan = planned([engineer], { observed: clerk, memory: engineerApplied, driftPolicy: 'Report' });
    expect(plan.changes.map(({ gate }) => gate?.kind)).toEqual(['driftPolicy']);
    expect(outcomeOf(plan, engineer)?.reason).toBe('DriftNotCorrected');
  });

  it('lets an edit of the YAML through while drift is only reported', () => {
    const both = profile('jane', { jobTitle: 'Engineer', department: 'Support' });
    const plan = planned([both], {
      observed: accountOf(
        userBody('jane', { directoryInfo: { jobTitle: 'Clerk', department: 'Warehouse' } }),
      ),
      memory: engineerApplied,
      driftPolicy: 'Report',
    });
    const gates = plan.changes.map(({ gate, fields }) => [
      gate?.kind,
      fields.map(({ path }) => formatPath(path)),
    ]);
    expect(gates).toEqual(
      expect.arrayContaining([
        ['driftPolicy', ['directoryInfo.jobTitle']],
        [undefined, ['directoryInfo.department']],
      ]),
    );
    expect(gates).toHaveLength(2);
  });

  it('writes nothing for a paused resource, and says so', () => {
    const paused = profile('jane', { jobTitle: 'Manager' }, { [pausedAnnotation]: 'true' });
    const plan = planned([paused], { observed: clerk, memory: engineerApplied });
    expect(plan.changes.map(({ gate }) => gate?.kind)).toEqual(['paused']);
    expect(outcomeOf(plan, paused)?.reason).toBe('Paused');
  });

  it('pauses every resource when the PhoneSystem is paused, creates included', () => {
    const plan = planned([engineer], { policy: { paused: true } });
    expect(plan.changes.map(({ action, gate }) => [action, gate?.kind])).toEqual([['Create', 'paused']]);
  });

  const administrator = (privileges: readonly string[]): JsonObject => ({
    userId: 'id-jane',
    primary: false,
    scopes: [{ pbxName: '*', sections: [{ name: 'users', privileges }] }],
  });
  const privileged = observedAccount({
    user: [userBody('jane')],
    administrator: [administrator(['VIEW'])],
  });
  const sections = [{ name: 'users', privileges: ['EDIT'] }];
  const jane = profile('jane');

  it('holds the take-over of what somebody else set until spec.consent names it', () => {
    const asking = grant('jane', { sections });
    const plan = planned([jane, asking], { observed: privileged, memory: bound(jane, 'id-jane') });
    expect(plan.changes.map(({ gate }) => gate)).toMatchObject([
      { kind: 'consent', needed: { change: 'TakeOverPrivileges', to: 'users@*' } },
    ]);
    expect(outcomeOf(plan, asking)?.reason).toBe('ConsentRequired');
    expect(outcomeOf(plan, asking)?.message).toContain('spec.consent');
  });

  it.each([
    ['this place', 'users@*', undefined],
    ['no place', undefined, 'consent'],
    ['another place', 'billing@*', 'consent'],
  ])('opens to a consent that names %s only where that covers it', (_which, to, gate) => {
    const consent = [
      to === undefined
        ? { change: 'TakeOverPrivileges' as const }
        : { change: 'TakeOverPrivileges' as const, to },
    ];
    const agreed = grant('jane', { sections, consent });
    const plan = planned([jane, agreed], { observed: privileged, memory: bound(jane, 'id-jane') });
    expect(plan.changes.map((change) => change.gate?.kind)).toEqual([gate]);
  });
});

describe('what has not been seen', () => {
  it('is read one by one, and is never drift, where a list row hides it', () => {
    const plan = planned([engineer], {
      observed: accountOf(userBody('jane', directoryOf('Clerk')), 'sparse'),
      memory: engineerApplied,
    });
    expect(plan.reads).toEqual([{ type: 'user', id: 'id-jane' }]);
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, engineer)).toMatchObject({ reason: 'Synced', verified: false, drift: [] });
  });

  it('keeps what memory holds of the hidden fields', () => {
    const plan = planned([engineer], {
      observed: accountOf(userBody('jane'), 'sparse'),
      memory: engineerApplied,
    });
    const [memory] = engineerApplied.values();
    expect(outcomeOf(plan, engineer)?.applied.jobTitle).toBe(memory?.applied.jobTitle);
  });

  it('is read, not made anew, while it is only missing from the list', () => {
    const plan = planned([engineer], { observed: observedAccount({ user: [] }), memory: engineerApplied });
    expect(plan.reads).toEqual([{ type: 'user', id: 'id-jane' }]);
    expect(plan.changes).toEqual([]);
    expect(outcomeOf(plan, engineer)?.verified).toBe(false);
  });

  const gone = observedAccount({ user: [] }, { gone: ['user/id-jane'] });

  it('is made anew once a single read has shown that it is gone', () => {
    const plan = planned([engineer], { observed: gone, memory: engineerApplied });
    expect(plan.reads).toEqual([]);
    expect(plan.changes.map(({ action, gate }) => [action, gate])).toEqual([['Create', undefined]]);
    expect(plan.changes[0]).not.toHaveProperty('objectId');
  });

  it('is only reported as missing where drift is only reported', () => {
    const plan = planned([engineer], { observed: gone, memory: engineerApplied, driftPolicy: 'Report' });
    expect(plan.changes.map(({ gate }) => gate?.kind)).toEqual(['driftPolicy']);
    expect(outcomeOf(plan, engineer)?.reason).toBe('Missing');
  });

  it('is judged neither missing nor drifted while its collection could not be read', () => {
    const plan = planned([engineer], {
      observed: observedAccount({ user: 'unknown' }),
      memory: engineerApplied,
    });
    expect(plan.changes).toEqual([]);
    expect(plan.reads).toEqual([]);
    expect(outcomeOf(plan, engineer)).toMatchObject({ reason: 'NotRead' });
  });
});

describe('a plan', () => {
  const people = [profile('jane'), profile('omar', { jobTitle: 'Clerk' }), extension('omar', '1002')];
  const ids = (plan: Plan) => plan.changes.map(({ id }) => id);

  it('has the same ids in the same order in whatever order the resources came', () => {
    expect(ids(planned(people.toReversed()))).toEqual(ids(planned(people)));
  });

  it('gives another id to a change of another value', () => {
    const world: World = {
      observed: accountOf(userBody('jane', directoryOf('Clerk'))),
      memory: bound(engineer, 'id-jane'),
    };
    expect(ids(planned([engineer], world))).toEqual(ids(planned([engineer], world)));
    expect(ids(planned([engineer], world))).not.toEqual(ids(planned([manager], world)));
  });

  it('gives a change the same id before and after its gate opens', () => {
    const world: World = {
      observed: accountOf(userBody('jane', directoryOf('Clerk'))),
      memory: engineerApplied,
    };
    expect(ids(planned([engineer], { ...world, driftPolicy: 'Report' }))).toEqual(
      ids(planned([engineer], world)),
    );
  });

  it('makes one update of what a profile and its extension ask of one user', () => {
    const user = userBody('jane', {
      directoryInfo: { jobTitle: 'Clerk' },
      serviceInfo: {
        extensions: [
          { id: 'ext-1', extensionNumber: '1001', extensionType: 'UC', callWaitingEnabled: false },
        ],
      },
    });
    const line = extension('jane', '1001', { callWaiting: true });
    const memory = memories(bound(engineer, 'id-jane'), bound(line, 'ext-1'));
    const plan = planned([engineer, line], { observed: accountOf(user), memory });
    expect(plan.changes.map(({ action, objectId }) => [action, objectId])).toEqual([['Update', 'id-jane']]);
    expect(fieldsOf(plan).map(({ path }) => path)).toEqual([
      'directoryInfo.jobTitle',
      'serviceInfo.extensions[id=ext-1].callWaitingEnabled',
    ]);
    expect(plan.changes[0]?.resources.map(({ kind }) => kind)).toEqual(['UserProfile', 'Extension']);
  });

  it('waits with what depends on an object until that exists', () => {
    const admin = grant('jane', { sections: [{ name: 'users', privileges: ['VIEW'] }] });
    const plan = planned([profile('jane'), admin], {
      observed: observedAccount({ user: [], administrator: [] }),
    });
    expect(plan.changes.map(({ type, action, gate }) => [type, action, gate?.kind])).toEqual([
      ['user', 'Create', undefined],
      ['administrator', 'Create', 'waits'],
    ]);
    expect(outcomeOf(plan, admin)?.reason).toBe('WaitingForDependency');
  });

  it('compares a create-only value never again', () => {
    const other = profile('jane', { site: { name: 'Shelbyville' } });
    const plan = planned([other], {
      observed: accountOf(userBody('jane')),
      memory: remembers(other, { externalId: 'id-jane' }),
    });
    expect(plan.changes).toEqual([]);
  });
});
