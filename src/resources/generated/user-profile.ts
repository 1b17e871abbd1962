// Generated from crds/userprofiles.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * A UserProfile is a person with an account: name, login, email, directory entry, licences. Extensions and privileges refer to it. Nobody sets a password: the phone system invites the person by email.
 */
export interface UserProfile {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'UserProfile';
  metadata: ObjectMeta;
  spec: UserProfileSpec;
  status?: UserProfileStatus;
}
/**
 * What the account shall hold. A field left out is not managed and stays as it is; an empty value ("" or []) clears it; a field taken out later is released, not reset. No field has a default that reaches the phone system.
 */
export interface UserProfileSpec {
  /**
   * Name of the PhoneSystem in the same namespace; "default" when left out. It can't be changed afterwards: a resource stays in its account.
   */
  phoneSystem?: string;
  /**
   * First or given name. 8x8: 2 to 128 characters of A-Z a-z 0-9 . , - _ ( ) ' and space; no accents.
   */
  firstName: string;
  /**
   * Last or family name. 8x8: 2 to 30 characters of the same set.
   */
  lastName: string;
  /**
   * Email, to which invitations go. 8x8: 5 to 128 characters.
   */
  email: string;
  /**
   * The site. The phone system can't move a user, and nothing here deletes one to make another. With `consent` MoveSite another site may be declared: the status then asks a person to delete the user in Admin Console, and once it is gone it is made again at the new site, with a new id and without voicemail, greetings and memberships. Set exactly one of name and id.
   */
  site: {
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
   * Login. When left out it is the email at the time of creation, where that is a legal user name, and stays that. A changed user name renames the same user. 8x8: 3 to 70 characters of A-Z a-z 0-9 . @ - _ /; compared without regard to case.
   */
  userName?: string;
  /**
   * Active, or Inactive: no login, still listed.
   */
  status?: 'Active' | 'Inactive';
  /**
   * Language of prompts, emails and devices, as the phone system writes it. 8x8: da-DK de-DE en-AU en-GB en-US es-ES fi-FI fr-BE fr-CA fr-CH fr-FR it-IT ja-JP nl-BE nl-NL no-NO pl-PL pt-BR pt-PT sv-SE zh-CN, and others to come.
   */
  locale?: string;
  /**
   * IANA time zone, such as America/Los_Angeles.
   */
  timezone?: string;
  /**
   * Job title. 8x8: up to 254 characters. "" clears it.
   */
  jobTitle?: string;
  /**
   * Department. 8x8: up to 100 characters. "" clears it.
   */
  department?: string;
  /**
   * The directory entry of a person without a UC licence. With one, this flag and the extension's mirror each other: declare it in one place.
   */
  directory?: {
    /**
     * Whether others see the person in the directory.
     */
    visible?: boolean;
    /**
     * Whom the person sees.
     */
    scope?: 'Customer' | 'PBX' | 'Site';
  };
  /**
   * Contact numbers with other providers, shown in the directory. A whole list: what is not named is removed; [] clears it.
   *
   * Items: One number.
   */
  personalPhoneNumbers?: {
    /**
     * The number, punctuation allowed.
     */
    number: string;
    /**
     * Kind of number.
     */
    type: 'Work' | 'Mobile';
  }[];
  /**
   * The person's own address. Set exactly one of id and civic. An empty id clears it. Needs a phone system that offers profile settings.
   */
  address?: {
    /**
     * Id of an address of the account.
     */
    id?: string;
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
   * Single sign-on.
   */
  sso?: {
    /**
     * Identity provider.
     */
    provider?: string;
    /**
     * The person's id at the identity provider.
     */
    federationId?: string;
  };
  /**
   * Licences that the person must hold beside those of the Extensions, which name their own. A keyed list: others are left alone. DID licences appear by themselves with a number and are never declared. A change of type loses data and needs `consent` ChangeLicense. Server-side apply treats the list as one value.
   *
   * Items: One licence: exactly one of name and id.
   */
  licenses?: {
    /**
     * Name of the licence, such as X4; a free seat of it is taken.
     */
    name?: string;
    /**
     * One particular licence.
     */
    id?: string;
    /**
     * Country of the licence, ISO 3166-1 alpha-2, where a name has seats in several.
     */
    country?: string;
  }[];
  /**
   * Name of the profile policy. "" clears it.
   */
  profilePolicy?: string;
  /**
   * The one user group of the person. Set exactly one of name and id. An empty name clears it.
   */
  userGroup?: {
    /**
     * The user group's name, looked up in the account; it must name exactly one.
     */
    name?: string;
    /**
     * The user group's id in the phone system.
     */
    id?: string;
  };
  /**
   * Whether the phone system mails the person an invitation when there first is something to log in to: Send (the default for a new user) or Hold (the default for an adopted one). Each new value of the annotation `dialops.dev/invite` asks for one, whatever stands here. An inactive user gets none.
   */
  invitation?: 'Send' | 'Hold';
  /**
   * What happens to the user when this resource is deleted; the PhoneSystem's policy when left out.
   */
  deletionPolicy?: 'Deactivate' | 'Delete' | 'Orphan';
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
     * The change. MoveSite: the user may be made again at another site, once a person has deleted it; it is never moved or deleted from here. ChangeLicense: one licence in place of another.
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
export interface UserProfileStatus {
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
   * The login in effect.
   */
  userName?: string;
  /**
   * The person's newest invitation. A profile with one due is Ready once the phone system has taken it; what became of the mail shows here alone. Absent while one is due.
   */
  invitation?: {
    /**
     * Sent, Accepted, Expired (after 72 hours), Failed (message has the provider's words), Held (none goes out: an adopted or inactive user, `invitation: Hold`, none allowed by the PhoneSystem), NotNeeded (nothing to log in to). None is sent again by itself.
     */
    state: 'Sent' | 'Accepted' | 'Expired' | 'Failed' | 'Held' | 'NotNeeded';
    /**
     * When it was mailed.
     */
    sentTime?: string;
    /**
     * Until when its link works.
     */
    expiresTime?: string;
    /**
     * The provider's words and the remedy.
     */
    message?: string;
  };
  /**
   * Declared fields left alone because a SCIM directory owns them. A set.
   */
  leftAlone?: string[];
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
