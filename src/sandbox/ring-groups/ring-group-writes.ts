import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import type { Write } from '../collection.ts';
import type { SandboxCore } from '../core.ts';
import { assignNumbers } from '../number-assignment.ts';
import type { WriteContext } from '../operations.ts';
import { conflict, invalid, notFound } from '../problem.ts';
import type { MemberRecord, RingGroupRecord, SiteRecord } from '../records.ts';
import { checkCustomer } from '../users/user-checks.ts';
import { memberExtension } from './membership.ts';
import { type RingGroupDraft, readRingGroup } from './ring-group-body.ts';
import { renderRingGroup } from './ring-group-view.ts';
import { arrange } from './sequence.ts';

/** POST, PUT and DELETE of /ring-groups (8x8 guide: ring groups). */
export function ringGroupWrites(core: SandboxCore): { create: Write; update: Write; delete: Write } {
  const check = (body: JsonObject) => {
    const draft = readRingGroup(body);
    checkCustomer(core, draft.customerId);
    draft.reader.finish();
    requireSite(core, draft);
  };
  return {
    create: {
      accept: (body) => {
        check(body);
        return { body };
      },
      apply: (payload, context) => applyRingGroup(core, payload, undefined, context),
    },
    update: {
      accept: (body, id) => {
        check(body);
        return { id, body };
      },
      apply: (payload, context) => {
        const before = core.system.ringGroups.get(String(payload.id));
        if (!before) throw notFound('Ring group not found');
        return applyRingGroup(core, payload, before, context);
      },
    },
    delete: {
      accept: (_body, id) => ({ id }),
      apply: (payload, context) => {
        const id = String(payload.id);
        const before = core.system.ringGroups.get(id);
        core.system.ringGroups.delete(id);
        if (before) auditRingGroup(core, context, before, undefined);
        else auditRepeatedDeletion(core, context, id);
        return id;
      },
    },
  };
}

function applyRingGroup(
  core: SandboxCore,
  payload: JsonObject,
  before: RingGroupRecord | undefined,
  context: WriteContext,
): string {
  const { system } = core;
  const draft = readRingGroup(isJsonObject(payload.body) ? payload.body : {});
  const site = requireSite(core, draft);
  const id = before?.id ?? core.ids.opaque();
  const extensionNumber = draft.extensionNumber ?? before?.extensionNumber ?? system.freeShortNumber(site.id);
  const owner = system.shortNumberOwner(site.id, extensionNumber);
  if (owner && owner.id !== id) {
    throw conflict(`Extension number ${extensionNumber} is already in use`, 'extensionNumber');
  }
  const phoneNumbers = assignNumbers(system, draft.reader, draft.phoneNumbers, undefined, new Set([id]));
  const members = resolveMembers(core, draft, site);
  draft.reader.finish();
  const group: RingGroupRecord = {
    id,
    siteId: site.id,
    name: draft.name,
    extensionNumber,
    phoneNumbers,
    members,
    voicemailSettings: draft.voicemailSettings,
    accessPin: draft.accessPin,
    settings: draft.settings,
  };
  // Rendered before the put: a number's or member's appearance is that of the moment.
  const shown = before && renderRingGroup(system, core.customerId, before, { row: false, sparse: false });
  system.ringGroups.put(group);
  auditRingGroup(core, context, before, group, shown);
  return id;
}

function resolveMembers(core: SandboxCore, draft: RingGroupDraft, site: SiteRecord): MemberRecord[] {
  const seen = new Set<string>();
  const allLoggedIn = draft.settings.allowLogInLogOut === false;
  const entries = draft.members.flatMap((member) => {
    const extension = memberExtension(core.system, site.id, member.extensionId, member.extensionNumber);
    const field = member.extensionId === undefined ? 'extensionNumber' : 'extensionId';
    if (!extension) member.reader.fault(field, 'Extension not found');
    else if (seen.has(extension.id)) member.reader.fault(field, 'Member is given twice');
    if (!extension) return [];
    seen.add(extension.id);
    const item: MemberRecord = {
      extensionId: extension.id,
      loggedIn: allLoggedIn || (member.loggedIn ?? true),
      voicemailAccessEnabled: member.voicemailAccessEnabled ?? false,
    };
    return [{ item, position: member.sequenceNumber }];
  });
  // Here sequence numbers only give the order; gaps and a first number other than 1 are allowed.
  const numbered = entries.filter((entry) => entry.position !== undefined);
  numbered.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return arrange([
    ...numbered.map(({ item }) => ({ item, position: undefined })),
    ...entries.filter((entry) => entry.position === undefined),
  ]);
}

function requireSite(core: SandboxCore, draft: RingGroupDraft): SiteRecord {
  const { id, name } = draft.site;
  if (id === undefined && name === undefined)
    throw invalid('site.id', 'Either site id or name must be provided');
  const { sites, sitesByName } = core.system;
  const site = id === undefined ? sitesByName.first((name ?? '').toLowerCase()) : sites.get(id);
  if (!site) throw notFound('Site for ring group not found', 'site.id');
  return site;
}

/**
 * A DELETE of what is gone already is accepted, so that it leaves a record as every write does: of an update
 * that changed nothing, for whoever made the first one deleted it.
 */
function auditRepeatedDeletion(core: SandboxCore, context: WriteContext, id: string): void {
  const gone = { entityType: 'ringgroup', entityKey: id, displayName: '' };
  core.audit.record({ ...context, ...gone, before: undefined, after: undefined });
}

export function auditRingGroup(
  core: SandboxCore,
  context: WriteContext,
  before: RingGroupRecord | undefined,
  after: RingGroupRecord | undefined,
  shownBefore?: JsonObject,
): void {
  const show = (group: RingGroupRecord | undefined) =>
    group && renderRingGroup(core.system, core.customerId, group, { row: false, sparse: false });
  core.audit.record({
    ...context,
    entityType: 'ringgroup',
    entityKey: (after ?? before)?.id ?? '',
    displayName: (after ?? before)?.name ?? '',
    before: shownBefore ?? show(before),
    after: show(after),
  });
}
