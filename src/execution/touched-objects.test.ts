import { expect, it } from 'vitest';
import type { Change, FieldChange } from '../account/plan.ts';
import type { Json } from '../foundation/json.ts';
import { touchedObjects } from './touched-objects.ts';

const resource = { kind: 'Extension', namespace: 'acme', name: 'desk' };

function change(
  type: Change['type'],
  objectId: string | undefined,
  fields: readonly FieldChange[] = [],
): Change {
  return {
    id: 'a change',
    action: objectId === undefined ? 'Create' : 'Update',
    type,
    handle: 'a handle',
    naturalKey: 'a key',
    fields,
    resources: [resource],
    risk: 'safe',
    after: [],
    requests: 2,
    ...(objectId === undefined ? {} : { objectId }),
  };
}

function moved(from: Json, to: Json): FieldChange {
  const owners = [{ resource, field: 'userProfileRef' }] as const;
  const field = {
    path: ['userId'],
    value: to,
    comparison: 'exact',
    owners,
    risk: 'interruptsService',
  } as const;
  return {
    path: ['userId'],
    from,
    to,
    cause: 'pending',
    owners,
    risk: 'interruptsService',
    secret: false,
    field,
  };
}

it('an update touches its object, a create none that exists', () => {
  expect(touchedObjects(change('user', 'u1'))).toEqual(['user/u1']);
  expect(touchedObjects(change('user', undefined))).toEqual([]);
});

it('an extension that moves touches the user that it leaves and the one that it comes to', () => {
  expect(touchedObjects(change('extension', 'e1', [moved('u1', 'u2')]))).toEqual([
    'extension/e1',
    'user/u1',
    'user/u2',
  ]);
  expect(touchedObjects(change('extension', 'e1', [moved('u1', null)]))).toEqual(['extension/e1', 'user/u1']);
  expect(touchedObjects(change('extension', 'e1', [moved(null, 'u2')]))).toEqual(['extension/e1', 'user/u2']);
});
