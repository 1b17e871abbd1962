import type { WirePath } from '../account/objects.ts';
import { read, write } from '../account/path.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';

const ofUser: WirePath = ['directoryInfo', 'displayInDirectory'];
const extensions: WirePath = ['serviceInfo', 'extensions'];

/**
 * The flag of a UC extension and that of its user are one value in two places, which the phone system keeps equal
 * (8x8 guide: users). A body in which they differ leaves it to the phone system which of them counts; so what is
 * written in one place is written in all of them. An extension that is being added and says nothing of it takes
 * what its user has, so that the default of a new one does not list somebody who is not to be listed.
 *
 * @param user the body that is about to be sent
 * @param written the paths that this write declares
 */
export function withOneDirectoryFlag(user: JsonObject, written: readonly WirePath[]): JsonObject {
  const list = read(user, extensions);
  if (!list.present || !isJsonArray(list.value) || !list.value.some(isUc)) return user;
  const flag = writtenFlag(user, written);
  const given = flag ?? flagAt(user, ofUser);
  if (given === undefined) return user;
  const same = list.value.map((extension) =>
    isUc(extension) && (flag !== undefined || isNew(extension))
      ? { ...extension, displayInDirectory: given }
      : extension,
  );
  return write(flag === undefined ? user : write(user, ofUser, flag), extensions, same);
}

function writtenFlag(user: JsonObject, written: readonly WirePath[]): boolean | undefined {
  const places = written.filter(
    (path) => path.at(-1) === 'displayInDirectory' && (path.length === 2 || isUc(parent(user, path))),
  );
  // The user's own flag first: where both are declared and differ, the extension's is left out.
  const place = places.find((path) => path.length === 2) ?? places[0];
  return place && flagAt(user, place);
}

function parent(user: JsonObject, path: WirePath): Json {
  const found = read(user, path.slice(0, -1));
  return found.present ? found.value : null;
}

function flagAt(user: JsonObject, path: WirePath): boolean | undefined {
  const found = read(user, path);
  return found.present && typeof found.value === 'boolean' ? found.value : undefined;
}

function isUc(extension: Json): extension is JsonObject {
  return isJsonObject(extension) && extension.extensionType === 'UC';
}

function isNew(extension: JsonObject): boolean {
  return extension.id === undefined && extension.displayInDirectory === undefined;
}
