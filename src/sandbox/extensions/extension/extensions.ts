import { registerCollection } from '../../collection.ts';
import type { SandboxModule } from '../../core.ts';
import type { Fields } from '../../filter.ts';
import type { ExtensionRecord } from '../../records.ts';
import { mediaTypesOf } from '../media-types.ts';
import { renderAnyExtension } from './extension-view.ts';
import { extensionWrites } from './extension-writes.ts';

/** `/extensions`: the list holds those of nobody; GET one finds any. */
export const extensionModule: SandboxModule = (core) => {
  const { system } = core;
  const siteCode = (extension: ExtensionRecord) => system.sites.get(extension.siteId)?.siteCode ?? '';
  const sortFields: Fields<ExtensionRecord> = {
    extensionNumber: (extension) => extension.extensionNumber,
    fqExtensionNumber: (extension) => `${siteCode(extension)}${extension.extensionNumber}`,
    extensionType: (extension) => extension.extensionType,
  };
  const nobodys = system.extensions.index((extension) => (extension.userId === null ? ['nobody'] : []));
  registerCollection<ExtensionRecord>(core, {
    path: '/extensions',
    idName: 'extensionId',
    mediaTypes: mediaTypesOf('extensions'),
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => nobodys.all('nobody'),
    find: (id) => system.extensions.get(id),
    render: (extension, view) => renderAnyExtension(system, extension, view),
    filterFields: {
      ...sortFields,
      id: (extension) => extension.id,
      'site.id': (extension) => extension.siteId,
      'site.name': (extension) => system.sites.get(extension.siteId)?.name,
    },
    sortFields,
    writes: { resourceType: 'EXTENSION', commandPrefix: 'extension', ...extensionWrites(core) },
  });
};
