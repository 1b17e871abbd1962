import { isJsonArray, isJsonObject, type Json } from '../../foundation/json.ts';
import type { ObjectType, ObservedAccount } from '../objects.ts';
import { objectTypes } from '../objects.ts';
import { extensionFields, extensionSettingsFields } from './extension.ts';
import { type NotManaged, notManaged } from './not-managed.ts';
import { portingOrderFields } from './porting-order.ts';
import { administratorWire } from './privilege-grant.ts';
import type { FieldMapping } from './reading.ts';
import { profileFields, profileSettingsFields } from './user-profile.ts';

/** A place on the wire that nobody has decided about: neither exported nor known as not manageable. */
export interface UnknownPath {
  readonly type: ObjectType;
  readonly path: string;
  /** Objects that have it. */
  readonly objects: number;
}

interface Node {
  readonly members: Map<string, Node>;
  /** Whatever lies below is decided, too. */
  whole: boolean;
}

const wireOf = (fields: readonly FieldMapping[]) => fields.flatMap(({ wire }) => wire);

/** Wire paths that import exports, by object type; lists as `[]`. */
export const exportedPaths: Readonly<Partial<Record<ObjectType, readonly string[]>>> = {
  user: wireOf(profileFields),
  extension: [...wireOf(extensionFields), 'site.id'],
  extensionSettings: wireOf(extensionSettingsFields),
  profileSettings: wireOf(profileSettingsFields),
  administrator: administratorWire,
  portingOrder: wireOf(portingOrderFields),
};

const inUser = 'serviceInfo.extensions[]';

/**
 * Finds members that are neither exported nor on the list of what is not managed. An API that grows in place must
 * not lose anybody's settings without a word.
 *
 * @param allowed `type path` of members that a person has decided to leave, such as `user basicInfo.pronouns`
 */
export function unknownPaths(account: ObservedAccount, allowed: readonly string[] = []): UnknownPath[] {
  const left = allowed.flatMap((entry): NotManaged[] => {
    const [name, path = ''] = entry.split(' ');
    const type = objectTypes.find((one) => one === name);
    return type ? [{ type, path, reason: 'left by request' }] : [];
  });
  const decided = decidedTrees([...notManaged, ...left]);
  const found = new Map<string, { type: ObjectType; path: string; objects: number }>();
  for (const type of objectTypes) {
    const collection = account.collections[type];
    const tree = decided.get(type);
    if (collection.state !== 'read' || !tree || tree.whole) continue;
    for (const { body } of collection.objects.values()) {
      const paths = new Set<string>();
      collect(body, tree, '', paths);
      for (const path of paths) {
        const known = found.get(`${type} ${path}`);
        if (known) known.objects++;
        else found.set(`${type} ${path}`, { type, path, objects: 1 });
      }
    }
  }
  return [...found.values()];
}

function decidedTrees(left: readonly NotManaged[]): ReadonlyMap<ObjectType, Node> {
  const trees = new Map<ObjectType, Node>();
  const root = (type: ObjectType) => {
    const tree = trees.get(type) ?? { members: new Map(), whole: false };
    trees.set(type, tree);
    return tree;
  };
  for (const type of objectTypes) {
    for (const path of exportedPaths[type] ?? []) add(root(type), path, false);
  }
  for (const { path, type } of left) add(root(type), path, true);
  // Inside a user the same extension stands, without what says whose it is and where.
  const holder = add(root('user'), inUser, false);
  for (const [name, node] of root('extension').members) holder.members.set(name, node);
  return trees;
}

function add(tree: Node, path: string, whole: boolean): Node {
  let node = tree;
  for (const step of path.replaceAll('[]', '.[]').split('.')) {
    if (step === '') continue;
    const next = node.members.get(step) ?? { members: new Map(), whole: false };
    node.members.set(step, next);
    node = next;
  }
  if (whole) node.whole = true;
  return node;
}

/** What is null or empty where an object or a list is known stands for nothing of it. */
function collect(value: Json, node: Node, path: string, found: Set<string>): void {
  if (node.whole) return;
  if (isJsonArray(value)) {
    const items = node.members.get('[]');
    if (items) for (const item of value) collect(item, items, `${path}[]`, found);
    else found.add(path);
    return;
  }
  if (isJsonObject(value)) {
    if (path !== '' && node.members.size === 0) {
      found.add(path);
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      const next = node.members.get(name);
      const at = path === '' ? name : `${path}.${name}`;
      if (next) collect(member, next, at, found);
      else found.add(at);
    }
    return;
  }
  if (value !== null && node.members.size > 0) found.add(path);
}
