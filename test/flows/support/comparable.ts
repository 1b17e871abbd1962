import { notManaged } from '../../../src/account/decompile/not-managed.ts';
import { listIn } from '../../../src/account/decompile/references.ts';
import type { ObjectType } from '../../../src/account/objects.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import { idOf } from '../../../src/phonesystem/collections.ts';
import type { Flow } from './account.ts';

const compared: readonly ObjectType[] = [
  'user',
  'extension',
  'extensionSettings',
  'profileSettings',
  'administrator',
];
const named: readonly ObjectType[] = ['site', 'license', 'userGroup', 'profilePolicy'];

/**
 * An account so that another one can be equal to it: people by user name, everything that an id stands for by its
 * natural key, and without what the committed list says is not managed.
 */
export async function comparableAccount(flow: Flow): Promise<Record<string, readonly Json[]>> {
  const keys = new Map<string, string>();
  for (const type of named) {
    for (const body of await flow.objects(type)) keys.set(String(idOf(type, body)), `${type} ${body.name}`);
  }
  for (const address of await flow.objects('address'))
    keys.set(String(address.id), `address ${address.displayForm}`);
  const users = await flow.objects('user');
  for (const user of users) {
    const userName = isJsonObject(user.basicInfo) ? user.basicInfo.userName : '';
    keys.set(String(idOf('user', user)), `user ${userName}`);
    for (const extension of listIn(user, 'serviceInfo', 'extensions')) {
      keys.set(String(extension.id), `extension ${userName} ${extension.extensionNumber}`);
    }
  }
  for (const { extensionNumber, id, site } of await flow.objects('extension')) {
    const name = isJsonObject(site) ? site.name : '';
    keys.set(String(id), `extension ${name} ${extensionNumber}`);
  }
  const account: Record<string, readonly Json[]> = {};
  for (const type of compared) {
    const rows = await flow.objects(type);
    account[type] = rows
      .map((body) => spoken(managed(type, body), keys))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return account;
}

function managed(type: ObjectType, body: JsonObject): JsonObject {
  const paths = notManaged.flatMap((entry) => {
    if (entry.type === type) return [entry.path];
    return type === 'user' && entry.type === 'extension' ? [`serviceInfo.extensions[].${entry.path}`] : [];
  });
  const left = paths.reduce<Json>((value, path) => without(value, steps(path)), body);
  return isJsonObject(left) ? left : {};
}

function steps(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

function without(value: Json, path: readonly string[]): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step === '[]') return isJsonArray(value) ? value.map((item) => without(item, rest)) : value;
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: member, ...others } = value;
  if (rest.length === 0 || member === undefined) return others;
  return { ...others, [step]: without(member, rest) };
}

/** Ids as what they stand for; lists of objects in an order of their own. */
function spoken(value: Json, keys: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return keys.get(value) ?? value;
  if (isJsonArray(value)) {
    const items = value.map((item) => spoken(item, keys));
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, spoken(member, keys)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
