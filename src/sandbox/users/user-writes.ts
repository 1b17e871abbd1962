import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { View, Write } from '../collection.ts';
import type { SandboxCore } from '../core.ts';
import type { WriteContext } from '../operations.ts';
import { ApiProblem, badRequest } from '../problem.ts';
import type { ExtensionRecord, SiteRecord, UserRecord } from '../records.ts';
import { addMembership, leaveAllGroups, removeMembership } from '../ring-groups/membership.ts';
import { mirrorDirectoryFlag } from './directory-flag.ts';
import { buildExtension } from './extension-change.ts';
import { renderExtension } from './extension-view.ts';
import { losesUnifiedCommunications, resolveLicenses } from './license-change.ts';
import { auditUser } from './user-audit.ts';
import { readUser, type UserDraft } from './user-body.ts';
import {
  checkCustomer,
  refuseDuplicate,
  requireUser,
  resolveAssignments,
  resolveSite,
} from './user-checks.ts';
import { memberships, renderUser } from './user-view.ts';

const whole: View = { row: false, sparse: false };

/** Ring groups that a write joins and leaves, as seen when the request arrived. */
interface MembershipDelta {
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

/** POST, PUT and DELETE of /users (8x8 guide: users). */
export function userWrites(core: SandboxCore): { create: Write; update: Write; delete: Write } {
  const { system } = core;
  return {
    create: {
      accept: (body) => {
        const draft = readUser(body);
        checkCustomer(core, draft.customerId);
        resolveSite(core, draft, undefined);
        resolveLicenses(system, draft, undefined);
        resolveAssignments(core, draft);
        draft.reader.finish();
        if (core.settings.duplicateUserName !== 'operation') refuseDuplicate(core, draft.userName, undefined);
        return { body, memberships: { join: draft.ringGroupIds, leave: [] } };
      },
      apply: (payload, context) => applyUser(core, payload, undefined, context),
    },
    update: {
      accept: (body, id) => {
        const before = requireUser(core, id ?? '');
        const draft = readUser(body);
        checkCustomer(core, draft.customerId);
        if (draft.userId !== undefined && draft.userId !== before.id) {
          const message = `Mismatched userId in url vs payload: ${before.id} vs ${draft.userId}`;
          throw new ApiProblem(400, 'Mismatched userId in url vs payload', [
            { code: 'VALIDATION_ERROR', field: 'basicInfo.userId', message },
          ]);
        }
        resolveSite(core, draft, before);
        resolveLicenses(system, draft, before);
        resolveAssignments(core, draft);
        draft.reader.finish();
        if (core.settings.duplicateUserName !== 'operation') refuseDuplicate(core, draft.userName, before.id);
        const joined = memberships(system, system.extensionsByUser.all(before.id)).map((group) => group.id);
        return {
          id: before.id,
          body,
          memberships: {
            join: draft.ringGroupIds.filter((group) => !joined.includes(group)),
            leave: joined.filter((group) => !draft.ringGroupIds.includes(group)),
          },
        };
      },
      apply: (payload, context) => applyUser(core, payload, String(payload.id), context),
    },
    delete: {
      accept: (_body, id) => {
        if (requireUser(core, id ?? '').primaryAdministrator) {
          throw badRequest('The primary administrator cannot be deleted');
        }
        return { id };
      },
      apply: (payload, context) => deleteUser(core, String(payload.id), context),
    },
  };
}

function applyUser(
  core: SandboxCore,
  payload: JsonObject,
  id: string | undefined,
  context: WriteContext,
): string {
  const { system } = core;
  const draft = readUser(isJsonObject(payload.body) ? payload.body : {});
  const before = id === undefined ? undefined : requireUser(core, id);
  const userId = id ?? core.ids.opaque();
  const site = resolveSite(core, draft, before);
  refuseDuplicate(core, draft.userName, before?.id);
  const licenses = resolveLicenses(system, draft, before);
  const { profilePolicy, userGroupId } = resolveAssignments(core, draft);
  const had = system.extensionsByUser.all(userId);
  const built = site ? buildExtensions(core, draft, { site, userId, licenses, had, time: context.time }) : [];
  const delta = readDelta(payload.memberships);
  for (const group of delta.join) {
    if (!system.ringGroups.get(group))
      draft.reader.fault('assignmentInfo.ringGroups', `Ring group ${group} not found`);
  }
  draft.reader.finish();

  // Nothing may be refused from here on.
  const shown = before && renderUser(system, core.customerId, before, whole);
  const shownExtensions = new Map(
    had.map((extension) => [extension.id, renderExtension(system, extension, whole)]),
  );
  const lost = losesUnifiedCommunications(system, before?.licenses ?? [], licenses);
  const extensions = lost ? built.map(withoutVoicemail) : built;
  const mirrored = mirrorDirectoryFlag(draft, before, had, extensions);
  const user: UserRecord = {
    id: userId,
    userName: draft.userName,
    siteId: before?.siteId ?? site?.id ?? '',
    createdTime: before?.createdTime ?? context.time,
    lastUpdatedTime: context.time,
    basicInfo: { ...basicDefaults(site), ...draft.basicInfo },
    directoryInfo: mirrored.directoryInfo,
    licenses,
    profilePolicy,
    userGroupId,
    ucCallQueues: draft.ucCallQueues,
    primaryAdministrator: before?.primaryAdministrator ?? false,
  };
  for (const extension of had) {
    if (mirrored.extensions.some((kept) => kept.id === extension.id)) continue;
    leaveAllGroups(system, extension.id);
    system.extensions.delete(extension.id);
  }
  for (const extension of mirrored.extensions) system.extensions.put(extension);
  system.users.put(user);
  if (lost) for (const extension of mirrored.extensions) leaveAllGroups(system, extension.id);
  else applyDelta(core, delta, mirrored.extensions);
  auditUser(core, context, user, shown, shownExtensions);
  return userId;
}

interface Placement {
  readonly site: SiteRecord;
  readonly userId: string;
  readonly licenses: readonly string[];
  readonly had: readonly ExtensionRecord[];
  readonly time: string;
}

function buildExtensions(core: SandboxCore, draft: UserDraft, placement: Placement): ExtensionRecord[] {
  const { had, licenses, site, time, userId } = placement;
  const rewritten = new Set(had.map((extension) => extension.id));
  const taken = new Set<string>();
  return draft.extensions.map((extension) => {
    const existing = had.find((one) =>
      extension.id === undefined
        ? one.extensionNumber === extension.extensionNumber && !taken.has(one.id)
        : one.id === extension.id,
    );
    if (extension.id !== undefined && !existing) extension.reader.fault('id', 'Extension not found');
    if (existing) taken.add(existing.id);
    return buildExtension(core, extension, {
      site,
      userId,
      firstName: String(draft.basicInfo.firstName ?? ''),
      lastName: String(draft.basicInfo.lastName ?? ''),
      seatIds: licenses,
      existing,
      rewritten,
      time,
    });
  });
}

function deleteUser(core: SandboxCore, id: string, context: WriteContext): string {
  const { system } = core;
  const user = requireUser(core, id);
  const shown = renderUser(system, core.customerId, user, whole);
  const extensions = system.extensionsByUser.all(id);
  const shownExtensions = new Map(extensions.map((one) => [one.id, renderExtension(system, one, whole)]));
  for (const extension of extensions) {
    leaveAllGroups(system, extension.id);
    system.extensions.delete(extension.id);
  }
  system.users.delete(id);
  auditUser(core, context, user, shown, shownExtensions);
  return id;
}

function basicDefaults(site: SiteRecord | undefined): JsonObject {
  const { locale = 'en-US', timezone = 'UTC' } = site?.settings ?? {};
  return { status: 'ACTIVE', locale, timezone };
}

function withoutVoicemail(extension: ExtensionRecord): ExtensionRecord {
  const { voicemailEmail, voicemailNotification, voicemailZeroOutDestination, ...settings } =
    extension.settings;
  return { ...extension, settings };
}

function readDelta(value: Json | undefined): MembershipDelta {
  const texts = (list: Json | undefined) =>
    isJsonArray(list) ? list.filter((item) => typeof item === 'string') : [];
  return isJsonObject(value)
    ? { join: texts(value.join), leave: texts(value.leave) }
    : { join: [], leave: [] };
}

function applyDelta(core: SandboxCore, delta: MembershipDelta, extensions: readonly ExtensionRecord[]): void {
  const first = extensions[0];
  for (const group of delta.join) if (first) addMembership(core.system, group, first.id);
  for (const group of delta.leave) {
    for (const extension of extensions) removeMembership(core.system, group, extension.id);
  }
}
