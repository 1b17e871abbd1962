import type { JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import { registerCollection } from '../../collection.ts';
import type { SandboxCore, SandboxModule } from '../../core.ts';
import type { WriteContext } from '../../operations.ts';
import { notFound } from '../../problem.ts';
import type { ExtensionRecord } from '../../records.ts';
import type { Table } from '../../store.ts';
import { locales } from '../../vocabulary.ts';
import { mediaTypesOf } from '../media-types.ts';
import { isTimeZone } from './time-zone.ts';

/** What was set; the rest has its default. Id: that of the extension. */
interface ExtensionSettingsRecord {
  readonly id: string;
  readonly timezone: string | null;
  readonly communicationPreferences: JsonObject;
  readonly workSettings: JsonObject;
}

const workDefaults: JsonObject = {
  desktopApp: true,
  mobileApp: true,
  webApp: true,
  smsEnabled: true,
  faxEnabled: false,
  screenPopUrl: null,
};

/** `/extension-settings`: what the published Extension lacks; there as long as the extension is. */
export const extensionSettingsModule: SandboxModule = (core) => {
  const { extensions } = core.system;
  const table = core.store.table<ExtensionSettingsRecord>('extensionSettings');
  extensions.observe((before, after) => {
    if (before && !after) table.delete(before.id);
  });
  const render = (extension: ExtensionRecord) => renderSettings(core, extension, table.get(extension.id));
  registerCollection<ExtensionRecord>(core, {
    path: '/extension-settings',
    idName: 'extensionId',
    mediaTypes: mediaTypesOf('extension-settings'),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => extensions.all(),
    find: (id) => extensions.get(id),
    render: (extension, view) => (view.sparse ? sparse(render(extension)) : render(extension)),
    filterFields: {
      extensionId: (extension) => extension.id,
      timezone: (extension) => render(extension).timezone,
    },
    sortFields: {
      extensionId: (extension) => extension.id,
      timezone: (extension) => render(extension).timezone,
    },
    writes: {
      resourceType: 'EXTENSION_SETTINGS',
      commandPrefix: 'extensionSettings',
      update: {
        accept: (body, id) => ({ ...readSettings(body, id ?? '') }),
        apply: (payload, context) =>
          replaceSettings(core, table, readSettings(payload, String(payload.id)), context),
      },
    },
  });
};

function sparse({ extensionId, timezone = null }: JsonObject): JsonObject {
  return { extensionId: extensionId ?? null, timezone };
}

function readSettings(body: JsonObject, id: string): ExtensionSettingsRecord {
  const reader = new BodyReader(body);
  const given = reader.text('extensionId');
  if (given !== undefined && given !== id) reader.fault('extensionId', `Mismatched id in url: ${id}`);
  const timezone = reader.text('timezone') ?? null;
  if (timezone !== null && !isTimeZone(timezone)) reader.fault('timezone', `Unknown time zone ${timezone}`);
  const communication = reader.object('communicationPreferences');
  communication?.text('language', { oneOf: locales });
  communication?.text('dateFormat', { oneOf: ['MDY', 'DMY', 'YMD'] });
  communication?.text('timeFormat', { oneOf: ['H12', 'H24'] });
  const work = reader.object('workSettings');
  for (const flag of ['desktopApp', 'mobileApp', 'webApp', 'smsEnabled', 'faxEnabled']) work?.boolean(flag);
  const url = work?.text('screenPopUrl');
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    work?.fault('screenPopUrl', 'must be an http or https URL');
  }
  reader.finish();
  return {
    id,
    timezone,
    communicationPreferences: communication?.rest() ?? {},
    workSettings: work?.rest() ?? {},
  };
}

function replaceSettings(
  core: SandboxCore,
  table: Table<ExtensionSettingsRecord>,
  settings: ExtensionSettingsRecord,
  context: WriteContext,
): string {
  const extension = core.system.extensions.get(settings.id);
  if (!extension) throw notFound('Extension not found');
  const before = renderSettings(core, extension, table.get(extension.id));
  table.put(settings);
  core.audit.record({
    ...context,
    entityType: 'extension',
    entityKey: extension.id,
    displayName: extension.extensionNumber,
    before,
    after: renderSettings(core, extension, settings),
  });
  return extension.id;
}

function renderSettings(
  core: SandboxCore,
  extension: ExtensionRecord,
  settings: ExtensionSettingsRecord | undefined,
): JsonObject {
  const site = core.system.sites.get(extension.siteId)?.settings ?? {};
  return {
    extensionId: extension.id,
    timezone: settings?.timezone ?? site.timezone ?? 'UTC',
    communicationPreferences: {
      language: site.locale ?? 'en-US',
      dateFormat: 'MDY',
      timeFormat: 'H12',
      ...settings?.communicationPreferences,
    },
    workSettings: { ...workDefaults, ...settings?.workSettings },
  };
}
