import { describe, expect, it } from 'vitest';
import { AccountView } from '../account/account-view.ts';
import type { ObjectType } from '../account/objects.ts';
import type { JsonObject } from '../foundation/json.ts';
import { placesOf } from './suspects.ts';

function view(objects: Partial<Record<ObjectType, Readonly<Record<string, JsonObject>>>>): AccountView {
  const account = new AccountView();
  const read = (type: ObjectType) => ({
    state: 'read' as const,
    readAt: 0,
    objects: new Map(
      Object.entries(objects[type] ?? {}).map(([id, body]) => [
        id,
        { type, id, body, source: 'row' as const, readAt: 0 },
      ]),
    ),
  });
  const { collections } = account;
  account.adopt({
    gone: new Map(),
    collections: {
      ...collections,
      user: read('user'),
      extension: read('extension'),
      extensionSettings: read('extensionSettings'),
      profileSettings: read('profileSettings'),
    },
  });
  return account;
}

describe('what the audit trail names is read where its values are', () => {
  const account = view({
    user: { u1: { serviceInfo: { extensions: [{ id: 'e1' }] } } },
    extension: { e2: {} },
    extensionSettings: { e1: {} },
    profileSettings: { u1: {} },
  });

  it('an extension of a user: its user, and the settings beside it', () => {
    expect(placesOf([{ type: 'extension', id: 'e1' }], account)).toEqual([
      { type: 'user', id: 'u1' },
      { type: 'extensionSettings', id: 'e1' },
    ]);
  });

  it('an extension of nobody: itself', () => {
    expect(placesOf([{ type: 'extension', id: 'e2' }], account)).toEqual([{ type: 'extension', id: 'e2' }]);
  });

  it('a user: also what is kept beside it', () => {
    expect(placesOf([{ type: 'user', id: 'u1' }], account)).toEqual([
      { type: 'user', id: 'u1' },
      { type: 'profileSettings', id: 'u1' },
    ]);
  });
});
