import { isJsonObject, type JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import type { Write } from '../../collection.ts';
import type { SandboxCore } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { badRequest, conflict, invalid, notFound } from '../../problem.ts';
import type { ExtensionRecord, SiteRecord, UserRecord } from '../../records.ts';
import { readExtension } from '../../users/extension-body.ts';
import { buildExtension } from '../../users/extension-change.ts';
import { renderUser } from '../../users/user-view.ts';
import { renderAnyExtension } from './extension-view.ts';

const whole = { row: false, sparse: false };

/** POST, PUT and DELETE of /extensions. */
export function extensionWrites(core: SandboxCore): { create: Write; update: Write; delete: Write } {
  const { extensions } = core.system;
  const now = () => new Date(core.clock.now()).toISOString();
  return {
    create: {
      accept: (body) => {
        planned(core, body, undefined, now());
        return body;
      },
      apply: (body, context) => {
        const extension = planned(core, body, undefined, context.time);
        keep(core, undefined, extension, context);
        return extension.id;
      },
    },
    update: {
      accept: (body, id) => {
        planned(core, body, required(core, id ?? ''), now());
        return { id, body };
      },
      apply: (payload, context) => {
        const before = required(core, String(payload.id));
        const body = isJsonObject(payload.body) ? payload.body : {};
        keep(core, before, planned(core, body, before, context.time), context);
        return before.id;
      },
    },
    delete: {
      accept: (_body, id) => {
        refuseInUse(core, required(core, id ?? ''));
        return { id };
      },
      apply: (payload, context) => {
        const before = required(core, String(payload.id));
        refuseInUse(core, before);
        const shown = renderAnyExtension(core.system, before, whole);
        extensions.delete(before.id);
        audit(core, before, shown, undefined, context);
        return before.id;
      },
    },
  };
}

/** What a write makes of an extension. Throws ApiProblem when it is refused. */
function planned(
  core: SandboxCore,
  body: JsonObject,
  existing: ExtensionRecord | undefined,
  time: string,
): ExtensionRecord {
  const reader = new BodyReader(body);
  const userId = reader.text('userId');
  const id = reader.text('id');
  if (existing && id !== undefined && id !== existing.id) {
    throw invalid('id', `Mismatched id in url vs payload: ${existing.id} vs ${id}`);
  }
  if (existing?.userId) {
    if (body.userId === null) return { ...existing, userId: null };
    throw badRequest(`The extension belongs to user ${existing.userId}: change it through /users`);
  }
  if (!existing && userId !== undefined)
    reader.fault('userId', 'must be null: create it first, then assign it');
  const site = siteOf(core, reader, existing);
  const user = userId === undefined ? undefined : core.system.users.get(userId);
  if (userId !== undefined && !user) reader.fault('userId', 'User not found');
  if (user && site && user.siteId !== site.id) {
    reader.fault('userId', `The user is at another site than the extension, which is at ${site.name}`);
  }
  const draft = readExtension(reader);
  if (!site) {
    reader.finish();
    throw invalid('site.id', 'Site not found');
  }
  refuseTakenNumber(core, site, draft.extensionNumber, existing);
  if (draft.licenseId !== undefined) checkSeat(core, reader, draft.licenseId, user, existing);
  const basic = user?.basicInfo ?? {};
  const built = buildExtension(core, draft, {
    site,
    userId: user?.id ?? null,
    firstName: String(basic.firstName ?? ''),
    lastName: String(basic.lastName ?? ''),
    seatIds: [...(draft.licenseId === undefined ? [] : [draft.licenseId]), ...(user?.licenses ?? [])],
    existing,
    rewritten: new Set(existing ? [existing.id] : []),
    time,
  });
  reader.finish();
  return built;
}

/** The site never changes. */
function siteOf(
  core: SandboxCore,
  reader: BodyReader,
  existing: ExtensionRecord | undefined,
): SiteRecord | undefined {
  const given = reader.object('site', existing === undefined)?.text('id', { required: true });
  const id = given ?? existing?.siteId;
  const site = id === undefined ? undefined : core.system.sites.get(id);
  if (id !== undefined && !site) reader.fault('site.id', 'Site not found');
  else if (existing && site && site.id !== existing.siteId) {
    reader.fault('site.id', 'The site of an extension cannot be changed');
  }
  return site;
}

function refuseTakenNumber(
  core: SandboxCore,
  site: SiteRecord,
  extensionNumber: string | undefined,
  existing: ExtensionRecord | undefined,
): void {
  const owner =
    extensionNumber === undefined ? undefined : core.system.shortNumberOwner(site.id, extensionNumber);
  if (!owner || owner.id === existing?.id) return;
  const message = `Extension number ${extensionNumber} is already in use at site ${site.name}`;
  throw conflict(message, 'extensionNumber');
}

/** A seat serves one user, or one extension without a user. */
function checkSeat(
  core: SandboxCore,
  reader: BodyReader,
  licenseId: string,
  user: UserRecord | undefined,
  existing: ExtensionRecord | undefined,
): void {
  const { userlessByLicense, usersByLicense } = core.system;
  const holder = usersByLicense.first(licenseId);
  if (holder && holder.id !== user?.id) reader.fault('licenseId', 'License is assigned to another user');
  const other = userlessByLicense.all(licenseId).find((extension) => extension.id !== existing?.id);
  if (other) reader.fault('licenseId', `License is assigned to extension ${other.extensionNumber}`);
}

/** Stores the extension; its seat comes and goes with it to and from the user. */
function keep(
  core: SandboxCore,
  before: ExtensionRecord | undefined,
  after: ExtensionRecord,
  context: WriteContext,
): void {
  const { system } = core;
  const shown = before && renderAnyExtension(system, before, whole);
  const touched = before?.userId ?? after.userId;
  const user = touched === null || before?.userId === after.userId ? undefined : system.users.get(touched);
  const shownUser = user && renderUser(system, core.customerId, user, whole);
  system.extensions.put(after);
  if (user && shownUser) {
    const moved = { ...user, licenses: seatsAfter(core, user, after), lastUpdatedTime: context.time };
    system.users.put(moved);
    core.audit.record({
      ...context,
      entityType: 'user',
      entityKey: user.id,
      displayName: user.userName,
      before: shownUser,
      after: renderUser(system, core.customerId, moved, whole),
      derived: true,
    });
  }
  audit(core, after, shown, renderAnyExtension(system, after, whole), context);
}

function seatsAfter(core: SandboxCore, user: UserRecord, extension: ExtensionRecord): readonly string[] {
  const seat = extension.licenseId;
  if (seat === null) return user.licenses;
  if (extension.userId === user.id) return [...new Set([...user.licenses, seat])];
  const shared = core.system.extensionsByUser.all(user.id).some((other) => other.licenseId === seat);
  return shared ? user.licenses : user.licenses.filter((id) => id !== seat);
}

function refuseInUse(core: SandboxCore, extension: ExtensionRecord): void {
  if (extension.userId !== null) throw badRequest(`The extension belongs to user ${extension.userId}`);
  const group = core.system.ringGroupsByMember.first(extension.id);
  if (group) throw badRequest(`The extension is a member of ring group ${group.name}`);
}

function required(core: SandboxCore, id: string): ExtensionRecord {
  const extension = core.system.extensions.get(id);
  if (!extension) throw notFound('Extension not found');
  return extension;
}

function audit(
  core: SandboxCore,
  extension: ExtensionRecord,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  context: WriteContext,
): void {
  core.audit.record({
    ...context,
    entityType: 'extension',
    entityKey: extension.id,
    displayName: extension.extensionNumber,
    before,
    after,
    ...(extension.userId === null ? {} : { correlation: { type: 'user', id: extension.userId } }),
  });
}
