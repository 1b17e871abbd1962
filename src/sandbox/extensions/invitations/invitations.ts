import type { JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import { registerCollection } from '../../collection.ts';
import type { SandboxCore, SandboxModule } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { conflict, notFound } from '../../problem.ts';
import type { UserRecord } from '../../records.ts';
import type { Table } from '../../store.ts';
import { mediaTypesOf } from '../media-types.ts';
import {
  acceptInvitation,
  type InvitationRecord,
  invitationStatus,
  renderInvitation,
  sendInvitation,
} from './invitation.ts';

/** `/invitations`, and the outbox of the control API. Mail goes nowhere. */
export const invitationsModule: SandboxModule = (core) => {
  const table = core.store.table<InvitationRecord>('invitation');
  const status = (invitation: InvitationRecord) => invitationStatus(invitation, core.clock.now());
  registerCollection<InvitationRecord>(core, {
    path: '/invitations',
    idName: 'invitationId',
    mediaTypes: mediaTypesOf('invitations'),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => table.all(),
    find: (id) => table.get(id),
    render: (invitation) => renderInvitation(invitation, core.clock.now()),
    filterFields: {
      id: (invitation) => invitation.id,
      userId: (invitation) => invitation.userId,
      email: (invitation) => invitation.email,
      status,
      sentTime: (invitation) => invitation.sentTime,
    },
    sortFields: {
      sentTime: (invitation) => invitation.sentTime,
      expiresTime: (invitation) => invitation.expiresTime,
      email: (invitation) => invitation.email,
      status,
    },
    writes: {
      resourceType: 'INVITATION',
      commandPrefix: 'invitation',
      create: {
        accept: (body) => ({ userId: invitee(core, body).id }),
        apply: (payload, context) => send(core, table, invitee(core, payload), context),
      },
    },
  });
  registerControl(core, table);
};

/** Throws 400 on `userId`. */
function invitee(core: SandboxCore, body: JsonObject): UserRecord {
  const reader = new BodyReader(body);
  const id = reader.text('userId', { required: true });
  const user = id === undefined ? undefined : core.system.users.get(id);
  if (id !== undefined && !user) reader.fault('userId', 'User not found');
  if (user?.basicInfo.status === 'INACTIVE') reader.fault('userId', 'User is inactive');
  reader.finish();
  if (!user) throw notFound('User not found', 'userId');
  return user;
}

function send(
  core: SandboxCore,
  table: Table<InvitationRecord>,
  user: UserRecord,
  context: WriteContext,
): string {
  const invitation = sendInvitation({
    id: core.ids.opaque(),
    userId: user.id,
    email: String(user.basicInfo.primaryEmail ?? ''),
    time: context.time,
  });
  table.put(invitation);
  core.audit.record({
    ...context,
    entityType: 'invitation',
    entityKey: invitation.id,
    displayName: user.userName,
    before: undefined,
    after: renderInvitation(invitation, Date.parse(context.time)),
    correlation: { type: 'user', id: user.id },
  });
  return invitation.id;
}

function registerControl(core: SandboxCore, table: Table<InvitationRecord>): void {
  core.control({
    method: 'POST',
    path: '/invitations/{id}/accept',
    handle: (params) => {
      const invitation = table.get(params.id ?? '');
      if (!invitation) throw notFound('Invitation not found');
      const now = core.clock.now();
      const status = invitationStatus(invitation, now);
      if (status !== 'SENT') throw conflict(`The invitation is ${status}`);
      const accepted = acceptInvitation(invitation, now);
      table.put(accepted);
      const user = core.system.users.get(invitation.userId);
      core.audit.record({
        actor: { name: user?.userName ?? invitation.email, via: 'console' },
        time: new Date(now).toISOString(),
        entityType: 'invitation',
        entityKey: invitation.id,
        displayName: user?.userName ?? invitation.email,
        before: renderInvitation(invitation, now),
        after: renderInvitation(accepted, now),
        correlation: { type: 'user', id: invitation.userId },
      });
      return renderInvitation(accepted, now);
    },
  });
  core.control({
    method: 'GET',
    path: '/outbox',
    handle: () =>
      [...table.all()].map(({ email, error, id, sentTime, userId }) => ({
        time: sentTime,
        to: email,
        subject: 'Welcome: set your password',
        invitationId: id,
        userId,
        bounced: error !== null,
      })),
  });
}
