import type { ObjectType } from '../account/objects.ts';
import { isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';

/** One entry of the audit trail: who did what to which object, and when. */
export interface AuditChange {
  readonly id?: string;
  /** Undefined for entities that this program does not know, such as call queues. */
  readonly objectType?: ObjectType;
  /** The trail's own word, as it came: `user`, `RingGROUP`, … */
  readonly entityType: string;
  /** The object's id, such as the userId of a user. */
  readonly objectId: string;
  /** `create`, `update`, `delete`, `view`, `export`, …: an open list, in lower case. */
  readonly event: string;
  /** Who: the trail's id of the person or key. */
  readonly actor?: string;
  /** The provider's staff, when it acted in the actor's name. */
  readonly impersonator?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Names of the fields that changed, in the API's words; left out when the details say nothing readable. */
  readonly fields?: readonly string[];
  /** What some of these fields were changed to, where it was asked for: texts, numbers and flags alone. */
  readonly values?: Readonly<Record<string, Json>>;
}

/** The documents name no exact strings, and their case varies: compared by letters alone. */
const types: Readonly<Record<string, ObjectType>> = {
  user: 'user',
  userbasicinfo: 'user',
  extension: 'extension',
  ringgroup: 'ringGroup',
  phonenumber: 'phoneNumber',
  site: 'site',
  branch: 'site',
  address: 'address',
  administrator: 'administrator',
  portingorder: 'portingOrder',
  invitation: 'invitation',
};

/** Internal names in the details (8x8 guide: audit records), and what the API calls them. */
const apiNames: Readonly<Record<string, string>> = {
  loginId: 'userName',
  email: 'primaryEmail',
  timeZoneId: 'timezone',
  localeId: 'locale',
  branchId: 'site.id',
  pbxId: 'site.pbxName',
};

/** No id or word of the trail is longer, and no record names more fields: a longer one is not kept in memory. */
const longestWord = 256;
const mostFields = 100;
/** Milliseconds since the epoch that a date can be. */
const latestTime = 8.64e15;

/**
 * Reads one item; undefined when it lacks what makes it usable: entity, key and time.
 *
 * @param withValues keeps what fields were changed to: personal data, for what is done with it at once
 */
export function parseAuditRecord(item: Json, withValues = false): AuditChange | undefined {
  if (!isJsonObject(item)) return undefined;
  const { entityType, entityKey, auditTimestamp } = item;
  if (!isWord(entityType) || !isWord(entityKey)) return undefined;
  const at = typeof auditTimestamp === 'string' ? utc(auditTimestamp) : auditTimestamp;
  if (typeof at !== 'number' || Number.isNaN(at) || Math.abs(at) > latestTime) return undefined;
  const objectType = types[entityType.toLowerCase().replace(/[^a-z]/g, '')];
  const fields = changedFields(item.details);
  return {
    ...(isWord(item.id) ? { id: item.id } : {}),
    ...(objectType ? { objectType } : {}),
    entityType,
    objectId: entityKey,
    event: isWord(item.eventType) ? item.eventType.toLowerCase() : 'unknown',
    ...(isWord(item.auditUserId) ? { actor: item.auditUserId } : {}),
    ...(isWord(item.impersonator) ? { impersonator: item.impersonator } : {}),
    at,
    ...(fields ? { fields } : {}),
    ...(withValues ? { values: newValues(item.details) } : {}),
  };
}

/** Times are UTC, also where the zone is left out. */
function utc(text: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}

/** `details` is JSON text `{new, old}`, or flat, or broken, or an object already. */
function changedFields(details: Json | undefined): readonly string[] | undefined {
  const parsed: unknown = typeof details === 'string' ? parse(details) : details;
  if (!isJsonObject(parsed)) return undefined;
  const parts = [parsed.new, parsed.old].filter(isJsonObject);
  const names = (parts.length > 0 ? parts : [parsed]).flatMap((part: JsonObject) => Object.keys(part));
  const known = names.slice(0, mostFields).filter(isWord);
  return [...new Set(known.map((name) => apiNames[name] ?? name))].sort();
}

function newValues(details: Json | undefined): Readonly<Record<string, Json>> {
  const parsed: unknown = typeof details === 'string' ? parse(details) : details;
  if (!isJsonObject(parsed) || !isJsonObject(parsed.new)) return {};
  const plain = Object.entries(parsed.new).filter(([, value]) => value === null || typeof value !== 'object');
  return Object.fromEntries(
    plain.slice(0, mostFields).map(([name, value]) => [apiNames[name] ?? name, value]),
  );
}

function isWord(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= longestWord;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
