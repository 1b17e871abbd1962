import type { PrivilegeSection } from '../objects.ts';
import type { Compilation } from './compilation.ts';
import type { Grant } from './compiled-grant.ts';
import { nearest } from './name-hints.ts';
import type { Sections } from './privilege-sections.ts';

/** A section or privilege that the account manager does not have is refused with the nearest that it has. */
export function checkNames(work: Compilation, grant: Grant, sections: Sections): boolean {
  const tree = work.input.observed.privilegeTree;
  if (!tree) return true;
  const known = new Map<string, PrivilegeSection>(tree.map((section) => [section.name, section]));
  for (const { section, privileges } of sections) {
    const entry = known.get(section);
    if (!entry) {
      work.refuse(
        grant.ref,
        'InvalidField',
        `the account manager has no section "${section}"; ${nearest(section, known.keys()) || `it has ${[...known.keys()].join(', ')}`}`,
        'sections',
      );
      return false;
    }
    const names = entry.privileges.map((privilege) => privilege.name);
    const wrong = privileges.find((privilege) => !names.includes(privilege));
    if (wrong !== undefined) {
      work.refuse(
        grant.ref,
        'InvalidField',
        `section ${section} has no privilege "${wrong}"; ${nearest(wrong, names) || `it has ${names.join(', ')}`}`,
        'sections',
      );
      return false;
    }
  }
  return true;
}

/**
 * What the PhoneSystem's privilegeCap leaves of a grant, however it came into it. The rest counts as not given: a
 * cap that is lowered takes away what was given before. Says what is too much.
 */
export function withinCap(work: Compilation, grant: Grant, sections: Sections): Sections {
  const cap = work.input.policy.privilegeCap;
  if (!cap) return sections;
  const pbxes = cap.pbxes && !cap.pbxes.includes('*') ? cap.pbxes : undefined;
  const allowed = cap.sections && new Map(cap.sections.map(({ name, privileges }) => [name, privileges]));
  const over = { pbxes: new Set<string>(), sections: new Set<string>() };
  const within: Sections[number][] = [];
  for (const { pbx, section, privileges } of sections) {
    if (pbxes && !pbxes.includes(pbx)) {
      over.pbxes.add(`PBX ${pbx}`);
      continue;
    }
    const names = allowed?.get(section) ?? [];
    const kept = privileges.filter(
      (privilege) => !allowed || names.includes(privilege) || names.includes('*'),
    );
    for (const privilege of privileges) {
      if (!kept.includes(privilege)) over.sections.add(`${section}/${privilege}`);
    }
    if (kept.length > 0) within.push({ pbx, section, privileges: kept });
  }
  for (const field of ['pbxes', 'sections'] as const) {
    if (over[field].size > 0) work.omit(grant.ref, field, 'PrivilegeCapExceeded', tooMuch(over[field]));
  }
  return within;
}

function tooMuch(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 10).join(', ');
  const more = names.size > 10 ? ` and ${names.size - 10} more` : '';
  return `${shown}${more} ${names.size > 1 ? 'are' : 'is'} outside the PhoneSystem's privilegeCap`;
}
