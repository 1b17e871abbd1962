import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import type { PhoneSystemClient, RequestOptions } from '../phonesystem/client.ts';
import { idOf } from '../phonesystem/collections.ts';
import { ApiError } from '../phonesystem/errors.ts';

/**
 * The customer whose account the key opens, where discovery does not say so: from one row of the users, and where rows
 * leave it out, from that user read by itself. No other part of an account carries it (8x8 guide: users, read-only
 * fields). Undefined when there is no user yet, none may be read, or none says it.
 *
 * Rejects as the client does when the users are out of reach.
 */
export async function findCustomerId(
  client: PhoneSystemClient,
  options: RequestOptions,
): Promise<string | undefined> {
  const row = await unlessRefused(firstUser(client, options));
  const id = row && idOf('user', row);
  return (
    customerIdOf(row) ??
    (id === undefined ? undefined : customerIdOf(await unlessRefused(client.get('user', id, options))))
  );
}

/** The customer that an object belongs to, where it says so: in `basicInfo`, where the published User has it, or at the top. */
export function customerIdOf(body: JsonObject | undefined): string | undefined {
  const basicInfo = isJsonObject(body?.basicInfo) ? body.basicInfo : undefined;
  const id = basicInfo?.customerId ?? body?.customerId;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

async function firstUser(
  client: PhoneSystemClient,
  options: RequestOptions,
): Promise<JsonObject | undefined> {
  for await (const page of client.list('user', { ...options, pageSize: 1, maxPages: 1 }))
    return page.objects[0];
  return undefined;
}

/** What the key may not read says nothing of whose it is. */
async function unlessRefused(reading: Promise<JsonObject | undefined>): Promise<JsonObject | undefined> {
  try {
    return await reading;
  } catch (error) {
    const refused =
      error instanceof ApiError && ['forbidden', 'unsupported', 'notFound'].includes(error.kind);
    if (refused) return undefined;
    throw error;
  }
}
