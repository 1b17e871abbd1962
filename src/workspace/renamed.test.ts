import { describe, expect, it } from 'vitest';
import { externalIdAnnotation } from '../resources/annotations.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { referenceTo, resourceKey } from '../resources/reference.ts';
import { renamedAmong } from './renamed.ts';

const base = { apiVersion: 'dialops.dev/v1alpha1', kind: 'UserProfile' } as const;
const spec = {
  firstName: 'Jane',
  lastName: 'Example',
  email: 'jane@example.com',
  site: { name: 'Springfield HQ' },
};

const inFiles = (name: string, id: string, namespace = 'acme'): AccountResource => ({
  ...base,
  metadata: { name, namespace, annotations: { [externalIdAnnotation]: id } },
  spec,
});

const inLock = (name: string, externalId: string): AccountResource => ({
  ...base,
  metadata: { name, namespace: 'acme' },
  spec,
  status: { externalId },
});

function renamed(files: readonly AccountResource[], lock: readonly AccountResource[]) {
  const byKey = (resources: readonly AccountResource[]) =>
    new Map(resources.map((resource) => [resourceKey(referenceTo(resource)), resource]));
  const [declared, locked] = [byKey(files), byKey(lock)];
  const come = new Map([...declared].filter(([key]) => !locked.has(key)));
  const gone = new Map([...locked].filter(([key]) => !declared.has(key)));
  return [...renamedAmong(come, gone)];
}

describe('a resource of the lock that the files hold under another name', () => {
  it('is the one that names its object', () => {
    const files = [inFiles('jane-doe', 'id-1'), inFiles('tom', 'id-2')];
    const lock = [inLock('jane', 'id-1'), inLock('tom', 'id-2')];
    expect(renamed(files, lock)).toEqual([['UserProfile/acme/jane-doe', 'UserProfile/acme/jane']]);
  });

  it('is the profile of the same login, and its extension, where no object is named', () => {
    const profile = (name: string, more: Partial<typeof spec & { userName: string }> = {}) => ({
      ...base,
      metadata: { name, namespace: 'acme' },
      spec: { ...spec, ...more },
    });
    const line = (name: string, owner: string, number = '1001'): AccountResource => ({
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'Extension',
      metadata: { name, namespace: 'acme' },
      spec: { number, type: 'UC', userProfileRef: { name: owner } },
    });
    const now = profile('jane-doe', { email: 'j.doe@example.com', userName: 'Jane@example.com' });
    const both = ['UserProfile/acme/jane-doe', 'UserProfile/acme/jane'];
    const lock = [profile('jane'), line('jane', 'jane')];
    expect(renamed([now, line('desk', 'jane-doe')], lock)).toEqual([
      both,
      ['Extension/acme/desk', 'Extension/acme/jane'],
    ]);
    // Another's, or another one, is not the same line.
    expect(renamed([now, line('desk', 'tom')], lock)).toEqual([both]);
    expect(renamed([now, line('desk', 'jane-doe', '1002')], lock)).toEqual([both]);
    expect(renamed([profile('joan', { email: 'joan@example.com' })], lock)).toEqual([]);
    expect(renamed([profile('a'), profile('b')], lock)).toEqual([]);
  });

  it('is none where it is a grant, which may be for another person now', () => {
    const grant = (name: string, person: string): AccountResource => ({
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'PrivilegeGrant',
      metadata: { name, namespace: 'acme', annotations: { [externalIdAnnotation]: 'id-1' } },
      spec: {
        userProfileRef: { name: person },
        copyFrom: { administrator: { userName: 'owner@example.com' } },
      },
      status: { externalId: 'id-1' },
    });
    expect(renamed([grant('b', 'tom')], [grant('a', 'jane')])).toEqual([]);
  });

  it.each([
    ['another object', [inFiles('jane-doe', 'id-3')], [inLock('jane', 'id-1')]],
    ['another namespace', [inFiles('jane-doe', 'id-1', 'other')], [inLock('jane', 'id-1')]],
    ['two that name it', [inFiles('a', 'id-1'), inFiles('b', 'id-1')], [inLock('jane', 'id-1')]],
    ['two that had it', [inFiles('a', 'id-1')], [inLock('jane', 'id-1'), inLock('joan', 'id-1')]],
    ['one that is known already', [inFiles('tom', 'id-1')], [inLock('jane', 'id-1'), inLock('tom', 'id-2')]],
    ['one that is there still', [inFiles('jane', 'id-1'), inFiles('b', 'id-1')], [inLock('jane', 'id-1')]],
  ])('is none with %s', (_what, files, lock) => {
    expect(renamed(files, lock)).toEqual([]);
  });
});
