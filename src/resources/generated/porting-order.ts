// Generated from crds/portingorders.yaml by scripts/generate-types.ts. Change that file instead.

import type {ObjectMeta} from '../object-meta.ts';

/**
 * A PortingOrder brings phone numbers from another carrier. It stays a draft until `submit: true`. Deleting the resource never stops a port; `cancel: true` does, where it still can be. It is never deleted and recreated.
 */
export interface PortingOrder {
  apiVersion: 'dialops.dev/v1alpha1';
  kind: 'PortingOrder';
  metadata: ObjectMeta;
  spec: PortingOrderSpec;
  status?: PortingOrderStatus;
}
/**
 * The order. A draft may be incomplete; what is missing for submission is in its status.
 */
export interface PortingOrderSpec {
  /**
   * Name of the PhoneSystem in the same namespace; "default" when left out. It can't be changed afterwards: a resource stays in its account.
   */
  phoneSystem?: string;
  /**
   * Your own reference, unique in the account. Derived from namespace and name when left out. It can't be changed once set.
   */
  reference?: string;
  /**
   * Numbers to bring in: of one carrier, one billing telephone number and one service address, toll-free never with local. Frozen after submission. A whole list, keyed by number.
   *
   * Items: One number.
   */
  numbers: {
    /**
     * E.164, such as +14085550123.
     */
    number: string;
    /**
     * What it takes the place of when the port completes. Set exactly one of temporaryNumber and extensionRef.
     */
    replaces?: {
      /**
       * Temporary number of the account, E.164. It and the final number count as one, so the swap is not drift.
       */
      temporaryNumber?: string;
      /**
       * The Extension that shall get it, in the same namespace. The order waits until it is made.
       */
      extensionRef?: {
        /**
         * Name of the resource in the same namespace.
         */
        name: string;
      };
    };
  }[];
  /**
   * Full: every number under the billing telephone number moves. Partial: some stay. Frozen after submission.
   */
  portType: 'Full' | 'Partial';
  /**
   * What happens to the numbers that stay with the losing carrier. Partial ports only. Frozen after submission.
   */
  remainingNumbers?: {
    /**
     * Keep or Disconnect them.
     */
    action: 'Keep' | 'Disconnect';
    /**
     * Their billing telephone number from then on, E.164: neither the present one nor a ported one. With Keep only.
     */
    newBillingTelephoneNumber?: string;
  };
  /**
   * The carrier that has the numbers now, and the account there.
   */
  losingCarrier?: {
    /**
     * Its name. Frozen after submission.
     */
    name?: string;
    /**
     * Account number. Written again when the Secret changes, which after submission only an order with an exception or one that waits for documents takes; never shown.
     */
    accountNumberSecretRef?: {
      /**
       * Name of the Secret in the same namespace.
       */
      name: string;
      /**
       * Key in the Secret.
       */
      key: string;
    };
    /**
     * PIN or passcode of that account. Written again when the Secret changes, which after submission only an order with an exception or one that waits for documents takes; never shown.
     */
    pinSecretRef?: {
      /**
       * Name of the Secret in the same namespace.
       */
      name: string;
      /**
       * Key in the Secret.
       */
      key: string;
    };
    /**
     * Billing telephone number, E.164. Frozen after submission.
     */
    billingTelephoneNumber?: string;
  };
  /**
   * Who has the numbers now, exactly as the losing carrier has it. Frozen after submission, but for corrections while the order has an exception or waits for documents.
   */
  endUser?: {
    /**
     * Name on the account.
     */
    name?: string;
    /**
     * Business name.
     */
    businessName?: string;
    /**
     * The person who may decide and signs the letter of authority.
     */
    authorizedPerson?: string;
    /**
     * Service address as on the losing carrier's record, which is where most rejections come from. Frozen after submission, but for a correction while the order has an exception.
     */
    serviceAddress?: {
      /**
       * Number and street.
       */
      street: string;
      /**
       * Floor, suite or room.
       */
      secondaryLocation?: string;
      /**
       * City.
       */
      city: string;
      /**
       * State or province.
       */
      state: string;
      /**
       * Postal code.
       */
      postal: string;
      /**
       * Country, ISO 3166-1 alpha-2.
       */
      country: string;
    };
  };
  /**
   * Papers. Frozen after submission, but while the order has an exception or waits for documents.
   */
  documents?: {
    /**
     * Letter of authority, signed and dated by the authorised person, naming every number. Set exactly one of secretRef and documentId.
     */
    letterOfAuthority?: {
      /**
       * Secret that holds the file, up to 1 MiB: PDF, TIFF, PNG or JPEG. Toll-free letters: PDF or TIFF.
       */
      secretRef?: {
        /**
         * Name of the Secret in the same namespace.
         */
        name: string;
        /**
         * Key in the Secret.
         */
        key: string;
      };
      /**
       * Id of a document uploaded with `dialops porting upload`.
       */
      documentId?: string;
    };
    /**
     * A recent bill of the losing carrier. Set exactly one of secretRef and documentId.
     */
    bill?: {
      /**
       * Secret that holds the file, up to 1 MiB: PDF, TIFF, PNG or JPEG. Toll-free letters: PDF or TIFF.
       */
      secretRef?: {
        /**
         * Name of the Secret in the same namespace.
         */
        name: string;
        /**
         * Key in the Secret.
         */
        key: string;
      };
      /**
       * Id of a document uploaded with `dialops porting upload`.
       */
      documentId?: string;
    };
  };
  /**
   * The date wished for, such as 2026-10-15. The provider confirms one, maybe another.
   */
  requestedDate?: string;
  /**
   * True submits the order, once it is complete. It can't be taken back: `cancel` is its own field.
   */
  submit?: boolean;
  /**
   * True asks the provider to cancel. It can't be taken back, and the provider may refuse close to the date.
   */
  cancel?: boolean;
  /**
   * What happens when the provider has an order of this reference already and no resource is bound to it: Never (the default) reports Conflict; IfUnclaimed takes it over. `dialops.dev/external-id` adopts exactly that order whatever this says.
   */
  adoptionPolicy?: 'Never' | 'IfUnclaimed';
}
/**
 * What the operator found and did.
 */
export interface PortingOrderStatus {
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
   * Where the order stands.
   */
  phase?:
    | 'Draft'
    | 'AwaitingDocuments'
    | 'Submitted'
    | 'Exception'
    | 'Scheduled'
    | 'Completed'
    | 'CancelPending'
    | 'Cancelled'
    | 'Unknown';
  /**
   * The provider's own word for it.
   */
  providerStatus?: string;
  /**
   * The numbers.
   *
   * Items: One number.
   */
  numbers?: {
    /**
     * E.164.
     */
    number: string;
    /**
     * Where it stands.
     */
    phase:
      | 'Draft'
      | 'AwaitingDocuments'
      | 'Submitted'
      | 'Exception'
      | 'Scheduled'
      | 'Completed'
      | 'CancelPending'
      | 'Cancelled'
      | 'Unknown';
    /**
     * Its temporary number, E.164.
     */
    temporaryNumber?: string;
  }[];
  /**
   * Why the losing carrier refused, and the way out.
   *
   * Items: One exception.
   */
  exceptions?: {
    /**
     * The provider's code.
     */
    code: string;
    /**
     * The provider's words.
     */
    message: string;
    /**
     * Numbers concerned.
     */
    numbers: string[];
    /**
     * What to do.
     */
    remedy: string;
  }[];
  /**
   * The date given by the provider.
   */
  confirmedDate?: string;
  /**
   * Comments at the provider, the newest 20.
   *
   * Items: One comment.
   */
  comments?: {
    /**
     * When.
     */
    time: string;
    /**
     * Who.
     */
    author?: string;
    /**
     * What.
     */
    text: string;
  }[];
  /**
   * What happened, oldest first; appended to, never rewritten. The newest 100.
   *
   * Items: One step.
   */
  history?: {
    /**
     * When.
     */
    time: string;
    /**
     * The phase from then on.
     */
    phase:
      | 'Draft'
      | 'AwaitingDocuments'
      | 'Submitted'
      | 'Exception'
      | 'Scheduled'
      | 'Completed'
      | 'CancelPending'
      | 'Cancelled'
      | 'Unknown';
    /**
     * The provider's own word.
     */
    providerStatus?: string;
  }[];
  /**
   * Orders into which the provider split this one.
   *
   * Items: One child order.
   */
  children?: {
    /**
     * Its id.
     */
    id: string;
    /**
     * Where it stands.
     */
    phase:
      | 'Draft'
      | 'AwaitingDocuments'
      | 'Submitted'
      | 'Exception'
      | 'Scheduled'
      | 'Completed'
      | 'CancelPending'
      | 'Cancelled'
      | 'Unknown';
    /**
     * Its numbers.
     */
    numbers?: string[];
  }[];
  /**
   * While a draft: what submission would send, as text, secrets left out. Where the endpoint has no API for ports: what a person does and enters, step by step, until all numbers have arrived.
   */
  wouldSend?: string;
  /**
   * While a draft: fields still needed for submission. A set.
   */
  missing?: string[];
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
