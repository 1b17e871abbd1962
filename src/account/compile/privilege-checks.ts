import { nearestName } from '../../foundation/nearest-name.ts';
import type { PrivilegeSection } from '../objects.ts';
import type { Compilation } from './compilation.ts';
import type { Grant } from './compiled-grant.ts';
import { placeKey, type Sections } from './privilege-sections.ts';

/** What is left of a grant's sections once those are out that the account manager does not have. */
export interface KnownNames {
  readonly sections: Sections;
  /** Keys of places that a wrong name most likely means: they stay as they are until it is spelled right. */
  readonly doubtful: ReadonlySet<string>;
}

/** A section or privilege that the account manager does not have is not given; says which one may have been meant. */
export function knownNames(work: Compilation, grant: Grant, sections: Sections): KnownNames {
  const tree = work.input.observed.privilegeTree;
  if (!tree) return { sections, doubtful: new Set() };
  const known = new Map<string, PrivilegeSection>(tree.map((section) => [section.name, section]));
  const doubtful = new Set<string>();
  const kept = sections.filter(({ pbx, section, privileges }) => {
    const entry = known.get(section);
    if (!entry) {
      const meant = nearestName(section, known.keys());
      const message = `the account manager has no section "${section}"; ${choice(meant, known.keys())}`;
      work.omit(grant.ref, 'sections', 'InvalidField', message);
      doubtful.add(placeKey({ pbx, section: meant ?? section }));
      return false;
    }
    const names = entry.privileges.map((privilege) => privilege.name);
    const wrong = privileges.find((privilege) => !names.includes(privilege));
    if (wrong === undefined) return true;
    const message = `section ${section} has no privilege "${wrong}"; ${choice(nearestName(wrong, names), names)}`;
    work.omit(grant.ref, 'sections', 'InvalidField', message);
    doubtful.add(placeKey({ pbx, section }));
    return false;
  });
  return { sections: kept, doubtful };
}

function choice(meant: string | undefined, names: Iterable<string>): string {
  return meant === undefined ? `it has ${[...names].join(', ')}` : `did you mean "${meant}"?`;
}

/**
 * What the PhoneSystem's privilegeCap leaves of a grant, however it came into it. The rest counts as not given: a
 * cap that is lowered takes away what was given before. Says what is too much.
 */
export function withinCap(work: Compilation, grant: Grant, sections: Sections): Sections {
  const { within, pbxes, privileges } = capped(work, sections);
  if (pbxes.size > 0) work.omit(grant.ref, 'pbxes', 'PrivilegeCapExceeded', tooMuch(pbxes));
  if (privileges.size > 0) work.omit(grant.ref, 'sections', 'PrivilegeCapExceeded', tooMuch(privileges));
  return within;
}

/** What the cap allows, and what it does not: PBXes, and privileges as `section/privilege`. */
export function capped(
  work: Compilation,
  sections: Sections,
): {
  readonly within: Sections;
  readonly pbxes: ReadonlySet<string>;
  readonly privileges: ReadonlySet<string>;
} {
  const over = { pbxes: new Set<string>(), privileges: new Set<string>() };
  const cap = work.input.policy.privilegeCap;
  if (!cap) return { within: sections, ...over };
  const pbxes = cap.pbxes && !cap.pbxes.includes('*') ? cap.pbxes : undefined;
  const allowed = cap.sections && new Map(cap.sections.map(({ name, privileges }) => [name, privileges]));
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
      if (!kept.includes(privilege)) over.privileges.add(`${section}/${privilege}`);
    }
    if (kept.length > 0) within.push({ pbx, section, privileges: kept });
  }
  return { within, ...over };
}

function tooMuch(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 10).join(', ');
  const more = names.size > 10 ? ` and ${names.size - 10} more` : '';
  return `${shown}${more} ${names.size > 1 ? 'are' : 'is'} outside the PhoneSystem's privilegeCap`;
}
