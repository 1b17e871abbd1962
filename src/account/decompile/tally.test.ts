import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { ObservedAccount } from '../objects.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { decompile } from './decompile.ts';
import { openReads } from './open-reads.ts';
import { tally } from './tally.ts';

function jane(): JsonObject {
  return {
    ...userBody('jane', {}),
    serviceInfo: {
      licenses: [{ id: 'seat-1', name: 'X2', country: 'US' }],
      extensions: [
        {
          id: 'ext-1',
          extensionNumber: '1001',
          extensionType: 'UC',
          licenseId: 'seat-1',
          phoneNumbers: [{ phoneNumber: '+14085550101' }],
        },
      ],
    },
  };
}

const counted = (account: ObservedAccount) => tally(account, decompile({ account }));
const seat = { id: 'seat-1', name: 'X2', country: 'US', assignedUserId: 'id-jane' };

describe('the counts of an import', () => {
  it('tell what is in the YAML, and of the rest why not', () => {
    const account = observedAccount(
      {
        user: [jane()],
        license: [seat, { ...seat, id: 'seat-2', assignedUserId: null }],
        phoneNumber: [
          { phoneNumber: '+14085550101', status: 'ASSIGNED' },
          { phoneNumber: '+14085550102', status: 'ASSIGNED' },
          { phoneNumber: '+14085550103', status: 'AVAILABLE' },
        ].map((number) => ({ ...number, id: number.phoneNumber })),
        ringGroup: [{ id: 'group-1', phoneNumbers: [{ phoneNumber: '+14085550102' }] }],
        administrator: [{ id: 'id-jane', userId: 'id-jane', primary: true, scopes: [] }],
        extensionSettings: [{ id: 'ext-1', extensionId: 'ext-1' }],
        address: 'unknown',
      },
      { rows: 'single' },
    );
    const { mismatches, rows } = counted(account);
    expect(mismatches).toEqual([]);
    expect(rows.map(({ inAccount, leftOut, what, written }) => [what, inAccount, written, leftOut])).toEqual([
      ['users', 1, 1, {}],
      ['extensions', 1, 1, {}],
      ['administrators', 1, 0, { 'the primary administrator': 1 }],
      ['porting orders', undefined, 0, {}],
      ['phone numbers in use', 2, 1, { 'of ring groups': 1 }],
      ['licence seats in use', 1, 1, {}],
      ['ring groups', 1, 0, { 'there is no kind for it yet': 1 }],
      ['sites', 2, 0, expect.anything()],
      ['addresses', undefined, 0, {}],
      ['user groups', undefined, 0, {}],
      ['profile policies', undefined, 0, {}],
    ]);
    expect(rows[8]?.note).toBe('not read: address could not be read');
  });

  it('do not add up where a list lacks what another one has', () => {
    const account = observedAccount(
      {
        user: [jane()],
        license: [{ ...seat, assignedUserId: null }],
        phoneNumber: [],
        administrator: [{ id: 'id-joan', userId: 'id-joan', primary: false, scopes: [] }],
        extensionSettings: [],
        profileSettings: [
          { id: 'id-jane', userId: 'id-jane' },
          { id: 'id-joan', userId: 'id-joan' },
        ],
      },
      { rows: 'single' },
    );
    expect(counted(account).mismatches).toEqual([
      '1 phone numbers of extensions are not in the inventory',
      '0 licence seats are assigned to what was written, and the YAML names 1',
      'there are 1 extensions, and settings of 0',
      'there are 1 users, and settings of 2',
      '1 administrators are not among the users',
    ]);
  });
});

describe('reads that an import still needs', () => {
  it('are those of rows that leave something out, and of no others', () => {
    const { serviceInfo: _hidden, ...bare } = userBody('bare', {});
    const rows = observedAccount({
      user: [jane(), bare],
      administrator: [{ id: 'id-jane', userId: 'id-jane', primary: true }],
      portingOrder: [{ id: 'port-1', reference: 'P1', status: 'SUBMITTED' }],
    });
    expect(openReads(rows)).toEqual([
      { type: 'user', id: 'id-bare' },
      { type: 'user', id: 'id-jane' },
      { type: 'administrator', id: 'id-jane' },
      { type: 'portingOrder', id: 'port-1' },
    ]);
    expect(openReads(observedAccount({ user: [jane(), bare] }, { rows: 'single' }))).toEqual([]);
    const hidden = decompile({ account: observedAccount({ user: [bare] }) }).leftOut;
    expect(hidden).toContainEqual(expect.objectContaining({ field: 'extensions', reason: 'NotRead' }));
  });
});
