import type { JsonObject } from '../../foundation/json.ts';
import type { GrantedSection } from '../desired.ts';
import { listOf } from './account-index.ts';

/** A section on a PBX; "*" is every one. */
export interface Place {
  readonly pbx: string;
  readonly section: string;
}

/** What a grant hands out: for each place, the privileges. */
export type Sections = readonly GrantedSection[];

/** The field of the grant, as memory and reports name it. */
export function placeField({ section, pbx }: Place): string {
  return `sections[${section}@${pbx}]`;
}

/** Equal for places that the phone system takes for one: it compares names without regard to case. */
export function placeKey(place: Place): string {
  return placeField(place).toLowerCase();
}

/** Undefined when the body does not show them all: an empty copy would be taken for a complete one. */
export function scopesOf(administrator: JsonObject): Sections | undefined {
  const sections: { pbx: string; section: string; privileges: readonly string[] }[] = [];
  if (!Array.isArray(administrator.scopes)) return undefined;
  for (const scope of listOf(administrator.scopes)) {
    if (!Array.isArray(scope.sections)) return undefined;
    for (const section of listOf(scope.sections)) {
      if (!Array.isArray(section.privileges)) return undefined;
      sections.push({
        pbx: String(scope.pbxName),
        section: String(section.name),
        privileges: section.privileges.map(String),
      });
    }
  }
  return sections;
}

/** What a copy gives on its own PBXes: what the source gives on any. */
export function overPbxes(sections: Sections, pbxes: readonly string[]): Sections {
  const union = new Map<string, Set<string>>();
  for (const { section, privileges } of sections) {
    union.set(section, new Set([...(union.get(section) ?? []), ...privileges]));
  }
  return pbxes.flatMap((pbx) =>
    [...union].map(([section, privileges]) => ({ pbx, section, privileges: [...privileges] })),
  );
}
