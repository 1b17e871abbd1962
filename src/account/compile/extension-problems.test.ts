import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import {
  bound,
  compiled,
  declared,
  memories,
  messageOf,
  outcomeOf,
  planned,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount, siteRow, userBody } from '../testing/observed.ts';
import { deleting, extension, profile, sharedExtension } from '../testing/resources.ts';

const person = profile('jane');
const jane = 'user/UserProfile/acme/jane';
const number = '+14085550101';
const other = '+14085550102';
const memory = memories(bound(person, 'id-jane'), bound(extension('jane', '1001'), 'ext-1'));

function holding(more: JsonObject = {}, rest: Partial<World> = {}): World {
  const line = { id: 'ext-1', extensionNumber: '1001', extensionType: 'UC', phoneNumbers: [], ...more };
  const user = userBody('jane', { serviceInfo: { licenses: [], extensions: [line] } });
  const phoneNumber = [number, other].map((one) => ({ phoneNumber: one, status: 'AVAILABLE' }));
  return { observed: observedAccount({ user: [user], phoneNumber }, { rows: 'single' }), memory, ...rest };
}

const line = (spec: Partial<Extension['spec']> = {}) => extension('jane', '1001', spec);
const at = (path: string) => `serviceInfo.extensions[id=ext-1].${path}`;

describe('an extension that two resources were bound to', () => {
  it('stays as the one that stays declares it, and is not taken away with the other one', () => {
    const old = deleting(extension('jane', '1001', { deletionPolicy: 'Unassign' }));
    const renamed = { ...line({ callWaiting: true }), metadata: { name: 'zoe', namespace: 'acme' } };
    const both = memories(bound(person, 'id-jane'), bound(old, 'ext-1'), bound(renamed, 'ext-1'));
    const plan = planned([person, old, renamed], holding({ callWaitingEnabled: false }, { memory: both }));
    expect(plan.changes.flatMap(({ fields }) => fields.map(({ field }) => field.owners[0]))).toMatchObject([
      { resource: { name: 'zoe' }, field: 'callWaiting' },
    ]);
    expect(outcomeOf(plan, old)).toMatchObject({ reason: 'Deleted' });
  });
});

describe('an extension with one wrong field', () => {
  it('is not Ready, and has its other fields written all the same', () => {
    const wrong = line({ phoneNumbers: [{ number: '+14085550199' }], callWaiting: true });
    const plan = planned([person, wrong], holding({ callWaitingEnabled: false }));
    expect(outcomeOf(plan, wrong)).toMatchObject({ reason: 'ReferenceNotFound' });
    expect(plan.changes.flatMap(({ fields }) => fields.map(({ field }) => field.owners[0].field))).toEqual([
      'callWaiting',
    ]);
  });

  it('keeps its memory of the fields that are left out, and releases none', () => {
    const wrong = line({ phoneNumbers: [{ number: '+14085550199' }] });
    const applied = { [`phoneNumbers[${number}]`]: 'aaa', callWaiting: 'bbb' };
    const world = holding(
      {},
      {
        memory: memories(memory, remembers(wrong, { externalId: 'ext-1', applied })),
      },
    );
    expect(outcomeOf(planned([person, wrong], world), wrong)).toMatchObject({
      released: [],
      applied,
    });
  });

  it('says that its type was decided when it was made', () => {
    const agent = line({ type: 'CC', callWaiting: true });
    const desired = compiled([person, agent], holding());
    expect(problemsOf(desired, agent)).toEqual(['InvalidField type']);
    expect(declared(desired, jane)).toMatchObject({ [at('callWaitingEnabled')]: true });
  });

  it('says that one without a user can not move to another site', () => {
    const lobby = sharedExtension('lobby', '7100', { site: { id: 'site-2' } });
    const extensions = [{ id: 'ext-7', extensionNumber: '7100', site: { id: siteRow.id }, userId: null }];
    const observed = observedAccount({ user: [], extension: extensions });
    const desired = compiled([lobby], { observed, memory: bound(lobby, 'ext-7') });
    expect(problemsOf(desired, lobby)).toEqual(['InvalidField site']);
    expect(messageOf(desired, lobby)).toContain(siteRow.name);
  });
});

describe('an extension whose profile is refused', () => {
  const broken = profile('jane', { firstName: 'J' });

  it('says what it waits for, and writes nothing', () => {
    const plan = planned([broken, line({ callWaiting: true })], holding());
    expect(outcomeOf(plan, line())).toMatchObject({ reason: 'WaitingForDependency' });
    expect(outcomeOf(plan, line())?.message).toContain('UserProfile jane');
    expect(plan.changes).toEqual([]);
  });

  it('keeps its memory', () => {
    const world = holding(
      {},
      {
        memory: memories(memory, remembers(line(), { externalId: 'ext-1', applied: { callWaiting: 'x' } })),
      },
    );
    expect(outcomeOf(planned([broken, line()], world), line())).toMatchObject({
      applied: { callWaiting: 'x' },
      released: [],
    });
  });
});

describe('the primary number of an extension', () => {
  const wants = line({ phoneNumbers: [{ number }], primaryPhoneNumber: number });

  it('is written together with the number', () => {
    expect(declared(compiled([person, wants], holding()), jane)).toMatchObject({
      [at('primaryPhoneNumber')]: number,
    });
  });

  it('waits while the number itself can not be had yet', () => {
    const omar = extension('omar', '1002');
    const held = userBody('omar', {
      serviceInfo: {
        extensions: [{ id: 'ext-2', extensionNumber: '1002', phoneNumbers: [{ phoneNumber: number }] }],
      },
    });
    const own = userBody('jane', { serviceInfo: { extensions: [{ id: 'ext-1', extensionNumber: '1001' }] } });
    const desired = compiled([person, profile('omar'), wants, omar], {
      observed: observedAccount({ user: [own, held] }, { rows: 'single' }),
      memory: memories(memory, bound(profile('omar'), 'id-omar'), bound(omar, 'ext-2')),
    });
    expect(problemsOf(desired, wants)).toEqual([`WaitingForDependency phoneNumbers[${number}]`]);
    expect(declared(desired, jane)).not.toHaveProperty([at('primaryPhoneNumber')]);
  });
});

describe('two extensions that swap their numbers', () => {
  it('drop both first, and take each other’s once those are free', () => {
    const omar = profile('omar');
    const lines = [
      line({ phoneNumbers: [{ number: other }] }),
      extension('omar', '1002', { phoneNumbers: [{ number }] }),
    ];
    const seen = (name: string, id: string, extensionNumber: string, phoneNumbers: JsonObject[]) =>
      userBody(name, { serviceInfo: { extensions: [{ id, extensionNumber, phoneNumbers }] } });
    const run = (janes: JsonObject[], omars: JsonObject[]) =>
      planned([person, omar, ...lines], {
        observed: observedAccount(
          {
            user: [seen('jane', 'ext-1', '1001', janes), seen('omar', 'ext-2', '1002', omars)],
            phoneNumber: [number, other].map((phoneNumber) => ({
              phoneNumber,
              status: janes.length > 0 ? 'ASSIGNED' : 'AVAILABLE',
            })),
          },
          { rows: 'single' },
        ),
        memory: memories(memory, bound(omar, 'id-omar'), bound(extension('omar', '1002'), 'ext-2')),
      });
    const absences = (plan: ReturnType<typeof run>) =>
      plan.changes.flatMap(({ fields }) => fields.map(({ field }) => field.absent === true));
    expect(absences(run([{ phoneNumber: number }], [{ phoneNumber: other }]))).toEqual([true, true]);
    expect(absences(run([], []))).toEqual([false, false]);
  });
});

describe('one licence that a profile and its extension both name', () => {
  const holds = profile('jane', { licenses: [{ name: 'X4' }] });

  it('is the profile’s, and the extension says where it is named twice', () => {
    const desired = compiled([holds, line({ license: { name: 'X4' } })], holding());
    expect(problemsOf(desired, line())).toEqual(['Conflict license']);
    expect(messageOf(desired, line())).toContain('UserProfile jane');
    const paths = Object.keys(declared(desired, jane)).filter((path) => path.includes('icense'));
    expect(paths).toEqual(['serviceInfo.licenses[name=X4].name']);
  });

  it('may be two different ones', () => {
    const desired = compiled([holds, line({ license: { name: 'X2' } })], holding());
    expect(problemsOf(desired, line())).toEqual([]);
  });

  it('is cleared by an empty name, and there is nothing to clear where none is held', () => {
    expect(declared(compiled([person, line({ license: { name: '' } })], holding()), jane)).toMatchObject({
      [at('licenseId')]: null,
    });
  });
});

describe('extensions of one user that are deleted together', () => {
  it('go in one write, though their profile is gone', () => {
    const lines = [
      deleting(line({ deletionPolicy: 'Delete' })),
      deleting({
        ...extension('jane', '1002', { deletionPolicy: 'Delete' }),
        metadata: { name: 'lab', namespace: 'acme' },
      }),
    ] as const;
    const seen = ['ext-1', 'ext-2'].map((id, index) => ({ id, extensionNumber: `100${index + 1}` }));
    const plan = planned(lines, {
      observed: observedAccount({ user: [userBody('jane', { serviceInfo: { extensions: seen } })] }),
      memory: memories(bound(lines[0], 'ext-1'), bound(lines[1], 'ext-2')),
    });
    expect(plan.changes.map(({ action, objectId, fields }) => [action, objectId, fields.length])).toEqual([
      ['Update', 'id-jane', 2],
    ]);
  });
});

describe('an account whose users could not be read', () => {
  const taken = { phoneNumber: number, status: 'ASSIGNED' };
  const observed = observedAccount({
    user: 'unknown',
    extension: [],
    phoneNumber: [taken],
    license: [{ id: 's1', name: 'X4', assignedUserId: 'id-jane' }],
  });

  it('says of no number that somebody else has it, and of no licence that none is free', () => {
    const held = line({ phoneNumbers: [{ number }], license: { name: 'X4' } });
    const plan = planned([person, held], { observed, memory });
    expect(outcomeOf(plan, held)).toMatchObject({ reason: 'NotRead', message: 'user could not be read' });
    expect(problemsOf(compiled([person, held], { observed, memory }), held)).toEqual([]);
    expect(plan.changes).toEqual([]);
  });

  it('gives a number in use to no extension of nobody, which can be read', () => {
    const shared = sharedExtension('lobby', '1900', { site: { id: 'site-1' }, phoneNumbers: [{ number }] });
    const plan = planned([shared], { observed, memory });
    expect(plan.changes.flatMap(({ fields }) => fields.map(({ to }) => to))).not.toContain(number);
    expect(outcomeOf(plan, shared)?.message).toContain('the users could not be read');
  });
});
