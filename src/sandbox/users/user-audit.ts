import type { JsonObject } from '../../foundation/json.ts';
import type { SandboxCore } from '../core.ts';
import type { WriteContext } from '../operations.ts';
import type { UserRecord } from '../records.ts';
import { renderExtension } from './extension-view.ts';
import { renderUser } from './user-view.ts';

const whole = { row: false, sparse: false } as const;

/** Records what a write made of a user, and of each of its extensions under the user's write. */
export function auditUser(
  core: SandboxCore,
  context: WriteContext,
  user: UserRecord,
  before: JsonObject | undefined,
  extensionsBefore: ReadonlyMap<string, JsonObject>,
): void {
  const { system } = core;
  const now = system.users.get(user.id);
  const shared = { ...context, displayName: user.userName };
  core.audit.record({
    ...shared,
    entityType: 'user',
    entityKey: user.id,
    before,
    after: now && renderUser(system, core.customerId, now, whole),
  });
  const extensionsAfter = new Map(
    system.extensionsByUser.all(user.id).map((one) => [one.id, renderExtension(system, one, whole)]),
  );
  for (const id of new Set([...extensionsBefore.keys(), ...extensionsAfter.keys()])) {
    core.audit.record({
      ...shared,
      entityType: 'extension',
      entityKey: id,
      before: extensionsBefore.get(id),
      after: extensionsAfter.get(id),
      correlation: { type: 'user', id: user.id },
      derived: true,
    });
  }
}
