import { isJsonObject, type JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import { registerCollection, type Write } from '../collection.ts';
import type { SandboxCore, SandboxModule } from '../core.ts';
import type { WriteContext } from '../operations.ts';
import { badRequest, conflict, notFound } from '../problem.ts';
import type { SiteRecord } from '../records.ts';
import { dialPlanOf, dialPlanRulesets, locales, mediaTypeNames } from '../vocabulary.ts';

/** /sites of the published API: pages by number, either media type (RULES.md C2). */
export const sitesModule: SandboxModule = (core) => {
  const { sites } = core.system;
  const fields = { name: (site: SiteRecord) => site.name };
  registerCollection<SiteRecord>(core, {
    path: '/sites',
    idName: 'siteId',
    mediaTypes: { response: [mediaTypeNames.json, mediaTypeNames.sites] },
    scopes: ['UC Site Admin'],
    paging: { style: 'page', max: 100 },
    rows: () => sites.all(),
    find: (id) => sites.get(id),
    render: renderSite,
    filterFields: fields,
    sortFields: fields,
    filterStyle: 'name',
    singleSort: true,
    checkId: (id) => {
      if (!/^[\w-]{1,64}$/.test(id)) throw badRequest('Invalid site ID format');
    },
    missing: () => notFound('Site not found'),
    writes: { resourceType: 'SITE', commandPrefix: 'site', ...siteWrites(core) },
  });
};

export function renderSite(site: SiteRecord): JsonObject {
  return {
    extensionLength: 4,
    emergencyNotifications: [],
    callerIdSettings: null,
    defaultVoicemailZeroOutDestinationExtensionId: null,
    defaultVoicemailZeroOutDestinationExtensionNumber: null,
    ...site.settings,
    id: site.id,
    name: site.name,
    pbxName: site.pbxName,
    siteCode: site.siteCode,
    address: { id: site.addressId },
  };
}

function siteWrites(core: SandboxCore): { create: Write; update: Write; delete: Write } {
  const { sites } = core.system;
  return {
    create: {
      accept: (body) => {
        readSite(core, body, undefined);
        return { body };
      },
      apply: (payload, context) => applySite(core, payload, undefined, context),
    },
    update: {
      accept: (body, id) => {
        readSite(core, body, sites.get(id ?? ''));
        return { id, body };
      },
      apply: (payload, context) => applySite(core, payload, requireSite(core, String(payload.id)), context),
    },
    delete: {
      accept: (_body, id) => {
        refuseInUse(core, id ?? '');
        return { id };
      },
      apply: (payload, context) => {
        const before = requireSite(core, String(payload.id));
        refuseInUse(core, before.id);
        sites.delete(before.id);
        audit(core, context, before, undefined);
        return before.id;
      },
    },
  };
}

function requireSite(core: SandboxCore, id: string): SiteRecord {
  const site = core.system.sites.get(id);
  if (!site) throw notFound('Site not found');
  return site;
}

function refuseInUse(core: SandboxCore, id: string): void {
  const { extensionsBySite, ringGroupsBySite, usersBySite } = core.system;
  const user =
    extensionsBySite.count(id) > 0
      ? 'extension'
      : ringGroupsBySite.count(id) > 0
        ? 'ring group'
        : usersBySite.count(id) > 0
          ? 'user'
          : undefined;
  if (user) throw badRequest(`Branch with id ${id} can not be removed. It is used by at least one ${user}`);
}

/** Reads the published Site schema. Throws 400 with all faults. */
function readSite(
  core: SandboxCore,
  body: JsonObject,
  before: SiteRecord | undefined,
): Omit<SiteRecord, 'id'> {
  const reader = new BodyReader(body);
  const name = reader.text('name', { required: true, min: 2, max: 128 }) ?? '';
  const pbxName = reader.text('pbxName', { required: true }) ?? '';
  reader.text('locale', { required: true, oneOf: locales });
  reader.text('timezone', { required: true });
  reader.integer('extensionLength', { min: 1, max: 10 });
  reader.text('defaultDialPlanRuleset', { oneOf: dialPlanRulesets });
  for (const notification of reader.objects('emergencyNotifications')) {
    notification.text('type', { oneOf: ['EMAIL'] });
    notification.list('values');
  }
  reader.object('callerIdSettings');
  const siteCode = reader.text('siteCode', { pattern: /^\d{1,10}$/ }) ?? null;
  const addressId = reader.object('address', true)?.text('id', { required: true }) ?? '';
  const address = core.system.addresses.get(addressId);
  if (addressId !== '' && !address) reader.fault('address.id', 'Address not found');
  if (before && pbxName !== before.pbxName) reader.fault('pbxName', 'The PBX of a site cannot be changed');
  else if (pbxName !== '' && ![...core.system.pbxes.all()].some((pbx) => pbx.name === pbxName)) {
    reader.fault('pbxName', `Unknown PBX ${pbxName}`);
  }
  reader.finish();
  return {
    name,
    pbxName,
    siteCode,
    addressId,
    settings: {
      extensionLength: 4,
      emergencyNotifications: [],
      defaultDialPlanCallingCountry: dialPlanOf(String(address?.parts.country)),
      defaultDialPlanRuleset: 'INTERNATIONAL',
      ...reader.rest('id', 'name', 'pbxName', 'siteCode', 'address'),
    },
  };
}

function applySite(
  core: SandboxCore,
  payload: JsonObject,
  before: SiteRecord | undefined,
  context: WriteContext,
): string {
  const draft = readSite(core, isJsonObject(payload.body) ? payload.body : {}, before);
  const rival = draft.siteCode === null ? undefined : core.system.sitesByCode.first(draft.siteCode);
  if (rival && rival.id !== before?.id)
    throw conflict(`Site code ${draft.siteCode} is already in use`, 'siteCode');
  const site = { id: before?.id ?? core.ids.opaque(), ...draft };
  core.system.sites.put(site);
  audit(core, context, before, site);
  return site.id;
}

function audit(
  core: SandboxCore,
  context: WriteContext,
  before: SiteRecord | undefined,
  after: SiteRecord | undefined,
): void {
  core.audit.record({
    ...context,
    entityType: 'site',
    entityKey: (after ?? before)?.id ?? '',
    displayName: (after ?? before)?.name ?? '',
    before: before && renderSite(before),
    after: after && renderSite(after),
  });
}
