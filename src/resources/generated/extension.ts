// Generated from crds/extensions.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * An Extension is a line: its number, phone numbers, caller ID, devices and settings. It belongs to a UserProfile or to nobody (a lobby, a conference room), and can be given to a profile later.
 */
export interface Extension {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'Extension';
  metadata: ObjectMeta;
  spec: ExtensionSpec;
  status?: ExtensionStatus;
}
/**
 * What the account shall hold. A field left out is not managed and stays as it is; an empty value ("" or []) clears it; a field taken out later is released, not reset. No field has a default that reaches the phone system.
 */
export interface ExtensionSpec {
  /**
   * Name of the PhoneSystem in the same namespace; "default" when left out. It can't be changed afterwards: a resource stays in its account.
   */
  phoneSystem?: string;
  /**
   * Short extension number, digits; unique within its site. 8x8: as long as the site's extension length.
   */
  number: string;
  /**
   * The site. Required without a profile; with one it must be the profile's. The phone system can't move an extension. Set exactly one of name and id.
   */
  site?: {
    /**
     * The site's name, looked up in the account; it must name exactly one.
     */
    name?: string;
    /**
     * The site's id in the phone system.
     */
    id?: string;
  };
  /**
   * UC (a person's or a room's line) or CC (contact centre agent). It can't be changed once it is made.
   */
  type: 'UC' | 'CC';
  /**
   * The UserProfile that it belongs to. Taking the reference out leaves the extension with its number and settings, without a person.
   */
  userProfileRef?: {
    /**
     * Name of the resource in the same namespace.
     */
    name: string;
  };
  /**
   * The licence of the line, by name such as X4: a free seat of it is taken. With a profile the profile holds the seat, so don't name it in the profile's licenses as well. A change of licence type loses data and needs `consent` ChangeLicense. Set exactly one of name and id. An empty name clears it.
   */
  license?: {
    /**
     * The licence's name, looked up in the account; it must name exactly one.
     */
    name?: string;
    /**
     * The licence's id in the phone system.
     */
    id?: string;
  };
  /**
   * Phone numbers that ring here. A keyed list: others are left alone. A number taken out of the YAML stays here, no longer managed, until another Extension declares it. [] takes all away: they go back to the inventory of the account, never to the carrier.
   *
   * Items: One phone number.
   */
  phoneNumbers?: {
    /**
     * E.164, such as +14085550123.
     */
    number: string;
  }[];
  /**
   * The primary one of its phone numbers, E.164.
   */
  primaryPhoneNumber?: string;
  /**
   * Caller ID.
   */
  callerId?: {
    /**
     * Name shown outside the company. "" clears it.
     */
    externalName?: string;
    /**
     * Number shown outside the company, E.164. "" clears it.
     */
    externalNumber?: string;
    /**
     * First name shown inside the company. "" clears it.
     */
    internalFirstName?: string;
    /**
     * Last name shown inside the company. "" clears it.
     */
    internalLastName?: string;
    /**
     * Hide the caller ID on outgoing external calls.
     */
    blockOutbound?: boolean;
    /**
     * Show the caller ID of incoming calls.
     */
    showInbound?: boolean;
  };
  /**
   * Whether a second call is signalled.
   */
  callWaiting?: boolean;
  /**
   * Calls at a time.
   */
  maxConcurrentCalls?: number;
  /**
   * Which calls may be made, and how numbers are dialled.
   */
  dialPlan?: {
    /**
     * Calling country, as the phone system writes it: NANP, UKNP, … The site's when the phone system was never told. It should be that of the primary number.
     */
    country?: string;
    /**
     * Rule set, as the phone system writes it. 8x8: INTERNATIONAL, DOMESTIC, EMERGENCYONLY.
     */
    ruleset?: string;
  };
  /**
   * The directory entry.
   */
  directory?: {
    /**
     * Whether the extension is listed. With a UC licence it mirrors the profile's flag: declare it in one place.
     */
    visible?: boolean;
  };
  /**
   * Whether auto attendants may offer it.
   */
  allowInAutoAttendant?: boolean;
  /**
   * Whether people may log in at its device.
   */
  hotDesk?: boolean;
  /**
   * IANA time zone, such as America/Los_Angeles. Needs a phone system that offers extension settings.
   */
  timezone?: string;
  /**
   * Language and formats. Needs a phone system that offers extension settings.
   */
  communicationPreferences?: {
    /**
     * Language of prompts and devices, as the phone system writes it, such as en-US.
     */
    language?: string;
    /**
     * Order of day, month and year.
     */
    dateFormat?: 'MDY' | 'DMY' | 'YMD';
    /**
     * 12 or 24 hours.
     */
    timeFormat?: 'H12' | 'H24';
  };
  /**
   * 8x8 Work: the apps and channels of the line. Needs a phone system that offers extension settings.
   */
  work?: {
    /**
     * Desktop app.
     */
    desktopApp?: boolean;
    /**
     * Mobile app.
     */
    mobileApp?: boolean;
    /**
     * Web app.
     */
    webApp?: boolean;
    /**
     * Text messages.
     */
    sms?: boolean;
    /**
     * Fax.
     */
    fax?: boolean;
    /**
     * Address opened on an incoming call. "" clears it.
     */
    screenPopUrl?: string;
  };
  /**
   * Call recording.
   */
  recording?: {
    /**
     * Mode, as the phone system writes it. 8x8: OFF, ALWAYS, ON_DEMAND, ALWAYS_ALLOW_PAUSE.
     */
    mode?: string;
    /**
     * Announce the recording to the user.
     */
    announceToUser?: boolean;
    /**
     * Announce it to the other party. Many jurisdictions require it.
     */
    announceToOtherParty?: boolean;
  };
  /**
   * Voicemail.
   */
  voicemail?: {
    /**
     * Where messages or notices of them go. "" clears it.
     */
    email?: string;
    /**
     * Kind of notice, as the phone system writes it. "" clears it.
     */
    notification?: string;
    /**
     * Extension or external number that callers reach by pressing 0. "" clears it.
     */
    zeroOutDestination?: string;
  };
  /**
   * Music on hold. Set exactly one of name and id. An empty name clears it.
   */
  musicOnHold?: {
    /**
     * The audio file's name, looked up in the account; it must name exactly one.
     */
    name?: string;
    /**
     * The audio file's id in the phone system.
     */
    id?: string;
  };
  /**
   * Where help is sent on an emergency call. Set exactly one of fromSite, addressId and civic.
   */
  emergencyAddress?: {
    /**
     * The site's address.
     */
    fromSite?: true;
    /**
     * Id of an address of the account.
     */
    addressId?: string;
    /**
     * A civic address, which the operator registers or finds among the registered. The phone system validates addresses and may refuse a real one: then move parts between fields or simplify. Each part is at most 128 characters at 8x8, 45 for street number, secondary location, city, state, county and postal codes.
     */
    civic?: {
      /**
       * Organisation at the address.
       */
      organization?: string;
      /**
       * Building name.
       */
      building?: string;
      /**
       * Street number.
       */
      streetNumber?: string;
      /**
       * Street name, with directions and suffix as in "W Evergreen Terrace".
       */
      streetName?: string;
      /**
       * Secondary street, where there is one.
       */
      dependentStreet?: string;
      /**
       * Floor, suite or room: what makes the location dispatchable inside a building.
       */
      secondaryLocation?: string;
      /**
       * City.
       */
      city?: string;
      /**
       * Dependent locality.
       */
      dependentCity?: string;
      /**
       * State or province.
       */
      state?: string;
      /**
       * County or region.
       */
      county?: string;
      /**
       * Postal code.
       */
      postal?: string;
      /**
       * ZIP+4 extension, United States only.
       */
      zip4?: string;
      /**
       * Country, ISO 3166-1 alpha-2.
       */
      country: string;
    };
  };
  /**
   * Devices by MAC address. A keyed list: others are left alone. One taken out of the YAML stays here, no longer managed, until another Extension declares it.
   *
   * Items: One device.
   */
  devices?: {
    /**
     * MAC address; case and punctuation don't matter.
     */
    macAddress: string;
    /**
     * Model, as the phone system names it.
     */
    model?: string;
  }[];
  /**
   * What happens to the extension when this resource is deleted: Orphan (the default) leaves it as it is, Unassign takes it from its user and keeps it, Delete removes it under the removal guard and returns its numbers to the inventory of the account.
   */
  deletionPolicy?: 'Orphan' | 'Unassign' | 'Delete';
  /**
   * What happens when the object exists already in the account and no resource is bound to it: Never (the default) reports Conflict; IfUnclaimed takes it over. `dialops.dev/external-id` adopts exactly that object whatever this says.
   */
  adoptionPolicy?: 'Never' | 'IfUnclaimed';
  /**
   * Consent to changes that lose data, one entry a change, exactly as `dialops plan` and the condition ConsentRequired print it. An entry is for one pending change; it is spent once nothing is left of that. To agree to the same again, take the entry out and write it anew. A whole list.
   *
   * Items: One consented change.
   */
  consent?: {
    /**
     * The change. MoveSite lets the site be edited where it follows its profile's; the extension is made again with its user. ChangeLicense: one licence in place of another.
     */
    change: 'MoveSite' | 'ChangeLicense';
    /**
     * What it leads to, as printed: a site or a licence. Every change has one: an entry without it agrees to nothing.
     */
    to?: string;
  }[];
}
/**
 * What the operator found and did.
 */
export interface ExtensionStatus {
  /**
   * The generation of the spec that this status answers.
   */
  observedGeneration?: number;
  /**
   * The phone system's id of the object. A status that is lost is rebuilt from the account.
   */
  externalId?: string;
  /**
   * The resource's conditions in the kstatus convention: Ready, and where they apply Reconciling, Stalled, Drifted, Paused and Completed. docs/conditions.md lists every reason.
   *
   * Items: One condition.
   */
  conditions?: {
    /**
     * Type of the condition.
     */
    type: string;
    /**
     * True, False or Unknown.
     */
    status: 'True' | 'False' | 'Unknown';
    /**
     * The generation of the spec that the condition speaks of.
     */
    observedGeneration?: number;
    /**
     * When the status of the condition last changed.
     */
    lastTransitionTime: string;
    /**
     * Why, as one word.
     */
    reason: string;
    /**
     * Why, for a person, with the way out.
     */
    message: string;
  }[];
  /**
   * The number with its site prefix, unique in the account.
   */
  fqExtensionNumber?: string;
  /**
   * Id of the user that holds it.
   */
  userId?: string;
  /**
   * Names of ring groups that it is a member of, at most 20, as the groups list their members. Where they can't be read and its user has several extensions, absent: not known. A set.
   */
  ringGroups?: string[];
  /**
   * Names of call queues that its user is a member of, at most 20: the phone system names the person, not the extension. A set.
   */
  callQueues?: string[];
  /**
   * Fields of this status that hold less than there was: lists and texts are cut to the sizes that this definition gives, and what it can't hold is left out. A set.
   */
  shortened?: string[];
  /**
   * What differs from the spec because the account was changed behind it. Absent without drift.
   */
  drift?: {
    /**
     * Paths that differ, at most 20; the DriftReport has the rest.
     *
     * Items: One path.
     */
    paths: {
      /**
       * Path on the wire.
       */
      path: string;
      /**
       * The field of the spec that declares it.
       */
      owner?: string;
    }[];
    /**
     * When the drift was first seen.
     */
    since: string;
    /**
     * Who changed it, from the audit records. Absent when the records don't say.
     */
    changedBy?: string;
    /**
     * When it was changed, from the audit records.
     */
    changedAt?: string;
  };
  /**
   * The operator's own notes, which let it tell a changed YAML from a changed account and survive a restart. Not for people or other programs: its form may change.
   */
  memory?: {
    /**
     * Digest of the value last applied, by field of the spec. Never of a secret.
     */
    applied?: {
      [k: string]: string;
    };
    /**
     * A write that was begun and whose end is not recorded yet. Stored before the request is sent.
     */
    pending?: {
      /**
       * What was begun.
       */
      intent: 'Create' | 'Update' | 'Delete' | 'Act';
      /**
       * The object type written, such as user.
       */
      objectType: string;
      /**
       * What a lost create is looked up by.
       */
      naturalKey: string;
      /**
       * The object that is written, where it is there already.
       */
      objectId?: string;
      /**
       * When the first attempt began.
       */
      since: string;
      /**
       * Number of the attempt, from 1.
       */
      attempt: number;
      /**
       * The phone system's operation, once it accepted the write.
       */
      operationId?: string;
    };
    /**
     * One-shot requests that were handled, by name: the token of the last invitation asked for, an address registered.
     */
    handled?: {
      [k: string]: string;
    };
  };
}
