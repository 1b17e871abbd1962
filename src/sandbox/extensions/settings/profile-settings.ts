import type { JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import { registerCollection } from '../../collection.ts';
import type { SandboxCore, SandboxModule } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { notFound } from '../../problem.ts';
import type { UserRecord } from '../../records.ts';
import type { Table } from '../../store.ts';
import { mediaTypesOf } from '../media-types.ts';

/** Id: that of the user. */
interface ProfileSettingsRecord {
  readonly id: string;
  readonly addressId: string | null;
}

/** `/profile-settings`: the person's own address; there as long as the user is. */
export const profileSettingsModule: SandboxModule = (core) => {
  const { system } = core;
  const table = core.store.table<ProfileSettingsRecord>('profileSettings');
  const byAddress = table.index(({ addressId }) => (addressId === null ? [] : [addressId]));
  system.countPersonalAddresses((addressId) => byAddress.count(addressId));
  system.users.observe((before, after) => {
    if (before && !after) table.delete(before.id);
  });
  const addressOf = (user: UserRecord) => table.get(user.id)?.addressId ?? null;
  registerCollection<UserRecord>(core, {
    path: '/profile-settings',
    idName: 'userId',
    mediaTypes: mediaTypesOf('profile-settings'),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => system.users.all(),
    find: (id) => system.users.get(id),
    render: (user, view) => (view.sparse ? { userId: user.id } : renderSettings(user.id, addressOf(user))),
    filterFields: { userId: (user) => user.id, 'address.id': addressOf },
    sortFields: { userId: (user) => user.id },
    writes: {
      resourceType: 'PROFILE_SETTINGS',
      commandPrefix: 'profileSettings',
      update: {
        accept: (body, id) => ({ id, addressId: readAddress(core, body, id ?? '') }),
        apply: (payload, context) => {
          const addressId = typeof payload.addressId === 'string' ? payload.addressId : null;
          return replaceSettings(core, table, { id: String(payload.id), addressId }, context);
        },
      },
    },
  });
};

function readAddress(core: SandboxCore, body: JsonObject, id: string): string | null {
  const reader = new BodyReader(body);
  const given = reader.text('userId');
  if (given !== undefined && given !== id) reader.fault('userId', `Mismatched userId in url: ${id}`);
  const address = reader.object('address');
  const addressId = address?.text('id', { required: true });
  if (addressId !== undefined && !core.system.addresses.get(addressId)) {
    address?.fault('id', 'Address not found');
  }
  reader.finish();
  return addressId ?? null;
}

function replaceSettings(
  core: SandboxCore,
  table: Table<ProfileSettingsRecord>,
  settings: ProfileSettingsRecord,
  context: WriteContext,
): string {
  const user = core.system.users.get(settings.id);
  if (!user) throw notFound('User not found');
  // It may have gone between the request and its completion.
  readAddress(core, renderSettings(user.id, settings.addressId), user.id);
  const before = renderSettings(user.id, table.get(user.id)?.addressId ?? null);
  table.put(settings);
  core.audit.record({
    ...context,
    entityType: 'user',
    entityKey: user.id,
    displayName: user.userName,
    before,
    after: renderSettings(user.id, settings.addressId),
  });
  return user.id;
}

function renderSettings(userId: string, addressId: string | null): JsonObject {
  return { userId, address: addressId === null ? null : { id: addressId } };
}
