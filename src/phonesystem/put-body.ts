import { isDidLicense } from '../account/did-license.ts';
import type { ObjectType } from '../account/objects.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../foundation/json.ts';

/**
 * Members that a body of a GET shows and that a PUT must not carry: those that the OpenAPI documents mark
 * readOnly. A path leads through lists into each of their entries.
 */
const readOnly: Partial<Record<ObjectType, readonly (readonly string[])[]>> = {
  user: [
    ['basicInfo', 'userId'],
    ['basicInfo', 'createdTime'],
    ['basicInfo', 'lastUpdatedTime'],
  ],
  ringGroup: [['id']],
  site: [['id']],
  extension: [['id'], ['site', 'name'], ['site', 'pbxName']],
  extensionSettings: [['extensionId']],
  profileSettings: [['userId']],
  administrator: [['userId'], ['userName'], ['primary'], ['supportPassphrase']],
  portingOrder: [
    ['id'],
    ['status'],
    ['providerStatus'],
    ['accountNumberSet'],
    ['pinSet'],
    ['numbers', 'status'],
    ['numbers', 'exception'],
    ['confirmedDate'],
    ['exceptions'],
    ['comments'],
    ['history'],
    ['children'],
    ['createdTime'],
    ['lastUpdatedTime'],
  ],
};

/**
 * The body for a PUT, from a fresh GET one with the changes made in it. Takes out read-only members, `_links`
 * and DID licences (they appear by themselves and must never be sent: 8x8 guide, users). All else passes
 * through, unknown members included, since what a PUT omits is removed.
 *
 * A ring group's voicemail `accessPin` is write-only: a GET never shows it, so that a PUT built from one lacks
 * it and may reset it. Send it again where it is declared.
 */
export function toPutBody(type: ObjectType, body: JsonObject): JsonObject {
  let result: JsonObject = without(body, ['_links']);
  for (const path of readOnly[type] ?? []) result = without(result, path);
  if (type === 'extension') return withoutStalePrimary(result);
  return type === 'user' ? withConsistentExtensions(withoutDidLicenses(result)) : result;
}

function without(body: JsonObject, path: readonly string[]): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(body, name)) return body;
  if (rest.length === 0) {
    const { [name]: _removed, ...others } = body;
    return others;
  }
  const child = body[name];
  if (isJsonObject(child)) return { ...body, [name]: without(child, rest) };
  if (!isJsonArray(child)) return body;
  return { ...body, [name]: child.map((item) => (isJsonObject(item) ? without(item, rest) : item)) };
}

function withoutDidLicenses(user: JsonObject): JsonObject {
  const { serviceInfo } = user;
  if (!isJsonObject(serviceInfo) || !isJsonArray(serviceInfo.licenses)) return user;
  const licenses = serviceInfo.licenses.filter((license) => !isDidLicense(license));
  return { ...user, serviceInfo: { ...serviceInfo, licenses } };
}

function withConsistentExtensions(user: JsonObject): JsonObject {
  const { serviceInfo } = user;
  if (!isJsonObject(serviceInfo) || !isJsonArray(serviceInfo.extensions)) return user;
  const extensions = serviceInfo.extensions.map((item) =>
    isJsonObject(item) ? withoutStalePrimary(item) : item,
  );
  return { ...user, serviceInfo: { ...serviceInfo, extensions } };
}

/** A primary number must be one of the numbers: the mark on one that is dropped goes with it. */
function withoutStalePrimary(extension: JsonObject): JsonObject {
  const { primaryPhoneNumber: primary, phoneNumbers } = extension;
  if (typeof primary !== 'string') return extension;
  const numbers = isJsonArray(phoneNumbers) ? phoneNumbers : [];
  if (numbers.some((number) => isJsonObject(number) && number.phoneNumber === primary)) return extension;
  return { ...extension, primaryPhoneNumber: null };
}
