import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import { requireObject } from '../collection.ts';
import type { SandboxCore } from '../core.ts';
import type { WriteContext } from '../operations.ts';
import { ApiProblem, badRequest, conflict, conflictingQuery, notFound } from '../problem.ts';
import type { MemberRecord, RingGroupRecord } from '../records.ts';
import { mediaTypeNames } from '../vocabulary.ts';
import { memberExtension } from './membership.ts';
import { type MemberDraft, readMembers } from './ring-group-body.ts';
import { auditRingGroup } from './ring-group-writes.ts';
import { arrange, type Placed } from './sequence.ts';

const lists = ['add', 'update', 'remove'] as const;
type Modifications = Readonly<Record<(typeof lists)[number], readonly MemberDraft[]>>;

/** More members than this in the end make the operation fail. */
const maximumMembers = 200;

/** POST /ring-groups/{ringGroupId}/update-members: an atomic delta (8x8 guide: ring groups). */
export function registerUpdateMembers(core: SandboxCore): void {
  const command = 'ringGroup.updateMembers';
  core.operations.define({
    name: command,
    apply: (payload, context) => applyModifications(core, payload, context),
  });
  core.router.add({
    method: 'POST',
    path: '/ring-groups/{ringGroupId}/update-members',
    mediaTypes: {
      request: [mediaTypeNames.updateMembers],
      response: [mediaTypeNames.ringGroups, mediaTypeNames.operations],
      error: mediaTypeNames.json,
    },
    scopes: ['UC Ring Group Admin', 'UC & CC Admin Operations'],
    handle: (exchange) => {
      const id = exchange.params.ringGroupId ?? '';
      if (!core.system.ringGroups.get(id)) throw notFound('Ring group not found');
      const body = requireObject(exchange);
      readModifications(body);
      if (core.operations.busy(id)) {
        throw conflict('The ring group was modified concurrently; retry with the current member list');
      }
      return core.operations.start(exchange, {
        command,
        resourceType: 'RING_GROUP',
        operationType: 'UPDATE_MEMBERS',
        collectionPath: '/ring-groups',
        resourceId: id,
        payload: { id, body },
      });
    },
  });
}

/** Throws 400 for what is wrong with the request by itself. */
function readModifications(body: JsonObject): Modifications {
  const reader = new BodyReader(body);
  const positions = new Map<number, string>();
  const read = (name: (typeof lists)[number]) => readMembers(reader, name);
  const modifications = { add: read('add'), update: read('update'), remove: read('remove') };
  if (lists.every((name) => modifications[name].length === 0)) {
    throw badRequest("At least one of 'add', 'update', or 'remove' must be non-empty");
  }
  const seen = new Set<string>();
  for (const name of lists) {
    const own = new Set<string>();
    for (const [index, member] of modifications[name].entries()) {
      for (const key of ['extensionId', 'extensionNumber'] as const) {
        const value = member[key];
        if (value === undefined) continue;
        const field = `${name}[${index}].${key}`;
        if (seen.has(`${key} ${value}`)) {
          throw conflictingQuery(`${key} ${value} appears in more than one list`, field);
        }
        own.add(`${key} ${value}`);
      }
      const position = name === 'remove' ? undefined : member.sequenceNumber;
      if (position === undefined) continue;
      if (positions.has(position) && positions.get(position) !== name) {
        member.reader.fault('sequenceNumber', 'must be unique within the request');
      }
      positions.set(position, name);
    }
    for (const key of own) seen.add(key);
  }
  reader.finish();
  return modifications;
}

function applyModifications(core: SandboxCore, payload: JsonObject, context: WriteContext): string {
  const group = core.system.ringGroups.get(String(payload.id));
  if (!group) throw notFound('Ring group not found');
  const modifications = readModifications(isJsonObject(payload.body) ? payload.body : {});
  const members = modify(core, group, modifications);
  if (members.length > maximumMembers) {
    throw new ApiProblem(400, 'Failed to update ring group members', [
      { code: 'BAD_REQUEST', message: `A ring group has at most ${maximumMembers} members` },
    ]);
  }
  const changed = { ...group, members };
  core.system.ringGroups.put(changed);
  auditRingGroup(core, context, group, changed);
  return group.id;
}

function modify(core: SandboxCore, group: RingGroupRecord, modifications: Modifications): MemberRecord[] {
  const allLoggedIn = group.settings.allowLogInLogOut === false;
  const entries = new Map<string, Placed<MemberRecord>>(
    group.members.map((item) => [item.extensionId, { item, position: undefined }]),
  );
  const find = (member: MemberDraft, expected: 'member' | 'stranger') => {
    const { extensionId, extensionNumber, reader } = member;
    const extension = memberExtension(core.system, group.siteId, extensionId, extensionNumber);
    const field = extensionId === undefined ? 'extensionNumber' : 'extensionId';
    const isMember = extension !== undefined && entries.has(extension.id);
    if (!extension) reader.fault(field, 'Extension not found');
    else if (expected === 'member' && !isMember) reader.fault(field, 'Extension is not a member');
    else if (expected === 'stranger' && isMember) reader.fault(field, 'Extension is already a member');
    reader.finish();
    return extension?.id ?? '';
  };
  for (const member of modifications.remove) entries.delete(find(member, 'member'));
  for (const member of modifications.update) {
    const id = find(member, 'member');
    const before = entries.get(id)?.item;
    const item: MemberRecord = {
      extensionId: id,
      loggedIn: allLoggedIn || (member.loggedIn ?? before?.loggedIn ?? true),
      voicemailAccessEnabled: member.voicemailAccessEnabled ?? before?.voicemailAccessEnabled ?? false,
    };
    entries.set(id, { item, position: member.sequenceNumber });
  }
  for (const member of modifications.add) {
    const item: MemberRecord = {
      extensionId: find(member, 'stranger'),
      loggedIn: allLoggedIn || (member.loggedIn ?? true),
      voicemailAccessEnabled: member.voicemailAccessEnabled ?? false,
    };
    entries.set(item.extensionId, { item, position: member.sequenceNumber });
  }
  return arrange([...entries.values()]);
}
