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

/** What is outside the PhoneSystem's privilegeCap is refused, however it came into the grant. */
export function checkCap(work: Compilation, grant: Grant, sections: Sections): boolean {
  const cap = work.input.policy.privilegeCap;
  if (!cap) return true;
  const allowed = cap.sections && new Map(cap.sections.map(({ name, privileges }) => [name, privileges]));
  for (const { pbx, section, privileges } of sections) {
    if (cap.pbxes && !cap.pbxes.includes('*') && !cap.pbxes.includes(pbx)) {
      work.refuse(
        grant.ref,
        'PrivilegeCapExceeded',
        `PBX ${pbx} is outside the PhoneSystem's privilegeCap`,
        'pbxes',
      );
      return false;
    }
    const over =
      allowed &&
      privileges.find(
        (privilege) => !(allowed.get(section) ?? []).some((name) => name === privilege || name === '*'),
      );
    if (over !== undefined) {
      work.refuse(
        grant.ref,
        'PrivilegeCapExceeded',
        `${section}/${over} is outside the PhoneSystem's privilegeCap`,
        'sections',
      );
      return false;
    }
  }
  return true;
}
