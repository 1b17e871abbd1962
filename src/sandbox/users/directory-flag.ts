import type { Json, JsonObject } from '../../foundation/json.ts';
import type { ExtensionRecord, UserRecord } from '../records.ts';
import type { UserDraft } from './user-body.ts';

/**
 * With a UC extension, its displayInDirectory and that of directoryInfo are one value in two places: the one
 * that a write changes wins (8x8 guide: users).
 */
export function mirrorDirectoryFlag(
  draft: UserDraft,
  before: UserRecord | undefined,
  had: readonly ExtensionRecord[],
  extensions: readonly ExtensionRecord[],
): { directoryInfo: JsonObject; extensions: readonly ExtensionRecord[] } {
  const directoryDefaults = {
    directoryScope: 'CUSTOMER',
    displayInDirectory: true,
    personalPhoneNumbers: [],
  };
  const directoryInfo: Record<string, Json> = { ...directoryDefaults, ...draft.directoryInfo };
  const mirror = extensions.find((extension) => extension.extensionType === 'UC');
  if (!mirror) return { directoryInfo, extensions };
  const given = draft.extensions[extensions.indexOf(mirror)]?.settings.displayInDirectory;
  const was = had.find((extension) => extension.id === mirror.id)?.settings.displayInDirectory;
  const own = draft.directoryInfo.displayInDirectory;
  const ownWas = before?.directoryInfo.displayInDirectory;
  const ownChanged = own !== undefined && ownWas !== undefined && own !== ownWas;
  const extensionChanged = given !== undefined && given !== was;
  const flag = (ownChanged && !(extensionChanged && was !== undefined) ? own : (given ?? own)) ?? true;
  directoryInfo.displayInDirectory = flag;
  return {
    directoryInfo,
    extensions: extensions.map((extension) =>
      extension === mirror
        ? { ...extension, settings: { ...extension.settings, displayInDirectory: flag } }
        : extension,
    ),
  };
}
