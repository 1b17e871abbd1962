import { isJsonObject, type JsonObject } from '../../../foundation/json.ts';
import { registerCollection, requireObject } from '../../collection.ts';
import type { SandboxCore, SandboxModule } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { forbidden, notFound } from '../../problem.ts';
import type { UserRecord } from '../../records.ts';
import type { Scope } from '../../router.ts';
import type { Table } from '../../store.ts';
import { mediaTypesOf } from '../media-types.ts';
import { type AdministratorScope, allScopes, readScopes } from './scopes.ts';
import { privilegeTree } from './tree.ts';

/** Id: that of the user. */
interface AdministratorRecord {
  readonly id: string;
  readonly scopes: readonly AdministratorScope[];
  readonly passphraseSet: boolean;
}

const path = '/administrators';
const mediaTypes = mediaTypesOf('administrators');
const scopes: readonly Scope[] = ['UC & CC User Admin'];
const writeScopes: readonly Scope[] = [...scopes, 'UC & CC Admin Operations'];

/** `/privilege-tree` and `/administrators`. */
export const administratorsModule: SandboxModule = (core) => {
  const { system } = core;
  const table = core.store.table<AdministratorRecord>('administrator');
  system.users.observe((before, after) => {
    if (before && !after) table.delete(before.id);
  });
  const find = (id: string) => {
    const user = system.users.get(id);
    return user && isAdministrator(table, user) ? user : undefined;
  };
  core.router.add({
    method: 'GET',
    path: '/privilege-tree',
    mediaTypes: mediaTypesOf('privilege-tree'),
    scopes,
    handle: () => ({ status: 200, body: { sections: privilegeTree } }),
  });
  registerCollection<UserRecord>(core, {
    path,
    idName: 'userId',
    mediaTypes,
    scopes,
    paging: { style: 'scroll', max: 1000 },
    rows: () => administrators(core, table),
    find,
    render: (user) => renderAdministrator(table, user),
    filterFields: {
      userId: (user) => user.id,
      userName: (user) => user.userName,
      primary: (user) => user.primaryAdministrator,
      supportPassphrase: (user) => renderAdministrator(table, user).supportPassphrase,
    },
    sortFields: { userId: (user) => user.id, userName: (user) => user.userName },
    writes: {
      resourceType: 'ADMINISTRATOR',
      commandPrefix: 'administrator',
      delete: {
        accept: (_body, id) => {
          refusePrimary(requireUser(core, id ?? ''));
          return { id };
        },
        apply: (payload, context) => replaceScopes(core, table, String(payload.id), [], context),
      },
    },
  });
  registerPut(core, table);
  registerPassphraseControl(core, table);
};

/** PUT makes an administrator of any user, so that it needs only the user to be there. */
function registerPut(core: SandboxCore, table: Table<AdministratorRecord>): void {
  const pbxNames = () => new Set([...core.system.pbxes.all()].map((pbx) => pbx.name));
  core.operations.define({
    name: 'administrator.put',
    apply: (payload, context) => {
      const body = isJsonObject(payload.body) ? payload.body : {};
      return replaceScopes(core, table, String(payload.id), readScopes(body, pbxNames()), context);
    },
  });
  core.router.add({
    method: 'PUT',
    path: `${path}/{userId}`,
    mediaTypes,
    scopes: writeScopes,
    handle: (exchange) => {
      const user = requireUser(core, exchange.params.userId ?? '');
      refusePrimary(user);
      const body = requireObject(exchange);
      readScopes(body, pbxNames());
      return core.operations.start(exchange, {
        command: 'administrator.put',
        resourceType: 'ADMINISTRATOR',
        operationType: table.get(user.id) ? 'UPDATE' : 'CREATE',
        collectionPath: path,
        resourceId: user.id,
        payload: { id: user.id, body },
      });
    },
  });
}

/** The passphrase is set by the person alone; the control API stands in for that. */
function registerPassphraseControl(core: SandboxCore, table: Table<AdministratorRecord>): void {
  core.control({
    method: 'POST',
    path: '/administrators/{userId}/support-passphrase',
    handle: (params, body) => {
      const user = requireUser(core, params.userId ?? '');
      const known = table.get(user.id) ?? { id: user.id, scopes: [], passphraseSet: false };
      const before = renderAdministrator(table, user);
      table.put({ ...known, passphraseSet: body.set !== false });
      const after = renderAdministrator(table, user);
      core.audit.record({
        actor: { name: user.userName, via: 'console' },
        time: new Date(core.clock.now()).toISOString(),
        entityType: 'administrator',
        entityKey: user.id,
        displayName: user.userName,
        before,
        after,
      });
      return after;
    },
  });
}

function replaceScopes(
  core: SandboxCore,
  table: Table<AdministratorRecord>,
  id: string,
  granted: readonly AdministratorScope[],
  context: WriteContext,
): string {
  const user = requireUser(core, id);
  refusePrimary(user);
  const shown = () => (isAdministrator(table, user) ? renderAdministrator(table, user) : undefined);
  const before = shown();
  const known = table.get(id);
  table.put({ id, scopes: granted, passphraseSet: known?.passphraseSet ?? false });
  const after = shown();
  core.audit.record({
    ...context,
    entityType: 'administrator',
    entityKey: id,
    displayName: user.userName,
    before,
    after,
  });
  return id;
}

function* administrators(core: SandboxCore, table: Table<AdministratorRecord>): Generator<UserRecord> {
  for (const user of core.system.users.all()) if (isAdministrator(table, user)) yield user;
}

/** Someone without a single privilege is no administrator, even with a passphrase. */
function isAdministrator(table: Table<AdministratorRecord>, user: UserRecord): boolean {
  return user.primaryAdministrator || (table.get(user.id)?.scopes.length ?? 0) > 0;
}

function renderAdministrator(table: Table<AdministratorRecord>, user: UserRecord): JsonObject {
  const record = table.get(user.id);
  const primary = user.primaryAdministrator;
  return {
    userId: user.id,
    userName: user.userName,
    primary,
    supportPassphrase: (record?.passphraseSet ?? primary) ? 'SET' : 'NOT_SET',
    scopes: primary ? allScopes() : (record?.scopes ?? []),
  };
}

function requireUser(core: SandboxCore, id: string): UserRecord {
  const user = core.system.users.get(id);
  if (!user) throw notFound('User not found');
  return user;
}

function refusePrimary(user: UserRecord): void {
  if (user.primaryAdministrator) throw forbidden('The primary administrator cannot be changed');
}
