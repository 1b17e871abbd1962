import { isTooLate, mayComeFrom } from '../account/memory.ts';
import type { ObservedObject } from '../account/objects.ts';
import { read } from '../account/path.ts';
import type { Change } from '../account/plan.ts';
import type { Clock } from '../foundation/clock.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { PhoneSystemClient, RequestOptions } from '../phonesystem/client.ts';
import { collections, idOf, naturalKeyFilter, naturalKeyOf } from '../phonesystem/collections.ts';
import { ApiError } from '../phonesystem/errors.ts';
import { eq } from '../phonesystem/rsql.ts';

/**
 * After a write whose end is not known: what does the phone system have? A create is looked up by its natural
 * key, anything else by its id.
 * @param since when the write was begun, in milliseconds since the epoch: an invitation sent before is another one
 */
export async function lookUp(
  change: Change,
  client: PhoneSystemClient,
  clock: Clock,
  since: number,
  options: RequestOptions,
): Promise<ObservedObject | undefined> {
  const { type, naturalKey, objectId } = change;
  const readAt = clock.now();
  if (objectId !== undefined) {
    const body = await client.get(type, objectId, options);
    return body && { type, id: objectId, body, source: 'single', readAt };
  }
  if (type === 'administrator') {
    const body = await client.get(type, naturalKey, options);
    return body && { type, id: naturalKey, body, source: 'single', readAt };
  }
  const filter = naturalKeyFilter(type, naturalKey);
  if (filter === undefined) return undefined;
  try {
    return await search(filter);
  } catch (error) {
    // 8x8 guide: how a filter names a field is described in two ways. A refused one must not keep it from being known.
    if (!(error instanceof ApiError && error.kind === 'invalid')) throw error;
    return search(undefined);
  }

  async function search(by: string | undefined): Promise<ObservedObject | undefined> {
    for await (const page of client.list(type, { ...options, ...(by === undefined ? {} : { filter: by }) })) {
      const row = page.objects.find(
        (candidate) => isNamed(change, candidate, by !== undefined) && isObjectOf(change, candidate, since),
      );
      const id = row && idOf(type, row);
      if (row && id !== undefined) return { type, id, body: row, source: 'row', readAt };
    }
    return undefined;
  }
}

/**
 * Does the row have the name that was asked for? A phone system that minds no filter shows everybody; whoever is taken
 * for the object of a change is overwritten by the next one. Names that differ in case alone are one.
 *
 * @param unless what to say of a row that shows no name
 */
function isNamed({ type, naturalKey }: Change, row: JsonObject, unless: boolean): boolean {
  // These are found by what `isObjectOf` compares.
  if (type === 'extension' || type === 'invitation') return true;
  const name = naturalKeyOf(type, row);
  return name === undefined ? unless : name.toLowerCase() === naturalKey.toLowerCase();
}

/** A filter that finds the object of a change in its list, by id or, before it has one, by its natural key. */
export function findingFilter({ type, objectId, naturalKey }: Change): string | undefined {
  const idField = collections[type].id.join('.');
  if (objectId !== undefined) return eq(idField, objectId);
  return type === 'administrator' ? eq(idField, naturalKey) : naturalKeyFilter(type, naturalKey);
}

/** Is this row the object that the change is about? A list may be found by less than what is unique. */
export function isObjectOf(change: Change, row: JsonObject, since: number): boolean {
  const { type, objectId, naturalKey } = change;
  if (objectId !== undefined) return idOf(type, row) === objectId;
  if (type === 'administrator') return idOf(type, row) === naturalKey;
  if (type === 'invitation' && row.userId !== naturalKey) return false;
  if (type === 'portingOrder' && row.reference !== naturalKey) return false;
  if (type === 'extension' && !naturalKey.endsWith(`/${String(row.extensionNumber)}`)) return false;
  return isAtSite(row, type, naturalKey) && isRecent(row, type, since);
}

/** Short extension numbers repeat across sites; the natural key is `site/number`. */
function isAtSite(row: JsonObject, type: ObservedObject['type'], naturalKey: string): boolean {
  if (type !== 'extension') return true;
  const site = read(row, ['site', 'id']);
  return site.present && naturalKey.startsWith(`${String(site.value)}/`);
}

/** A person may have had invitations before, and may have been made by hand since; a row may not show when. */
function isRecent(row: JsonObject, type: ObservedObject['type'], since: number): boolean {
  if (type === 'invitation') {
    return typeof row.sentTime === 'string' && mayComeFrom(Date.parse(row.sentTime), since);
  }
  const created = type === 'user' ? read(row, ['basicInfo', 'createdTime']) : undefined;
  if (!created?.present || typeof created.value !== 'string') return true;
  return !isTooLate(Date.parse(created.value), since);
}
