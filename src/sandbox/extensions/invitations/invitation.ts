import type { JsonObject } from '../../../foundation/json.ts';

export type InvitationStatus = 'SENT' | 'ACCEPTED' | 'EXPIRED' | 'FAILED';

export interface InvitationRecord {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  /** ISO 8601. */
  readonly sentTime: string;
  readonly expiresTime: string;
  readonly acceptedTime: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** How long the link in the mail is good. */
export const invitationLifetimeMs = 72 * 3_600_000;

/** Mail to `…@bounce.example.com` comes back, so that a failed invitation can be shown. */
export function sendInvitation(mail: {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly time: string;
}): InvitationRecord {
  const bounced = mail.email.toLowerCase().endsWith('@bounce.example.com');
  return {
    id: mail.id,
    userId: mail.userId,
    email: mail.email,
    sentTime: mail.time,
    expiresTime: new Date(Date.parse(mail.time) + invitationLifetimeMs).toISOString(),
    acceptedTime: null,
    error: bounced
      ? { code: 'MAIL_BOUNCED', message: '550 5.1.1 The mail account does not exist: check the address' }
      : null,
  };
}

/** @param now milliseconds since the Unix epoch */
export function invitationStatus(invitation: InvitationRecord, now: number): InvitationStatus {
  if (invitation.error) return 'FAILED';
  if (invitation.acceptedTime !== null) return 'ACCEPTED';
  return now >= Date.parse(invitation.expiresTime) ? 'EXPIRED' : 'SENT';
}

export function acceptInvitation(invitation: InvitationRecord, now: number): InvitationRecord {
  return { ...invitation, acceptedTime: new Date(now).toISOString() };
}

export function renderInvitation(invitation: InvitationRecord, now: number): JsonObject {
  const { acceptedTime, email, error, expiresTime, id, sentTime, userId } = invitation;
  const status = invitationStatus(invitation, now);
  return { id, userId, email, status, sentTime, expiresTime, acceptedTime, error };
}
