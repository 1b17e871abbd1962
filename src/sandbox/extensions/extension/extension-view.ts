import type { JsonObject } from '../../../foundation/json.ts';
import type { View } from '../../collection.ts';
import type { PhoneSystem } from '../../phone-system.ts';
import type { ExtensionRecord } from '../../records.ts';
import { renderExtension } from '../../users/extension-view.ts';

/** The published Extension, plus whose it is and where. */
export function renderAnyExtension(system: PhoneSystem, extension: ExtensionRecord, view: View): JsonObject {
  const site = system.sites.get(extension.siteId);
  return {
    ...renderExtension(system, extension, view),
    userId: extension.userId,
    site: { id: extension.siteId, name: site?.name ?? null, pbxName: site?.pbxName ?? null },
  };
}
