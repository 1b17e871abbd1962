import { describe, expect, it } from 'vitest';
import type { Extension } from '../../resources/generated/extension.ts';
import {
  bound,
  compiled,
  declared,
  fieldAt,
  memories,
  planned,
  problemsOf,
  remembered,
} from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { extension, profile } from '../testing/resources.ts';

const jane = 'user/UserProfile/acme/jane';
const flag = 'directoryInfo.displayInDirectory';
const line = (name: string, visible: boolean): Extension => ({
  ...extension('jane', name === 'desk' ? '1001' : '1002', { directory: { visible } }),
  metadata: { name, namespace: 'acme' },
});

describe('one path that two resources declare', () => {
  it('is one value of both where they agree', () => {
    const desired = compiled([profile('jane'), line('desk', true), line('lab', true)]);
    expect(fieldAt(desired, jane, flag)?.owners.map(({ resource }) => resource.name)).toEqual([
      'desk',
      'lab',
    ]);
    expect(desired.problems).toEqual([]);
  });

  it('is written by neither where they differ, and each names the other', () => {
    const [desk, lab] = [line('desk', true), line('lab', false)];
    const desired = compiled([profile('jane'), desk, lab]);
    expect(declared(desired, jane)).not.toHaveProperty([flag]);
    expect(
      Object.keys(declared(desired, jane)).filter((path) => path.includes('displayInDirectory')),
    ).toEqual([]);
    expect(problemsOf(desired, desk)).toEqual(['Conflict directory.visible']);
    expect(problemsOf(desired, lab)).toEqual(['Conflict directory.visible']);
    expect(desired.problems.map(({ message }) => message).join()).toMatch(/Extension lab.*Extension desk/s);
  });

  it('keeps the value that was in effect before the other came', () => {
    const [desk, lab] = [line('desk', true), line('lab', false)];
    const person = profile('jane');
    const observed = observedAccount(
      {
        user: [
          userBody('jane', {
            directoryInfo: { displayInDirectory: true },
            serviceInfo: {
              extensions: [
                { id: 'ext-1', extensionNumber: '1001', displayInDirectory: true },
                { id: 'ext-2', extensionNumber: '1002', displayInDirectory: true },
              ],
            },
          }),
        ],
      },
      { rows: 'single' },
    );
    const ids = memories(bound(person, 'id-jane'), bound(desk, 'ext-1'));
    const before = planned([person, desk], { observed, memory: ids });
    const memory = memories(ids, remembered(before, desk, 'ext-1'), bound(lab, 'ext-2'));
    const desired = compiled([person, desk, lab], { observed, memory });
    expect(declared(desired, jane)).toMatchObject({ [flag]: true });
    expect(declared(desired, jane)).toHaveProperty(
      ['serviceInfo.extensions[id=ext-1].displayInDirectory'],
      true,
    );
    expect(declared(desired, jane)).not.toHaveProperty([
      'serviceInfo.extensions[id=ext-2].displayInDirectory',
    ]);
    expect(problemsOf(desired, desk)).toEqual([]);
    expect(problemsOf(desired, lab)).toEqual(['Conflict directory.visible']);
  });
});
