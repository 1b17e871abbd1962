import { applyFields } from '../account/apply.ts';
import type { DesiredField } from '../account/desired.ts';
import type { Change } from '../account/plan.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { PhoneSystemClient, RequestOptions, WriteResult } from '../phonesystem/client.ts';
import { withOneDirectoryFlag } from '../phonesystem/directory-flag.ts';
import { toPutBody } from '../phonesystem/put-body.ts';

/**
 * Sends the one write that makes a change. Rejects as the client does.
 *
 * @param fresh the object as it stands, for an update: what is not declared goes back as it was
 */
export async function sendChange(
  client: PhoneSystemClient,
  change: Change,
  fields: readonly DesiredField[],
  fresh: JsonObject | undefined,
  options: RequestOptions,
): Promise<WriteResult> {
  const id = change.objectId ?? '';
  switch (change.action) {
    case 'Create': {
      const body = bodyOf(change, {}, fields);
      // Privileges have no POST: they are put under the id of the user.
      if (change.type === 'administrator')
        return client.replace(change.type, change.naturalKey, body, options);
      return client.create(change.type, body, options);
    }
    case 'Update':
      return client.replace(
        change.type,
        id,
        toPutBody(change.type, bodyOf(change, fresh ?? {}, fields)),
        options,
      );
    case 'Delete':
      return client.remove(change.type, id, options);
    case 'Submit':
      return client.act(change.type, id, 'submit', undefined, options);
    case 'Cancel':
      return client.act(change.type, id, 'cancel', undefined, options);
  }
}

function bodyOf({ type }: Change, base: JsonObject, fields: readonly DesiredField[]): JsonObject {
  const body = applyFields(base, fields);
  if (type !== 'user') return body;
  return withOneDirectoryFlag(
    body,
    fields.map(({ path }) => path),
  );
}

/** An extension that has no id yet is named by its number. */
export function addsExtension(fields: readonly DesiredField[]): boolean {
  return fields.some(({ path }) =>
    path.some((segment) => typeof segment !== 'string' && segment.by === 'extensionNumber'),
  );
}
