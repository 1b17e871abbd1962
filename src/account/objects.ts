import type { Json, JsonObject } from '../foundation/json.ts';

/** One collection of the phone system; docs/architecture.md has the table. */
export const objectTypes = [
  'user',
  'ringGroup',
  'site',
  'address',
  'phoneNumber',
  'extension',
  'extensionSettings',
  'profileSettings',
  'administrator',
  'portingOrder',
  'invitation',
  'license',
  'userGroup',
  'profilePolicy',
] as const;
export type ObjectType = (typeof objectTypes)[number];

/** An object as the phone system last showed it. */
export interface ObservedObject {
  readonly type: ObjectType;
  /** The phone system's id: `basicInfo.userId` of a user, the E.164 number of a phone number. */
  readonly id: string;
  readonly body: JsonObject;
  /** A list row may lack fields: a path absent from a row is unknown. In a single read, absent means not set. */
  readonly source: 'row' | 'single';
  /** When it was read, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** A whole collection, or the reason why it is not known. */
export type Collection =
  | {
      readonly state: 'read';
      readonly objects: ReadonlyMap<string, ObservedObject>;
      /** When the reading of its first page began: an object created later may be missing. */
      readonly readAt: number;
    }
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'unsupported'; readonly reason: string };

export interface ObservedAccount {
  readonly collections: Readonly<Record<ObjectType, Collection>>;
  /**
   * Objects (`type/id`) that answered 404 when asked for one by one, or whose deletion was confirmed: surely gone,
   * not only missing from a list. With the time when that was known, in milliseconds since the epoch.
   */
  readonly gone: ReadonlyMap<string, number>;
  /** `sections` of the privilege tree, where the endpoint publishes one. */
  readonly privilegeTree?: readonly PrivilegeSection[];
}

export interface PrivilegeSection {
  readonly name: string;
  readonly title: string;
  readonly privileges: readonly {
    readonly name: string;
    readonly title: string;
    readonly access: 'VIEW' | 'CHANGE';
  }[];
}

/**
 * Where a value lives inside a body. A string names an object member; a selector picks the element of a list
 * whose member `by` equals `is`.
 */
export type PathSegment = string | { readonly by: string; readonly is: string };
export type WirePath = readonly PathSegment[];

/** The text of a path, as plans and statuses show it: `serviceInfo.extensions[id=7yK].callWaitingEnabled`. */
export function formatPath(path: WirePath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'string') text += text === '' ? segment : `.${segment}`;
    else text += `[${segment.by}=${segment.is}]`;
  }
  return text;
}

export type { Json, JsonObject };
