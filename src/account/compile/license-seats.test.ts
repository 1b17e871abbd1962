import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import {
  bound,
  compiled,
  declared,
  fieldAt,
  memories,
  problemsOf,
  remembers,
  type World,
} from '../testing/engine.ts';
import { observedAccount, type Rows, userBody } from '../testing/observed.ts';
import { extension, profile } from '../testing/resources.ts';

const jane = profile('jane');
const people = [jane, profile('omar')];
const license = { name: 'X4' };
const [janes, omars] = [extension('jane', '1001', { license }), extension('omar', '1002', { license })];
const seat = (id: string, more: JsonObject = {}): JsonObject => ({ id, name: 'X4', ...more });

interface Seen {
  readonly users?: readonly JsonObject[];
  readonly seats?: readonly JsonObject[];
  readonly rows?: Rows;
  readonly memory?: World['memory'];
}

function desiredOf(lines: readonly AccountResource[], { users = [], seats, rows, memory }: Seen) {
  const observed = observedAccount(
    { user: users, ...(seats ? { license: seats } : {}) },
    rows ? { rows } : {},
  );
  return compiled([...people, ...lines], {
    observed,
    ...(memory ? { memory } : {}),
  });
}

type Desired = ReturnType<typeof desiredOf>;
const seatOf = (desired: Desired, name: string, line: string) =>
  declared(desired, `user/UserProfile/acme/${name}`)[`serviceInfo.extensions[${line}].licenseId`];

describe('a licence by name', () => {
  it('takes a free seat, and each seat once', () => {
    const desired = desiredOf([janes, omars], { seats: [seat('s2'), seat('s1')] });
    expect(seatOf(desired, 'jane', 'extensionNumber=1001')).toBe('s1');
    expect(seatOf(desired, 'omar', 'extensionNumber=1002')).toBe('s2');
  });

  it('takes no seat that somebody has', () => {
    const desired = desiredOf([janes], {
      seats: [
        seat('s1', { assignedUserId: 'id-amy' }),
        seat('s2', { assignedExtensionId: 'e9' }),
        seat('s3'),
      ],
    });
    expect(seatOf(desired, 'jane', 'extensionNumber=1001')).toBe('s3');
  });

  it('takes no seat that a user holds although the list of seats says free', () => {
    const amy = userBody('amy', { serviceInfo: { licenses: [{ id: 's1', name: 'X4' }] } });
    const desired = desiredOf([janes], { users: [amy], seats: [seat('s1'), seat('s2')] });
    expect(seatOf(desired, 'jane', 'extensionNumber=1001')).toBe('s2');
  });

  it('keeps the seat that a write under way asks for to itself', () => {
    const desired = desiredOf([janes, omars], {
      seats: [seat('s1'), seat('s2')],
      memory: remembers(omars, { reserved: ['s1'] }),
    });
    expect(seatOf(desired, 'omar', 'extensionNumber=1002')).toBe('s1');
    expect(seatOf(desired, 'jane', 'extensionNumber=1001')).toBe('s2');
  });

  it('is left out where none is free', () => {
    const desired = desiredOf([janes, omars], { seats: [seat('s1')] });
    expect(problemsOf(desired, janes)).toEqual([]);
    expect(problemsOf(desired, omars)).toEqual(['ReferenceNotFound license']);
  });

  it('is asked for by name where the endpoint lists no seats', () => {
    const desired = desiredOf([janes], {});
    expect(declared(desired, 'user/UserProfile/acme/jane')).toMatchObject({
      'serviceInfo.licenses[name=X4].name': 'X4',
    });
    expect(seatOf(desired, 'jane', 'extensionNumber=1001')).toBeUndefined();
  });
});

describe('an extension that has a seat', () => {
  const holding = (licenseName: string) =>
    userBody('jane', {
      serviceInfo: {
        licenses: [{ id: 's1', name: licenseName }],
        extensions: [{ id: 'e1', extensionNumber: '1001', licenseId: 's1' }],
      },
    });
  const memory = memories(bound(jane, 'id-jane'), bound(janes, 'e1'));

  it('keeps it where it is of the licence declared', () => {
    const desired = desiredOf([janes], { users: [holding('X4')], seats: [seat('s0')], memory });
    expect(seatOf(desired, 'jane', 'id=e1')).toBe('s1');
  });

  it('gives it up with consent first, since another licence loses data', () => {
    const desired = desiredOf([janes], { users: [holding('X2')], seats: [seat('s0')], memory });
    const user = 'user/UserProfile/acme/jane';
    expect(seatOf(desired, 'jane', 'id=e1')).toBeNull();
    expect(declared(desired, user)['serviceInfo.licenses[id=s1]']).toBe('absent');
    expect(fieldAt(desired, user, 'serviceInfo.extensions[id=e1].licenseId')).toMatchObject({
      risk: 'losesData',
      consent: { change: 'ChangeLicense', to: 'X4' },
    });
  });

  it('takes the free licence of its user before one from the account', () => {
    const owned = userBody('jane', {
      serviceInfo: {
        licenses: [{ id: 's7', name: 'X4' }],
        extensions: [{ id: 'e1', extensionNumber: '1001' }],
      },
    });
    const desired = desiredOf([janes], { users: [owned], seats: [seat('s0')], rows: 'single', memory });
    expect(seatOf(desired, 'jane', 'id=e1')).toBe('s7');
  });

  it('is given no seat while a row does not show which it has', () => {
    const hidden = userBody('jane', {
      serviceInfo: { extensions: [{ id: 'e1', extensionNumber: '1001' }] },
    });
    const desired = desiredOf([janes, omars], { users: [hidden], seats: [seat('s0')], memory });
    expect(seatOf(desired, 'omar', 'extensionNumber=1002')).toBe('s0');
    expect(problemsOf(desired, janes)).toEqual([]);
  });
});
