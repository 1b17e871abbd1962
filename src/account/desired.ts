import type { Json, JsonObject } from '../foundation/json.ts';
import type { ReasonName } from '../resources/conditions.ts';
import type { ResourceRef } from '../resources/reference.ts';
import type { Comparison } from './compare.ts';
import type { ObjectType, WirePath } from './objects.ts';

/** The field of a resource that asks for a value, as in the YAML: `callerId.externalName`, without `spec.`. */
export interface Owner {
  readonly resource: ResourceRef;
  readonly field: string;
}

export type Risk = 'safe' | 'interruptsService' | 'losesData';

/** A change that nobody makes by accident; `spec.consent` names it and what it leads to. */
export interface ConsentNeeded {
  readonly change: 'MoveSite' | 'ChangeLicense' | 'TakeOverPrivileges';
  readonly to: string;
}

/** A value that is fetched, uploaded or registered only when it is about to be written; `value` is null until then. */
export type ValueSource =
  /** A write-only value from a Secret: never compared; written when `revision` is not the one last written. */
  | { readonly kind: 'secret'; readonly secret: SecretKeyRef; readonly revision: string }
  /** The id of a document that is uploaded from a Secret. */
  | {
      readonly kind: 'document';
      readonly secret: SecretKeyRef;
      readonly revision: string;
      readonly documentType: 'LETTER_OF_AUTHORITY' | 'BILL';
      /** The order has toll-free numbers, for which fewer types of file are taken. */
      readonly tollFree: boolean;
      /** The key of `handled` under which memory keeps `revision:id`. */
      readonly remember: string;
    }
  /** The id of an address that is registered; registering the same again gives the same id. */
  | { readonly kind: 'address'; readonly civic: JsonObject; readonly remember: string };

/**
 * Is what memory keeps of a value from a Secret this revision of it? It may have been asked for once more since, which
 * is noted behind it.
 */
export function isRevision(mark: string, revision: string): boolean {
  return mark === revision || mark.startsWith(`${revision}#`);
}

/** A key of a Secret in the resource's namespace. */
export interface SecretKeyRef {
  readonly name: string;
  readonly key: string;
}

/** Why a change is not agreed to: there is no entry for it, one that does not say to what, or one that is spent. */
export type ConsentLack = 'entry' | 'to' | 'spent';

export interface DesiredField {
  readonly path: WirePath;
  /** What the phone system shall hold; null clears. */
  readonly value: Json;
  readonly comparison: Comparison;
  /** Who declares it: one, or several where their union is one value (privileges). */
  readonly owners: readonly [Owner, ...Owner[]];
  /** What it means when an existing value is replaced by this one. */
  readonly risk: Risk;
  /** Set when the replacement of an existing value waits for consent. */
  readonly consent?: ConsentNeeded;
  /** Where the value comes from when it is not known before the write. */
  readonly source?: ValueSource;
  /** What the value was made from, as memory marks it, where it is the id of something uploaded or registered. */
  readonly madeFrom?: string;
  /** It ends what its YAML gave: that somebody gives it anew a moment later is no drift to report. */
  readonly ends?: true;
  /** The element at `path` shall not exist. */
  readonly absent?: true;
  /** Sent when the object is created and never compared afterwards. */
  readonly createOnly?: true;
  /** Of a value that can't be read, nor written any more: where nobody remembers another, this is what the object has. */
  readonly assumed?: true;
  /**
   * The value is the id or the name of something else, alone in its object: what stands beside it describes what was
   * there before, and must not be sent with it.
   */
  readonly refers?: true;
  /** What the next step makes of it, in words: `given to UserProfile tom`. */
  readonly afterwards?: string;
}

export interface Wait {
  readonly reason: ReasonName;
  /** What is waited for, as a person reads it. */
  readonly message: string;
}

/** One object of the phone system as the YAML wants it. */
export interface DesiredObject {
  readonly type: ObjectType;
  /** Names the object inside one plan, whether it exists or not: `user/UserProfile/acme/jane`. */
  readonly handle: string;
  /** The phone system's id, once bound. */
  readonly id?: string;
  readonly presence: 'present' | 'absent';
  /** What a create is looked up by after an unclear end. */
  readonly naturalKey: string;
  /** Who declares it; the first is the one that it stands or falls with. */
  readonly resources: readonly [ResourceRef, ...ResourceRef[]];
  readonly fields: readonly DesiredField[];
  /** Handles of objects that must exist before this one can be written. */
  readonly after: readonly string[];
  /** The object as seen elsewhere, when its own list does not show it: an extension inside its user. */
  readonly seen?: JsonObject;
  /** Its YAML agrees to losing it and having another made: that it is gone is then no drift. */
  readonly replaceable?: true;
  /** Why nothing can be written yet; the object is compared all the same. */
  readonly waits: readonly Wait[];
  /** An action, not a state, that is due: submitting or cancelling a port. */
  readonly act?: DesiredAct;
}

export interface DesiredAct {
  readonly name: 'Submit' | 'Cancel';
  readonly resource: ResourceRef;
}

/** Why a resource, or a part of it, can't be put into effect. */
export interface Problem {
  readonly resource: ResourceRef;
  readonly reason: ReasonName;
  /** The field at fault, as in the YAML, where there is one. */
  readonly field?: string;
  /** What is wrong and the way out. */
  readonly message: string;
  /** `resource`: nothing of it is written; `field`: only this field is left out. */
  readonly scope: 'resource' | 'field';
}

/**
 * An edit of the YAML that is due, though the account is as it should be: a port has put its number in the place of
 * the temporary one, which the YAML still names.
 */
export interface DueEdit {
  readonly resource: ResourceRef;
  /** As in the YAML, without `spec.`: `phoneNumbers[0].number`. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  /** The order that has swapped the two. */
  readonly order: ResourceRef;
}

/** What the plan must know of a resource besides what it declares of objects. */
export interface Declaration {
  readonly resource: ResourceRef;
  /** The phone system's id of the thing this resource is: a user, an extension, an administrator, a port. */
  readonly externalId?: string;
  /** The objects it contributes to; the first answers for its existence. */
  readonly handles: readonly string[];
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly consent: readonly { readonly change: string; readonly to?: string }[];
  /**
   * False when some of what the YAML declares is not among the objects: refused, left out for a problem, or not
   * yet its turn. What is then missing was not taken out of the YAML.
   */
  readonly complete: boolean;
}

export interface DesiredAccount {
  readonly objects: readonly DesiredObject[];
  readonly problems: readonly Problem[];
  /** Objects that must be read one by one before all can be compiled. */
  readonly needs: readonly { readonly type: ObjectType; readonly id: string }[];
  /** By resource key. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** Fields left to somebody else (a SCIM directory), by resource key. */
  readonly leftAlone: ReadonlyMap<string, readonly string[]>;
  /** What each grant adds to the privileges of its person, by resource key. */
  readonly granted: ReadonlyMap<string, readonly GrantedSection[]>;
  /** Why a profile has no invitation and none is due, by resource key. */
  readonly invitations: ReadonlyMap<string, InvitationNeed>;
  readonly dueEdits: readonly DueEdit[];
}

/** Privileges of one section of the account manager on one PBX; "*" is every one. */
export interface GrantedSection {
  readonly pbx: string;
  readonly section: string;
  readonly privileges: readonly string[];
}

/**
 * Held: there is something to log in to, and the YAML or an adoption mails nobody, the user is inactive, or the
 * PhoneSystem has none go out. NotNeeded: there is nothing.
 */
export type InvitationNeed = 'Held' | 'NotNeeded';
