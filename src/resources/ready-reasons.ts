import type { Kind } from './kinds.ts';

/**
 * What a reason says about the condition Ready; `Unchanged` leaves it as it was (Unknown when there was none).
 * And what happens next: `settled` nothing, `reconciling` it goes on by itself, `stalled` a person must act.
 */
export interface ReadyReason {
  readonly ready: 'True' | 'False' | 'Unknown' | 'Unchanged';
  readonly progress: 'settled' | 'reconciling' | 'stalled';
  readonly kinds: readonly Kind[];
  readonly meaning: string;
  /** What a person does about it, were it only to wait; empty when all is well. */
  readonly remedy: string;
}

const account: readonly Kind[] = ['UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder'];
const every: readonly Kind[] = ['PhoneSystem', ...account];
const phoneSystem: readonly Kind[] = ['PhoneSystem'];
const grant: readonly Kind[] = ['PrivilegeGrant'];
const port: readonly Kind[] = ['PortingOrder'];

const done = (kinds: readonly Kind[], meaning: string, remedy = ''): ReadyReason => {
  return { ready: 'True', progress: 'settled', kinds, meaning, remedy };
};
const goesOn = (kinds: readonly Kind[], meaning: string, remedy: string): ReadyReason => {
  return { ready: 'False', progress: 'reconciling', kinds, meaning, remedy };
};
const stuck = (kinds: readonly Kind[], meaning: string, remedy: string): ReadyReason => {
  return { ready: 'False', progress: 'stalled', kinds, meaning, remedy };
};

/** Every reason of the condition Ready. docs/conditions.md is generated from it. */
export const readyReasons = {
  Synced: done(
    every,
    'The phone system has accepted all that is declared; of a UserProfile also the invitation, where one is due.',
  ),
  Draft: done(
    port,
    'The order is a draft, as declared; status.wouldSend shows what submission would send.',
    'Set spec.submit: true to submit it.',
  ),
  InFlight: done(port, 'The order is with the provider and has no exception.'),
  Completed: done(
    port,
    'Every number has arrived.',
    'Name the new numbers in the Extensions; `dialops plan` prints the patch.',
  ),
  Cancelled: done(port, 'The order was cancelled, as declared.'),
  Expired: done(
    grant,
    'The grant expired and its privileges were taken away, confirmed by the phone system.',
    'Delete the grant, or set a later spec.expiresAt to give the privileges again.',
  ),
  Reported: done(['DriftReport'], 'The report covers all managed object types.'),
  PartlyRead: goesOn(
    ['DriftReport'],
    'Some object types could not be read; status.unknown names them. What they hold is unknown, not drifted.',
    'See the conditions of the PhoneSystem.',
  ),
  Paused: {
    ready: 'Unchanged',
    progress: 'settled',
    kinds: every,
    meaning: 'Nothing is written while the resource or its PhoneSystem is paused.',
    remedy: 'Remove the annotation dialops.dev/paused, or spec.paused of the PhoneSystem.',
  },
  Pending: goesOn(
    every,
    'The resource was not looked at yet.',
    'Wait; if it stays, see whether an operator runs, leads and watches this namespace.',
  ),
  Creating: goesOn(
    account,
    'The object is being created.',
    'Wait: of many writes each has its turn within the request limits.',
  ),
  Updating: goesOn(
    account,
    'The phone system is being brought in line.',
    'Wait: of many writes each has its turn within the request limits.',
  ),
  Deleting: goesOn(
    every,
    'The resource was deleted, and what its deletion policy asks for is under way.',
    'Wait; if it stays, see the conditions of the PhoneSystem: the finalizer stays until the account has followed.',
  ),
  Deleted: done(account, 'What the deletion policy asks for is done; nothing is left to do.'),
  Unconfirmed: goesOn(
    account,
    'A write ended unclearly, or its operation takes longer than 5 minutes; the account is looked at before anything is sent again.',
    "Wait; past ten minutes, give the id in the message to the provider's support.",
  ),
  WaitingForDependency: goesOn(
    account,
    'Something that it refers to is not there yet; the message names it.',
    'Wait; if it stays, see the conditions of what the message names.',
  ),
  WaitingForBudget: goesOn(
    account,
    'The limit of invitations an hour is used up, or the phone system asked to slow down.',
    'Wait; spec.invitationsPerHour of the PhoneSystem is the limit.',
  ),
  PhoneSystemNotReady: goesOn(
    account,
    'The PhoneSystem is missing or not Ready.',
    'See the conditions of the PhoneSystem; spec.phoneSystem names it ("default" when left out).',
  ),
  NotRead: {
    ready: 'Unknown',
    progress: 'reconciling',
    kinds: account,
    meaning: 'This part of the account could not be read. It is taken neither for drift nor for absence.',
    remedy: 'See the conditions of the PhoneSystem.',
  },
  Unreachable: goesOn(
    every,
    'The endpoint can not be reached or answers with errors; it is tried again.',
    "Check spec.endpoint, the network policy and the provider's status page.",
  ),
  ReferenceNotFound: stuck(
    account,
    'A resource, site, licence, group, policy, number or address that is named does not exist.',
    'Correct the name in the field that the message gives, or create what is missing.',
  ),
  AmbiguousReference: stuck(account, 'A name fits several objects of the account.', 'Refer to it by id.'),
  ReferenceCycle: stuck(
    grant,
    'Grants, or the people whose privileges they copy, copy from each other in a circle.',
    'Give one of them sections of its own.',
  ),
  Conflict: stuck(
    account,
    'Another resource declares the same person, number or field, or the object exists in the account and nobody has claimed it.',
    'Remove one of the two declarations; an object that no resource has is taken over with adoptionPolicy: IfUnclaimed or dialops.dev/external-id.',
  ),
  InvalidField: stuck(
    every,
    'A value breaks a rule of the phone system that the schema leaves to it. It is not sent.',
    'Correct the field that the message names.',
  ),
  RefusedByPhoneSystem: stuck(
    account,
    'The phone system refused a value; the message has its words.',
    'Correct the field that the message names. An edit of the resource has it tried again.',
  ),
  ConsentRequired: stuck(
    account,
    'A declared change loses data.',
    'Add the consent that the message prints to spec.consent, or take the change back.',
  ),
  RemovalGuard: stuck(
    account,
    'More would be removed within an hour, or is gone and would be made again, than the PhoneSystem allows.',
    'Look at `dialops plan`; then set dialops.dev/approve-removals on the PhoneSystem to the digest in its status.pendingRemovals.',
  ),
  InUse: goesOn(
    every,
    'The resource was deleted while others still refer to it.',
    'Delete or change the resources that the message names.',
  ),
  Unsupported: stuck(
    account,
    'The endpoint has no API for this, or takes no such write (405, 501).',
    'Take the manual steps in the message; the next reading of the account sees them. Or take the field out.',
  ),
  DriftNotCorrected: {
    ready: 'True',
    progress: 'settled',
    kinds: account,
    meaning:
      'All that was declared was accepted once; the account was changed since, and the policy is Report.',
    remedy: 'Set driftPolicy: Correct to put it right, or declare the new value.',
  },
  Missing: stuck(
    account,
    'The object was deleted in the account, and the policy is Report.',
    'Delete the resource, or set driftPolicy: Correct to have it made again.',
  ),
  SecretNotFound: stuck(
    ['PhoneSystem', 'PortingOrder'],
    'A Secret or a key in it is missing, or may not be read.',
    'Create the Secret in the same namespace; it is read again as soon as it changes.',
  ),
  UnfitDocument: stuck(
    port,
    'A letter or a bill is of another type, or larger, than what is taken. It was not sent.',
    'Put a fitting file into the Secret that the message names; upload what is larger than 1 MiB with `dialops porting upload`, and declare its id.',
  ),
  Unauthorized: stuck(
    every,
    'The phone system refused the API key: to a reading, or on a resource to its write.',
    'Put a valid key into the Secret; it is read again as soon as it changes.',
  ),
  MissingScope: stuck(
    every,
    'The API key lacks a scope that declared resources need, for reading or for the write of this resource; status.missingScopes of the PhoneSystem names it.',
    'Give the key the scope at the provider; that takes minutes to have effect. A write is tried again within an hour, or at once with dialops.dev/reconcile-requested-at on the PhoneSystem.',
  ),
  CustomerMismatch: stuck(
    phoneSystem,
    'The account behind the key has another customer id than declared, or shows none. Nothing is read or written.',
    'Correct spec.endpoint, the key or, on a new PhoneSystem, spec.customerId.',
  ),
  AccountAlreadyManaged: stuck(
    phoneSystem,
    'Another PhoneSystem manages the same account.',
    'Delete one of the two. One account belongs to one namespace.',
  ),
  HostNotAllowed: stuck(
    phoneSystem,
    'The operator may not send a key to this host.',
    'Start the operator with --allow-host for it, or correct the endpoint.',
  ),
  PrivilegeCapExceeded: stuck(
    grant,
    'The grant asks for more than privilegeCap allows: that is not given, or taken away again; the rest is given.',
    'Take the privileges that the message names out, or have the cap raised.',
  ),
  PrimaryAdministrator: stuck(
    grant,
    'The person is the primary administrator, whose privileges can be neither changed nor removed.',
    'Delete the grant.',
  ),
  SourceExpired: stuck(
    grant,
    'The grant that is copied from has expired; a copy of nothing is not made.',
    'Copy from another, or prolong the source.',
  ),
  Overdue: stuck(
    grant,
    'The grant has expired and its privileges could not be taken away: paused, or refused.',
    'Lift the pause, or take the privileges away by hand. Until then the person has access.',
  ),
  AwaitingDocuments: stuck(
    port,
    'The provider waits for documents.',
    'Provide the documents that the message names.',
  ),
  Incomplete: stuck(
    port,
    'The order is to be submitted and lacks what submission needs; status.missing names it.',
    'Fill in the missing fields.',
  ),
  PortException: stuck(
    port,
    'The losing carrier refused: status.exceptions has code, numbers and remedy. Or the order was cancelled unasked.',
    'Follow the remedy in the message; after a refusal a correction of the resource submits it again.',
  ),
  Frozen: stuck(
    port,
    'A declared change or cancellation comes too late: submitted, or too close to the confirmed date.',
    'Take the change back, or call the provider.',
  ),
  StillReferred: stuck(
    port,
    'The order is complete, and some resource still names its temporary number.',
    'Name the new number there; `dialops plan` prints the patch.',
  ),
} as const satisfies Readonly<Record<string, ReadyReason>>;
