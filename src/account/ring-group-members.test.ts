import { describe, expect, it } from 'vitest';
import { RingGroupMembers } from './ring-group-members.ts';
import { observedAccount } from './testing/observed.ts';

const site = (id: string) => ({ id, name: id });
const members = (...list: object[]) =>
  new RingGroupMembers(
    observedAccount({
      ringGroup: [{ id: 'g1', name: 'Sales', site: site('hq'), members: JSON.parse(JSON.stringify(list)) }],
    }),
  );

describe('the members of ring groups', () => {
  it('are found by the id of the extension, whoever else has its number', () => {
    const groups = members({ extensionId: 'e1', extensionNumber: '1001', userId: 'u1' });
    expect(groups.groupsOf({ id: 'e1', extensionNumber: '1001' }, 'u1')).toEqual(['Sales']);
    expect(groups.groupsOf({ id: 'e2', extensionNumber: '1001' }, 'u1')).toEqual([]);
  });

  it('are found by number where there is no id, with the person or else the site', () => {
    const theirs = members({ extensionId: null, extensionNumber: '1001', userId: 'u1' });
    expect(theirs.groupsOf({ id: 'e1', extensionNumber: '1001' }, 'u1')).toEqual(['Sales']);
    expect(theirs.groupsOf({ id: 'e1', extensionNumber: '1001' }, 'u2')).toEqual([]);
    const nobodys = members({ extensionNumber: '1001' });
    expect(nobodys.groupsOf({ id: 'e1', extensionNumber: '1001', site: site('hq') }, undefined)).toEqual([
      'Sales',
    ]);
    expect(nobodys.groupsOf({ id: 'e1', extensionNumber: '1001', site: site('lab') }, undefined)).toEqual([]);
  });

  it('are not all known when a group was not read or its row does not show them', () => {
    expect(members().known).toBe('all');
    expect(new RingGroupMembers(observedAccount({})).known).toBe('unread');
    const hidden = observedAccount({ ringGroup: [{ id: 'g1', name: 'Sales' }] });
    expect(new RingGroupMembers(hidden).known).toBe('hidden');
  });
});
