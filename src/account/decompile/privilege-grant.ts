import type { Json, JsonObject } from '../../foundation/json.ts';
import { stableText } from '../digest.ts';
import type { PrivilegeSection } from '../objects.ts';
import { listIn, textIn } from './references.ts';

/** PBXes on which one person has the same privileges: what one grant says. */
export interface GrantPart {
  readonly pbxes: readonly string[];
  readonly sections: readonly { readonly name: string; readonly privileges: readonly string[] }[];
}

/** Wire paths of `/administrators` that PrivilegeGrants stand for. */
export const administratorWire: readonly string[] = [
  'scopes[].pbxName',
  'scopes[].sections[].name',
  'scopes[].sections[].privileges[]',
];

/**
 * The grants that say what an administrator may do.
 * @param tree what the account manager has: another section or privilege can't be granted
 * @returns `lacking`: what no grant can say, with why
 */
export function grantParts(
  administrator: JsonObject,
  tree: readonly PrivilegeSection[] | undefined,
): { readonly parts: readonly GrantPart[]; readonly lacking: readonly string[] } {
  const lacking: string[] = [];
  const byPbx = new Map<string, Map<string, readonly string[]>>();
  const seen = new Set<string>();
  for (const scope of listIn(administrator, 'scopes')) {
    const pbx = textIn(scope, 'pbxName');
    if (pbx === undefined) {
      lacking.push('privileges on a PBX without name');
      continue;
    }
    for (const section of listIn(scope, 'sections')) {
      const name = textIn(section, 'name') ?? '';
      const privileges = textsOf(section.privileges);
      if (privileges.length === 0) continue;
      const place = `${name}@${pbx}`;
      if (seen.has(place.toLowerCase())) lacking.push(`${place}, which is there twice`);
      else if (!isKnown(tree, name, privileges))
        lacking.push(`${place}, which the privilege tree does not have`);
      else byPbx.set(pbx, (byPbx.get(pbx) ?? new Map()).set(name, privileges));
      seen.add(place.toLowerCase());
    }
  }
  return { parts: grouped(byPbx), lacking };
}

function textsOf(list: Json | undefined): readonly string[] {
  return Array.isArray(list) ? [...new Set(list.filter((item) => typeof item === 'string'))].sort() : [];
}

function isKnown(
  tree: readonly PrivilegeSection[] | undefined,
  name: string,
  privileges: readonly string[],
): boolean {
  if (!tree) return true;
  const section = tree.find((one) => one.name === name);
  const known = new Set(section?.privileges.map((privilege) => privilege.name));
  return section !== undefined && privileges.every((privilege) => known.has(privilege));
}

/** PBXes with the same sections together, in the order of their names. */
function grouped(byPbx: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>): GrantPart[] {
  const parts = new Map<string, { pbxes: string[]; sections: GrantPart['sections'] }>();
  for (const [pbx, places] of [...byPbx].sort(byName)) {
    const sections = [...places].sort(byName).map(([name, privileges]) => ({ name, privileges }));
    const key = stableText(sections.map(({ name, privileges }) => [name, privileges]));
    const part = parts.get(key);
    if (part) part.pbxes.push(pbx);
    else parts.set(key, { pbxes: [pbx], sections });
  }
  return [...parts.values()];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
