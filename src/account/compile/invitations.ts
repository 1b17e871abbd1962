import { inviteAnnotation } from '../../resources/annotations.ts';
import { resourceKey } from '../../resources/reference.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { FieldWriter } from './field.ts';

/** The first thing that needs a login has an invitation go out, once; an annotation asks for another. */
export function compileInvitations(
  work: Compilation,
  profiles: ReadonlyMap<string, CompiledProfile>,
  needsLogin: ReadonlySet<string>,
): void {
  if (!work.index.isRead('invitation')) return;
  const collection = work.input.observed.collections.invitation;
  if (collection.state !== 'read') return;
  const invitedUsers = new Set<string>();
  let lastHour = 0;
  for (const { body } of collection.objects.values()) {
    if (typeof body.userId === 'string') invitedUsers.add(body.userId);
    if (typeof body.sentTime === 'string' && Date.parse(body.sentTime) > work.input.now - 3_600_000)
      lastHour++;
  }
  for (const profile of profiles.values()) {
    if (work.isRefused(profile.key) || profile.deleting) continue;
    const { resource, userId, memory } = profile;
    const token = resource.metadata.annotations?.[inviteAnnotation];
    const again = token !== undefined && memory.handled.invite !== token;
    // Adopting a company must mail nobody: only a user that this resource made, or is about to, is invited by itself.
    const own = userId === undefined || memory.handled.created === 'true';
    const send = resource.spec.invitation ?? (own ? 'Send' : 'Hold');
    const first =
      send === 'Send' &&
      needsLogin.has(resourceKey(profile.ref)) &&
      (userId === undefined || !invitedUsers.has(userId)) &&
      memory.handled.invited === undefined;
    if (!again && !first) continue;
    // What is paused is not sent, and takes nobody's place among those of the hour.
    const over = !profile.paused && lastHour >= work.input.policy.invitationsPerHour;
    if (!profile.paused) lastHour++;
    const handle = `invitation/${profile.key}`;
    const waits = over
      ? [
          {
            reason: 'WaitingForBudget' as const,
            message: `The ${work.input.policy.invitationsPerHour} invitations an hour are used up`,
          },
        ]
      : [];
    work.begin(
      {
        type: 'invitation',
        handle,
        presence: 'present',
        naturalKey: userId ?? '',
        after: userId === undefined ? [profile.handle] : [],
        waits,
      },
      profile.ref,
    );
    const writer = new FieldWriter(profile.ref);
    writer.declare(again ? `invitation#${token}` : 'invitation', ['userId'], userId ?? null, {
      createOnly: true,
    });
    work.contribute(handle, profile.ref, writer.fields);
  }
}
